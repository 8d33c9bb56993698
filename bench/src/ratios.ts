import type { Contender } from './contenders.js'
import type { Result, Row } from './turns.js'

/** By best and by median times. */
interface Ratio {
  readonly best: number
  readonly median: number
}

/** How one contender did, in the units of the workload. */
export interface Line {
  readonly contender: Contender
  /** Seconds for one unit. */
  readonly best: number
  readonly median: number
  /** How many times as fast as the fastest peer in JavaScript; null where there is none. */
  readonly ratio: Ratio | null
  /** How many times as fast as torch; null where torch does not take part. */
  readonly toTorch: Ratio | null
  /** How many times as fast as the same by hand; null where it is not written by hand. */
  readonly toHand: Ratio | null
  readonly gigaflops: number | null
  /** Bytes for intermediate results. */
  readonly memory: number | null
}

/** The results of a case, each related to the peer in JavaScript with the least time, to torch, and to what is written by hand. */
export const linesOf = ({ workload, flops, results }: Row): Line[] => {
  const javaScript = results.filter(({ contender }) => contender.peer?.language === 'JavaScript')
  const torch = results.filter(({ contender }) => contender.name === 'torch')
  const per = workload.per ?? 1
  return results.map((result) => ({
    contender: result.contender,
    best: result.best / per,
    median: result.median / per,
    ratio: ratioTo(javaScript, result),
    toTorch: ratioTo(torch, result),
    toHand: ratioTo(byHandLike(results, result.contender), result),
    memory: result.memory,
    gigaflops: flops === undefined ? null : flops / result.best / 1e9,
  }))
}

/** What ran by hand as adjoint did, eagerly or compiled. */
const byHandLike = (results: readonly Result[], { peer, byHand, variant }: Contender): readonly Result[] =>
  peer !== undefined || byHand
    ? []
    : results.filter(({ contender }) => contender.byHand && contender.variant === variant)

const ratioTo = (others: readonly Result[], { best, median }: Result): Ratio | null =>
  others.length === 0
    ? null
    : {
        best: Math.min(...others.map((other) => other.best)) / best,
        median: Math.min(...others.map((other) => other.median)) / median,
      }

/** What a case is called in tables. */
export const titleOf = ({ workload, name }: Row): string => (name === '' ? workload.name : `${workload.name} ${name}`)
