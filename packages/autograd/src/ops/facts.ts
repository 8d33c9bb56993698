import { checker, type Takes } from '../graph/arguments.js'
import type { DType } from '../graph/dtype.js'
import { type AdjointError, ArgumentError } from '../graph/errors.js'
import { shown } from '../graph/words.js'

/** A tensor among the arguments of a sample: random values of this shape, or the given ones. */
export interface SampleTensor {
  readonly sample: readonly number[]
  readonly dtype?: DType
  readonly values?: readonly number[]
}
export const random = (...shape: number[]): SampleTensor => ({ sample: shape })
export const values = (shape: readonly number[], list: readonly number[], dtype: DType = 'float64'): SampleTensor => ({
  sample: shape,
  values: list,
  dtype,
})
export const indices = (shape: readonly number[], list: readonly number[]): SampleTensor => values(shape, list, 'int32')

/** The same number for each of so many axes, but for the last. */
export const sides = (rank: number, size: number, last = size): number[] => [
  ...new Array<number>(rank - 1).fill(size),
  last,
]

/** Arguments to check an op with. A SampleTensor stands for a tensor, also inside arrays and options. */
export type Sample = readonly unknown[]

/** Arguments that must fail: with this error, whose sentence contains each of these texts. */
export interface ErrorSample {
  readonly args: Sample
  readonly error: new (message?: string) => AdjointError
  readonly says: readonly string[]
}

/** What an op's function carries beside being callable: enough to check it by itself. */
export interface Facts {
  readonly opName: string
  readonly samples: readonly Sample[]
  readonly errors: readonly ErrorSample[]
  /** False where the result is no float: it has a value but no derivative. */
  readonly differentiable: boolean
  /** What users may give it; those that are not for users say nothing. */
  readonly takes: Takes
  /** Of an elementwise op: how many operands must be given. */
  readonly operands: number | undefined
  /** What users should do who give it more arguments than it takes. */
  readonly instead: string | undefined
}
export type OpFunction<F> = F & Facts

export interface Checks {
  readonly samples: readonly Sample[]
  readonly errors?: readonly ErrorSample[]
  readonly differentiable?: boolean
  readonly takes?: Takes
  readonly operands?: number | undefined
  readonly instead?: string | undefined
}

/** The function for users: its arguments checked, and a sentence in the place of JavaScript's own TypeErrors. */
export const forUsers = <F extends (...args: never[]) => unknown>(
  name: string,
  call: F,
  { takes, instead }: Facts,
): F => {
  const check = checker(name, takes, instead)
  return ((...args: never[]) => {
    check(args)
    try {
      return call(...args)
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause
      throw new ArgumentError(
        `${name}: it cannot take (${args.map(shown).join(', ')}). Tensors are made with tensor(...); shapes, lists of ` +
          'axes and lists of tensors are arrays; options are one object at the end.',
        { cause },
      )
    }
  }) as F
}

export const withFacts = <F extends (...args: never[]) => unknown>(
  name: string,
  call: F,
  checks: Checks,
): OpFunction<F> =>
  Object.assign(call, {
    opName: name,
    samples: checks.samples,
    errors: checks.errors ?? [],
    differentiable: checks.differentiable ?? true,
    takes: checks.takes ?? {},
    operands: checks.operands,
    instead: checks.instead,
  })
