// Runs gradcheck on the planted faults and the awkward functions of packages/autograd/test/gradcheck/mutants, and prints by
// group what it found. `--seeds 5` tries awkward functions so often, `--only signs,models` some groups, `--write FILE` writes
// the tables as a page, beside what PyTorch finds (`page.ts`), `--json FILE` each outcome (by the names that scripts/oracle/gradcheck-torch.py has), `--misses` prints what was not as it should be, `--reports` with all that was said.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { awkwards } from '../../packages/autograd/test/gradcheck/mutants/awkward/index.js'
import { faults } from '../../packages/autograd/test/gradcheck/mutants/faults/index.js'
import { runAwkward, runFault } from '../../packages/autograd/test/gradcheck/mutants/run.js'
import { pageOf } from './page.js'
import { awkwardTable, faultTable, missesOf } from './tables.js'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    only: { type: 'string' },
    write: { type: 'string' },
    json: { type: 'string' },
    misses: { type: 'boolean', default: false },
    reports: { type: 'boolean', default: false },
  },
})
const seeds = Number(values.seeds)
if (!Number.isInteger(seeds) || seeds < 1) throw new RangeError(`--seeds ${values.seeds}: give a number from 1 on`)
const groups = values.only?.split(',')
const known = [...Object.keys(faults), ...Object.keys(awkwards)]
const unknown = groups?.filter((name) => !known.includes(name)) ?? []
if (unknown.length > 0) throw new RangeError(`--only ${unknown}: there are ${known.join(', ')}`)
if (groups !== undefined && values.write !== undefined) {
  throw new RangeError(
    '--write with --only would make a page of some groups with the sums of all; leave one of them out',
  )
}
const chosen = <T>(all: Readonly<Record<string, readonly T[]>>): [string, readonly T[]][] =>
  Object.entries(all).filter(([name]) => groups === undefined || groups.includes(name))

const progress = (name: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${name.padEnd(30)}`)
}
const ofFaults = chosen(faults).map(([group, list]) => {
  progress(group)
  return { group, outcomes: list.map((fault) => runFault(fault)) }
})
const ofAwkward = chosen(awkwards).map(([group, list]) => {
  progress(group)
  const outcomes = list.flatMap((each) => Array.from({ length: seeds }, (_, seed) => runAwkward(each, seed)))
  return { group, outcomes }
})
progress('')
const text = [
  ...(ofFaults.length > 0 ? [faultTable(ofFaults)] : []),
  ...(ofAwkward.length > 0 ? [awkwardTable(ofAwkward, seeds)] : []),
].join('\n\n')
console.log(`\n${text}`)
if (values.misses || values.reports) console.log(missesOf(ofFaults, ofAwkward, values.reports))
if (values.write !== undefined) writeFileSync(values.write, pageOf(ofFaults, ofAwkward, seeds))
if (values.json !== undefined) {
  const all = {
    faults: ofFaults.flatMap(({ group, outcomes }) =>
      outcomes.map(({ fault: { name }, found, location, cause, op, seconds }) => ({
        ...{ group, name, found, location, cause, op, seconds },
      })),
    ),
    right: ofAwkward.flatMap(({ group, outcomes }) =>
      outcomes.map(({ awkward: { name }, seed, verdict, found, seconds }) => ({
        group,
        name,
        seed,
        verdict,
        found,
        seconds,
      })),
    ),
  }
  writeFileSync(values.json, `${JSON.stringify(all, null, 1)}\n`)
}
