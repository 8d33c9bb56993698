import Benchmark from 'benchmark'

/** Results are summed here and printed, or V8 would drop computations that nobody looks at. */
let sink = 0
export const sunk = (): number => sink

export interface Contender {
  readonly name: string
  /** One run; it returns a number that depends on what was computed. */
  readonly run: () => number
  /** How many ops a run has, if its time is to be given per op. */
  readonly per?: number
}

export interface Result {
  readonly name: string
  /** The median of the sampled times of one run. */
  readonly seconds: number
}

/** Times the contenders in alternating turns, so that other work on the machine meets all of them alike. */
export const measure = (contenders: readonly Contender[], turns = 3): Result[] => {
  const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]))
  for (let turn = 0; turn < turns; turn++) {
    for (const { name, run } of contenders) {
      const bench = new Benchmark(
        name,
        () => {
          sink += run()
        },
        { maxTime: 0.5 },
      )
      bench.run()
      if (bench.error !== undefined) throw bench.error
      samples.get(name)!.push(...bench.stats.sample)
    }
  }
  return [...samples].map(([name, times]) => ({ name, seconds: median(times) }))
}

const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[numbers.length >> 1]!
