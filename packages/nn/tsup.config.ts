import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  treeshake: true,
  sourcemap: true,
  // maps point to src, which is published too: once, and not in each map
  esbuildOptions: (options) => {
    options.sourcesContent = false
  },
  clean: true,
  // tsup sets baseUrl, which TypeScript 6 reports as deprecated
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
})
