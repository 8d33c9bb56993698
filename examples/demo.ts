/**
 * What `npx -y pnpm@10 demo` runs: a tour of adjoint in under a minute. It leaves a page to look at, report.html, in the
 * root of the repository, and fails if the network for digits does not reach its goal.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { goal, run as runDigits } from './digits/index.js'
import { report } from './report/report.js'
import { progressBar } from './support/progress.js'
import { runAsScript } from './support/script.js'
import { run as runWorkedExample } from './worked-example/index.js'
import { run as runXor } from './xor/index.js'

const heading = (title: string) => console.log(`\n${title}\n${'='.repeat(title.length)}\n`)

const demo = async () => {
  const start = performance.now()
  heading('1. Backpropagation by hand')
  const worked = runWorkedExample()
  heading('2. Learning XOR')
  const xor = runXor()
  heading('3. Reading handwritten digits')
  const digits = await runDigits({ progress: progressBar() })

  const file = join(import.meta.dirname, '..', 'report.html')
  writeFileSync(file, report({ worked, xor, digits }))
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  console.log(`\nThe demo took ${seconds} s. Its pictures are in ${file}: open it in a browser.`)
  if (digits.accuracy < goal || digits.check.verdict !== 'pass') {
    console.error(`It failed: at least ${100 * goal} % of the digits and a passed gradient check are the goal.`)
    process.exitCode = 1
  }
}

await runAsScript(import.meta.url, demo)
