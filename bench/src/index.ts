import { random } from '@adjoint/autograd'
import { measure, sunk } from './measure.js'
import { workloads } from './workloads.js'

// Prints, for each workload, the time of one run (or of one op of it) and the ratio to the first contender.
// `pnpm bench matmul` runs those with `matmul` in their name.

const wanted = process.argv[2] ?? ''
random.seed(0)
for (const [title, contenders] of Object.entries(workloads)) {
  if (!title.includes(wanted)) continue
  console.log(`\n${title}`)
  const candidates = contenders()
  const perOp = new Map(candidates.map(({ name, per = 1 }) => [name, per]))
  const results = measure(candidates).map(({ name, seconds }) => ({ name, seconds: seconds / perOp.get(name)! }))
  const base = results[0]!.seconds
  for (const { name, seconds } of results) {
    const time = seconds >= 1e-3 ? `${(seconds * 1e3).toFixed(2)} ms` : `${(seconds * 1e6).toFixed(2)} us`
    console.log(`  ${name.padEnd(28)}${time.padStart(12)}${`${(base / seconds).toFixed(2)}x`.padStart(10)}`)
  }
}
console.log(`\n(results summed to ${sunk().toPrecision(3)}, so that none is optimised away)`)
