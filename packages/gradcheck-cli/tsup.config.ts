import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/main.ts'],
  format: ['esm'],
  treeshake: true,
  sourcemap: true,
  // maps point to src, which is published too: once, and not in each map
  esbuildOptions: (options) => {
    options.sourcesContent = false
  },
  clean: true,
})
