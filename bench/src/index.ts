import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { contendersFor, missingPackages } from './contenders.js'
import { machine } from './machine.js'
import { picture } from './report/picture.js'
import { markdown, terminalHeader, terminalLines } from './report/table.js'
import { type Pace, type Row, runWorkload } from './turns.js'
import { workloads } from './workloads/index.js'

// Runs the workloads in adjoint and in the peers that are installed: see ../README.md.

const words = process.argv.slice(2)
const quick = words.includes('--quick')
const wanted = words.filter((word) => !word.startsWith('-'))
const pace: Pace = quick
  ? { runs: 10, warmUp: 0.2, turns: 2, seconds: 0.12 }
  : { runs: 10, warmUp: 0.4, turns: 5, seconds: 0.3 }

const facts = machine()
for (const fact of facts) console.log(fact)
const missing = missingPackages()
if (missing.length > 0) {
  console.log(`not installed, left out: ${missing.join(', ')} (npm install --prefix bench/peers)`)
}
console.log(`\n${terminalHeader()}`)

const rows: Row[] = []
for (const workload of workloads) {
  const matches = (index: number): boolean => {
    const { name, long = false } = workload.cases[index]!
    const names = [workload.name, ...name.split(' ')]
    return wanted.every((word) => names.includes(word)) && !(quick && long)
  }
  if (!workload.cases.some((_, index) => matches(index))) continue
  for await (const row of runWorkload(workload, contendersFor(workload, quick), matches, pace)) {
    console.log(terminalLines(row))
    rows.push(row)
  }
}

if (rows.length === 0) {
  console.error(`no workload is called '${wanted.join(' ')}': ${workloads.map(({ name }) => name).join(', ')}`)
  process.exitCode = 1
} else {
  const results = fileURLToPath(new URL('../results/', import.meta.url))
  mkdirSync(results, { recursive: true })
  writeFileSync(`${results}table.md`, markdown(rows, facts))
  writeFileSync(`${results}ratios.svg`, picture(rows, facts))
  console.log(`\nwritten to ${results}table.md and ratios.svg`)
}
if (rows.some(({ troubles }) => troubles.some(({ fatal }) => fatal))) process.exitCode = 1
