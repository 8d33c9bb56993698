import { defineConfig } from 'tsup'
import { plugin } from './without-checks.js'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/gradcheck/index.ts',
    'src/gradcheck/fast-check.ts',
    'src/gradcheck/vitest.ts',
    'src/inspect/index.ts',
    'src/scalar/index.ts',
  ],
  format: ['esm', 'cjs'],
  // the subpaths share one copy of the Tensor class, in CommonJS too
  splitting: true,
  esbuildPlugins: [plugin],
  treeshake: true,
  sourcemap: true,
  // maps point to src, which is published too: once, and not in each map
  esbuildOptions: (options) => {
    options.sourcesContent = false
  },
  clean: true,
  // tsup sets baseUrl, which TypeScript 6 reports as deprecated
  dts: { compilerOptions: { ignoreDeprecations: '6.0', stripInternal: true } },
})
