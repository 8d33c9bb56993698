import Benchmark from 'benchmark'
import type { Run } from './workloads/workload.js'

// Results are summed here and handed out, or V8 would drop computations that nobody looks at.
let sink = 0
const sunk = (run: Run): void => {
  for (const figure of run()) sink += figure
}

/** What was measured in a while. */
export interface Timing {
  /** Seconds for one run: of single runs, or means over many where one is too short to time. */
  readonly samples: readonly number[]
  readonly sum: number
}

/** Seconds since some moment. */
export type Clock = () => number
export const wallClock: Clock = () => performance.now() / 1e3
/** Of all threads. */
export const processorClock: Clock = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

const shortest = 1e-3

/** Runs for about so many seconds, at least once; a run of less than a millisecond is left to benchmark.js. */
export const time = (run: Run, seconds: number, clock: Clock): Timing => {
  const start = clock()
  sunk(run)
  const first = clock() - start
  const samples = first < shortest ? timeMany(run, seconds) : timeEach(run, seconds, first, clock)
  return { samples, sum: sink }
}

const timeMany = (run: Run, seconds: number): number[] => {
  const bench = new Benchmark(() => sunk(run), { maxTime: seconds, minTime: seconds / 8, minSamples: 5 })
  bench.run()
  if (bench.error !== undefined) throw bench.error
  return bench.stats.sample
}

const timeEach = (run: Run, seconds: number, first: number, clock: Clock): number[] => {
  const samples = [first]
  for (let total = first; total < seconds; total += samples.at(-1)!) {
    const start = clock()
    sunk(run)
    samples.push(clock() - start)
  }
  return samples
}
