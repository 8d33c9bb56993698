import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  // tests run the unbuilt sources: see the `source` condition in packages/*/package.json
  ssr: { resolve: { conditions: ['source', 'node'] } },
  test: {
    // on two cores vitest would leave one idle
    maxWorkers: '100%',
    // a hang, and not a busy machine
    testTimeout: 300_000,
    hookTimeout: 300_000,
    include: ['{test,examples/test,packages/*/test}/**/*.test.ts'],
    exclude: [...configDefaults.exclude, '**/*.browser.test.ts'],
    reporters: ['default', 'json'],
    outputFile: { json: 'node_modules/.cache/vitest-report.json' },
  },
})
