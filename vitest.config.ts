import { configDefaults, defineConfig } from 'vitest/config'

const tests = ['{test,examples/test,packages/*/test}/**/*.test.ts']
// what replaces modules, or measures the heap
const alone = ['**/{copies,release,docs}.test.ts', '**/*.node.test.ts']

export default defineConfig({
  // tests run the unbuilt sources: see the `source` condition in packages/*/package.json
  ssr: { resolve: { conditions: ['source', 'node'] } },
  test: {
    // on two cores vitest would leave one idle
    maxWorkers: '100%',
    // a hang, and not a busy machine
    testTimeout: 300_000,
    hookTimeout: 300_000,
    setupFiles: 'vitest.setup.ts',
    exclude: [...configDefaults.exclude, '**/*.browser.test.ts'],
    reporters: ['default', 'json'],
    outputFile: { json: 'node_modules/.cache/vitest-report.json' },
    projects: [
      // the library is loaded once for all of a worker's files: by itself, each would spend seconds on that
      { extends: true, test: { name: 'together', isolate: false, include: tests, exclude: alone } },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
})
