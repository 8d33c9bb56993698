import { checked } from '../graph/arguments.js'
import { isPlainObject } from '../graph/words.js'
import * as kinds from '../ops/kinds.js'
import { type GradcheckOptions, optionKinds, settingsOf } from './options.js'
import { checkSubject } from './orders.js'
import type { Report } from './report/report.js'
import { reproOf } from './report/repro.js'
import { blackBoxSubject, type PlainFunctions } from './subject/black-box.js'
import type { Passed } from './subject/plain.js'

/** Numbers in a tree like X, in arrays of any kind; what is in nested arrays may also come in one. */
export type PlainLike<X> = X extends number
  ? number
  : X extends ArrayLike<number>
    ? ArrayLike<number>
    : X extends readonly unknown[]
      ? { readonly [K in keyof X]: PlainLike<X[K]> } | ArrayLike<number>
      : { readonly [K in keyof X as X[K] extends Passed ? never : K]: PlainLike<X[K]> }

/** What a black box may give: a number, or numbers in arrays, nested ones too. */
export type PlainNumbers = number | ArrayLike<number> | readonly PlainNumbers[]

/** A function over plain arrays, and its derivatives as somebody wrote them: `grad`, `vjp` or `jvp`, or two of these. */
export interface BlackBox<X, Y> {
  /** The function. */
  readonly value: (x: X) => Y
  /** The gradient of a value that is one number: numbers in a tree like x. */
  readonly grad?: (x: X) => PlainLike<X>
  /** The gradient of `<cotangent, value>`, for values of any size; the cotangent is like the value. */
  readonly vjp?: (x: X, cotangent: Y) => PlainLike<X>
  /** The derivative of the value along the tangent, which is like x. */
  readonly jvp?: (x: X, tangent: X) => PlainNumbers
}

/** How thorough `gradcheck.blackBox` is. */
export interface BlackBoxOptions extends Omit<GradcheckOptions, 'order' | 'captured'> {
  /**
   * What the functions compute in. float32 ones are given numbers that float32 has, farther apart, and are right to five digits
   * or so. Default 'float32' where all numbers of x are in Float32Arrays, else 'float64'.
   */
  readonly dtype?: 'float32' | 'float64'
}

const { order: _order, captured: _captured, ...common } = optionKinds
const options = {
  ...common,
  dtype: kinds.kind("'float32' or 'float64'", (thing) => thing === 'float32' || thing === 'float64'),
}
const rules = ['value', 'grad', 'vjp', 'jvp'] as const
const isBox = (thing: unknown): boolean =>
  isPlainObject(thing) &&
  typeof thing.value === 'function' &&
  Object.entries(thing).every(
    ([name, f]) => (rules as readonly string[]).includes(name) && (f === undefined || typeof f === 'function'),
  )

/** What `gradcheck` has for functions that know nothing of tensors. */
export interface BlackBoxes {
  /**
   * Checks the derivatives of a function of plain arrays, which may have been written with anything: another library, or by
   * hand. What there is of `grad`, `vjp` and `jvp` is compared with differences of `value`, element by element, to first order.
   * Each call has an x of its own, and what changes it is told; what is given for x stays as it is.
   *
   * @param box `{ value, grad }`: the function and its gradient; for a value of several numbers `{ value, vjp }`, and `jvp` beside
   * either or alone
   * @param x where to check: numbers in an array or a typed array, or in arrays and plain objects of such, whose paths the report
   * has (`x.w[3]`). Strings, truth values and integer arrays are passed on
   * @param options among them `dtype: 'float32'` for functions that compute in it, whatever their arrays
   * @returns a report, as that of `gradcheck`
   * @throws ArgumentError for what cannot be checked; GradientError for an async function; what `value` throws
   * @example
   * const value = (x: number[]) => x[0]! * Math.sin(x[1]!)
   * const grad = (x: number[]) => [Math.sin(x[1]!), x[0]! * Math.cos(x[1]!)]
   * gradcheck.blackBox({ value, grad }, [2, 0.5]).verdict   // 'pass'
   */
  readonly blackBox: <X, Y>(box: BlackBox<X, Y>, x: X, options?: BlackBoxOptions) => Report
}

export const blackBox: BlackBoxes['blackBox'] = checked(
  'gradcheck.blackBox',
  {
    box: kinds.kind('{ value, grad }: functions of plain arrays, with vjp or jvp beside grad or instead of it', isBox),
    x: kinds.kind(
      'an array of numbers, or a tree of such',
      (thing) => typeof thing === 'object' || typeof thing === 'number',
    ),
    options,
  },
  <X, Y>(box: BlackBox<X, Y>, x: X, options: BlackBoxOptions = {}): Report => {
    const { subject, notes, doubts } = blackBoxSubject(box as PlainFunctions, x, options.dtype)
    const settings = settingsOf({ ...options, order: 1 })
    const given = `{ ${rules.filter((name) => box[name] !== undefined).join(', ')} }`
    return checkSubject(subject, settings, {
      notes,
      doubts,
      repro: () => reproOf('gradcheck.blackBox', given, x, { ...options, seed: settings.seed }),
    })
  },
)
