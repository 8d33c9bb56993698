import type { Result, Row } from './turns.js'

/** How one contender did, in the units of the workload. */
export interface Line {
  readonly contender: string
  /** Seconds for one unit. */
  readonly best: number
  readonly median: number
  /** How many times as fast as the fastest peer, by best and by median times; null where there is no peer. */
  readonly ratio: { readonly best: number; readonly median: number } | null
  readonly gigaflops: number | null
}

/** The results of a case, each related to the peer with the least time. */
export const linesOf = ({ workload, flops, results }: Row): Line[] => {
  const peers = results.filter(({ contender }) => !contender.startsWith('adjoint'))
  const least = (of: (result: Result) => number) => Math.min(...peers.map(of))
  const per = workload.per ?? 1
  return results.map(({ contender, best, median }) => ({
    contender,
    best: best / per,
    median: median / per,
    ratio:
      peers.length === 0
        ? null
        : { best: least((peer) => peer.best) / best, median: least((peer) => peer.median) / median },
    gigaflops: flops === undefined ? null : flops / best / 1e9,
  }))
}

/** What a case is called in tables. */
export const titleOf = ({ workload, name }: Row): string => (name === '' ? workload.name : `${workload.name} ${name}`)
