// Writes docs/conformance.md: what each op of the table is held to, tried here and now. With --check it compares instead, and
// fails if what is written is not what was found, or if anything is not as it should be. `index.ts softmax sort` tries some ops.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { table } from '../../packages/autograd/src/ops/index.js'
import { atEdges, type Count, derivatives, dtypes, ways } from './checks.js'
import { pageOf, type Row } from './page.js'

const page = fileURLToPath(new URL('../../docs/conformance.md', import.meta.url))
const args = process.argv.slice(2)
const isCheck = args.includes('--check')
const names = args.filter((arg) => !arg.startsWith('--'))
const ops = table.filter(({ opName }) => names.length === 0 || names.includes(opName))

const rows: Row[] = []
const faults: string[] = []
for (const [i, op] of ops.entries()) {
  if (process.stdout.isTTY) process.stdout.write(`\r${i + 1} of ${ops.length}: ${op.opName.padEnd(30)}`)
  const counts: Record<string, Count> = { ...derivatives(op) }
  for (const [name, check] of Object.entries({ ...dtypes, ...ways })) counts[name] = check(op)
  for (const order of [0, 1, 2] as const) counts[`edges ${order}`] = atEdges(op, order)
  rows.push({ op: op.opName, samples: op.samples.length, errors: op.errors.length, counts })
  for (const [name, { passed, of, refused, fault }] of Object.entries(counts)) {
    if (passed + refused < of) faults.push(`${op.opName}, ${name}: ${of - passed - refused} of ${of}; ${fault}`)
  }
}
const text = pageOf(rows)
if (names.length > 0) console.log(text)
else if (!isCheck) writeFileSync(page, text)
else if (readFileSync(page, 'utf8') !== text)
  faults.push('docs/conformance.md is not what was found: run `pnpm conformance`')
console.log(`\n${rows.length} ops`)
for (const fault of faults) console.log(`FAULT ${fault}`)
if (faults.length > 0) process.exitCode = 1
