// Prints vitest's JSON report as one line, 'N passed, N failed', and fails when a test failed or none ran.
import { readFileSync } from 'node:fs'

let passed = 0
let failed = 0
try {
  const report = JSON.parse(readFileSync('node_modules/.cache/vitest-report.json', 'utf8'))
  // a file that does not load has no tests, but it failed
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  passed = report.numPassedTests
  failed = report.numFailedTests + broken.length
} catch (error) {
  console.error(`no test report: ${error.message}`)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = passed > 0 && failed === 0 ? 0 : 1
