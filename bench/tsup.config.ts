import { defineConfig } from 'tsup'

// Timed code must not run through tsx, which wraps every named function.
export default defineConfig({
  entry: ['src/index.ts', 'src/worker.ts'],
  format: 'esm',
  target: 'node20',
  // it looks for its own dependencies at run time
  external: ['benchmark'],
  noExternal: [/^@adjoint\//],
  splitting: false,
  clean: true,
  silent: true,
  esbuildOptions: (options) => {
    options.conditions = ['source']
  },
})
