import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/node/index.ts'],
  format: ['esm', 'cjs'],
  // the subpaths share one copy of each class, in CommonJS too
  splitting: true,
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
