import { GradientError } from '../graph/errors.js'
import { shown } from '../graph/words.js'
import { Num, type Scalar } from './num.js'
import { nums } from './nums.js'
import { Adjoints } from './recording/adjoints.js'
import { isFollowed } from './structure.js'
import type { Core } from './tape/core.js'
import { onTape } from './tape/tape.js'
import { Trace } from './trace.js'

/** A function of so many Nums to several. */
export type Program = (leaves: readonly Num[]) => readonly Scalar[]

/** What a program gave, and its cotangents pulled back to those of its arguments. */
export interface Reversed {
  readonly values: readonly Scalar[]
  /** Gradients by the arguments for a cotangent of each result. */
  readonly pull: Pull
  /** The same, for when the tape has been rewound. */
  readonly keep: () => Pull
}

export type Pull = (cotangents: readonly Scalar[]) => ArrayLike<Scalar>

/**
 * Runs a program and differentiates it in reverse: on the tape, or where outer differentiations follow it, as expressions, which
 * those follow in turn.
 *
 * @param use what is to be done with it, before the tape is rewound
 */
export const reversed = <R>(
  transform: string,
  leaves: readonly Scalar[],
  followed: boolean,
  program: Program,
  use: (found: Reversed) => R,
): R =>
  followed
    ? use(bySymbols(leaves, program))
    : onTape(transform, (core, first) => use(recorded(core, first, leaves, program)))

const recorded = (core: Core, first: number, leaves: readonly Scalar[], program: Program): Reversed => {
  const { values, cotangents, none, sweep, placeOf, kept } = core
  const roots = program(leaves.map((leaf) => none(leaf as number))).map((root) => placeOf(root))
  return {
    values: roots.map((root) => values[root]!),
    pull: (given) => {
      cotangents.fill(0, first, core.size())
      let last = first
      roots.forEach((root, i) => {
        if (given[i] === 0) return
        cotangents[root]! += given[i] as number
        last = Math.max(last, root)
      })
      sweep(last, first)
      return cotangents.slice(first, first + leaves.length)
    },
    keep: () => {
      const copied = kept(first)
      const pull = (given: readonly number[]) => copied(roots, given, leaves.length)
      return (given) => (isFollowed(given) ? combined(given, pull, leaves.length) : pull(given as readonly number[]))
    },
  }
}

/** A linear map of numbers at cotangents that are followed: each adds its multiple of what it gives alone. */
const combined = (
  given: readonly Scalar[],
  pull: (numbers: readonly number[]) => Float64Array,
  size: number,
): Scalar[] => {
  const total = Array.from({ length: size }, (): Scalar => 0)
  given.forEach((cotangent, i) => {
    pull(unit(given.length, i)).forEach((part, k) => {
      total[k] = nums.add(total[k]!, nums.scale(cotangent, part))
    })
  })
  return total
}

/** 1 in one place, 0 in the others. */
export const unit = (size: number, at: number): number[] => Array.from({ length: size }, (_, i) => (i === at ? 1 : 0))

export const bySymbols = (leaves: readonly Scalar[], program: Program): Reversed => {
  const trace = new Trace()
  const roots = trace.run(leaves, (nums) => trace.nodesOf(program(nums)))
  trace.passGuards()
  let adjoints: Adjoints | null = null
  const pull: Pull = (cotangents) => {
    adjoints ??= new Adjoints(trace.recording, leaves.length)
    return trace.computed(adjoints.of(roots, trace.nodesOf(cotangents)), cotangents)
  }
  return {
    get values() {
      return trace.computed(roots)
    },
    pull,
    keep: () => pull,
  }
}

/** The result of a function as one Num, or an error that says what to do instead. */
export const requireOne = (transform: string, result: unknown): Num => {
  if (result instanceof Num) return result
  throw new GradientError(`${transform}: the function returned ${shown(result)}; ${remedyFor(transform, result)}`)
}

const remedyFor = (transform: string, result: unknown): string => {
  if (typeof result === 'number') {
    return 'it must return a Num. If it computes with .value, what it computes has no derivative; if it is constant, return constant(...).'
  }
  if (result instanceof Promise) return 'a scalar function may not be asynchronous: wait for the data first.'
  if (Array.isArray(result)) return 'only one Num has a gradient. Add them up, or use jacobian() for all derivatives.'
  if (result === undefined)
    return `it must return a Num: is a return missing? ${transform} differentiates what is returned.`
  return 'it must return a Num.'
}
