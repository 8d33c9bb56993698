// Prints which tests failed, from vitest's JSON report, then one line, 'N passed, N failed'; fails when a test failed or none
// ran.
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'

// the whole of it stands where the test ran: the end of a log has to say which it was
function tell(file, test, message) {
  console.log(`failed: ${relative('', file)}: ${test}\n${message.split('\n').slice(0, 12).join('\n')}\n`)
}

let passed = 0
let failed = 0
try {
  const report = JSON.parse(readFileSync('node_modules/.cache/vitest-report.json', 'utf8'))
  // a file that does not load has no tests, but it failed
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  passed = report.numPassedTests
  failed = report.numFailedTests + broken.length
  for (const file of broken) tell(file.name, 'does not load', file.message)
  for (const file of report.testResults)
    for (const test of file.assertionResults)
      if (test.status === 'failed') tell(file.name, test.fullName, test.failureMessages.join('\n'))
} catch (error) {
  console.error(`no test report: ${error.message}`)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = passed > 0 && failed === 0 ? 0 : 1
