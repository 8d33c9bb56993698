import { bytesPerElement, type DType } from '../../graph/dtype.js'
import type { Cumulate } from '../../graph/kernel.js'
import { contiguousStrides, sizeOf } from '../../graph/shape.js'
import type { Spec } from '../../graph/value.js'
import {
  type Code,
  countDown,
  f32x4,
  f64x2,
  i32,
  i32x4,
  range,
  repeat,
  type Scope,
  type Statement,
  v128,
} from './assembler/index.js'
import { addVectorsExactly, correctedVector } from './elementwise/exact.js'
import { accessAt, accessOf, gathered } from './loops/elements.js'
import { type KernelFunction, type KernelKind, type Strided, type Target, unchecked } from './loops/kernel.js'
import { inBlocks, inBytes, type Loop, loopsOver, nest, type Pointer, shift } from './loops/nest.js'

export const cumulate: KernelKind<Cumulate> = {
  define: (target, kernel, inputs, [out]) => unchecked(defineCumulate(target, kernel, inputs, out!)),
  saves: (_kernel, _inputs, [out]) => 3 * sizeOf(out!.shape),
}

/** So many lines are gone along at once: what one of them comes to next waits for what it came to. */
const linesAtOnce = 8

/** An operand: bytes from one place to the next, as they are met, and from one line to the next. */
interface Line {
  readonly dtype: DType
  readonly step: number
  readonly apart: number
}

/** In float64, two lines in a vector. Integers are left to JavaScript. */
export const defineCumulate = (
  { module }: Target,
  { by, axis, reverse }: Cumulate,
  inputs: readonly Strided[],
  out: Spec,
): KernelFunction | null => {
  const result = by === 'argmax' || by === 'argmin' ? ['int32'] : ['float32', 'float64']
  if (inputs.some(({ dtype }) => dtype !== 'float32' && dtype !== 'float64') || !result.includes(out.dtype)) return null
  const operands = [...inputs, { ...out, strides: contiguousStrides(out.shape) }].map(({ dtype, strides }) => ({
    dtype,
    strides: inBytes(strides, bytesPerElement(dtype)),
  }))
  const count = out.shape[axis]!
  const kept = loopsOver(
    out.shape.with(axis, 1),
    operands.map(({ strides }) => strides),
  )
  const last: Loop = kept.at(-1) ?? { count: 1, steps: operands.map(() => 0) }
  const lines = operands.map(({ dtype, strides }, i): Line => {
    return { dtype, step: reverse ? -strides[axis]! : strides[axis]!, apart: last.steps[i]! }
  })
  return module.addFunction(repeat('i32', operands.length), null, (scope, ...pointers) => {
    if (sizeOf(out.shape) === 0) return []
    const some = (rounds: number) => alongLines(scope, by, reverse, count, lines, pointers, rounds)
    return [
      lines.map(({ step }, i) => (reverse ? shift(pointers[i]!, -step * (count - 1)) : [])),
      nest(scope, kept.slice(0, -1), pointers, inBlocks(scope, last, linesAtOnce, 0, pointers, some)).code,
    ]
  })
}

/** The first `rounds` lines, from the first place on; pointers stay. */
const alongLines = (
  scope: Scope,
  by: Cumulate['by'],
  reverse: boolean,
  count: number,
  lines: readonly Line[],
  pointers: readonly Pointer[],
  rounds: number,
): Statement => {
  const left = scope.local('i32')
  const at = scope.locals('i32', pointers.length)
  const inputs = lines.slice(0, -1)
  const out = lines.at(-1)!
  // float64 has digits enough for sums of float32
  const make = by === 'add' && lines[0]!.dtype === 'float64' ? exactSums : foldings[by]
  const place = scope.local('v128')
  const pairs = range(Math.ceil(rounds / 2), (i) => {
    const pair: Pair = { first: 2 * i, isWhole: 2 * i + 1 < rounds }
    const folding = make(scope, place.get, reverse)
    const [x, b] = inputs.map((line, k) => load(line, at[k]!, pair))
    const next = folding.next(x!, b)
    return { begin: folding.begin, next: [next, store(scope, out, at.at(-1)!, pair, folding.folded)] }
  })
  const countsPlaces = out.dtype === 'int32'
  return [
    at.map((each, i) => each.set(pointers[i]!.get)),
    countsPlaces ? place.set(f64x2.const(reverse ? count - 1 : 0)) : [],
    pairs.map(({ begin }) => begin),
    left.set(i32.const(count)),
    countDown(left, 1, [
      pairs.map(({ next }) => next),
      countsPlaces ? place.set(f64x2.add(place.get, f64x2.const(reverse ? -1 : 1))) : [],
      lines.map(({ step }, i) => shift(at[i]!, step)),
    ]),
  ]
}

/** Two lines side by side, or only the first of them. */
interface Pair {
  readonly first: number
  readonly isWhole: boolean
}

const load = ({ dtype, apart }: Line, at: Pointer, { first, isWhole }: Pair): Code<'v128'> => {
  const bytes = bytesPerElement(dtype)
  const start = first * apart
  const two =
    isWhole && apart === bytes
      ? accessAt(bytes === 4 ? v128.load64Zero : v128.load, at.get, start)
      : gathered(bytes, at.get, isWhole ? [start, start + apart] : [start])
  return bytes === 4 ? f64x2.promoteLow(two) : two
}

const store = (
  scope: Scope,
  { dtype, apart }: Line,
  at: Pointer,
  { first, isWhole }: Pair,
  folded: Code<'v128'>,
): Statement => {
  const bytes = bytesPerElement(dtype)
  const elements = scope.local('v128')
  const start = first * apart
  const narrow = { float64: folded, float32: f32x4.demoteZero(folded), int32: i32x4.fromUnsignedFloat64Zero(folded) }
  const { store: storeLane } = accessOf(bytes)
  const lanes = (): Statement => {
    if (!isWhole) return storeLane(at.get, elements.get, 0, start)
    if (apart !== bytes) return [0, 1].map((i) => storeLane(at.get, elements.get, i, start + i * apart))
    return bytes === 4 ? v128.store64Lane(at.get, elements.get, 0, start) : v128.store(at.get, elements.get, start)
  }
  return [elements.set(narrow[dtype as keyof typeof narrow]), lanes()]
}

/** What two lines have come to. */
interface Folding {
  readonly begin: Statement
  readonly next: (x: Code<'v128'>, b?: Code<'v128'>) => Statement
  readonly folded: Code<'v128'>
}

type MakeFolding = (scope: Scope, place: Code<'v128'>, reverse: boolean) => Folding

const folding =
  (identity: number, fold: (folded: Code<'v128'>, x: Code<'v128'>) => Code<'v128'>): MakeFolding =>
  (scope) => {
    const folded = scope.local('v128')
    return {
      begin: folded.set(f64x2.const(identity)),
      next: (x) => folded.set(fold(folded.get, x)),
      folded: folded.get,
    }
  }

const exactSums: MakeFolding = (scope) => {
  const [sum, lost, x] = scope.locals('v128', 3)
  return {
    begin: [sum.set(f64x2.const(0)), lost.set(f64x2.const(0))],
    next: (term) => [x.set(term), addVectorsExactly(scope, sum, lost, x)],
    folded: correctedVector(sum, lost),
  }
}

const places =
  (by: 'max' | 'min'): MakeFolding =>
  (scope, place) => {
    const [best, found, x, better] = scope.locals('v128', 4)
    const stays = by === 'max' ? f64x2.lessEqual : f64x2.greaterEqual
    return {
      begin: [
        best.set(f64x2.const(by === 'max' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)),
        found.set(place),
      ],
      // NaN is better than any other, and nothing is better than NaN
      next: (element) => [
        x.set(element),
        better.set(v128.andNot(f64x2.equal(best.get, best.get), stays(x.get, best.get))),
        found.set(v128.select(place, found.get, better.get)),
        best.set(v128.select(x.get, best.get, better.get)),
      ],
      folded: found.get,
    }
  }

/** With `reverse`, a factor is met one place before it is used. */
const affine: MakeFolding = (scope, _, reverse) => {
  const [r, factor] = scope.locals('v128', 2)
  const zero = f64x2.const(0)
  const isZero = v128.or(f64x2.equal(r.get, zero), f64x2.equal(factor.get, zero))
  const scaled = v128.andNot(f64x2.mul(r.get, factor.get), isZero)
  return {
    begin: [r.set(zero), factor.set(zero)],
    next: (a, b) => {
      const add = r.set(f64x2.add(scaled, b!))
      return reverse ? [add, factor.set(a)] : [factor.set(a), add]
    },
    folded: r.get,
  }
}

const foldings: { readonly [By in Cumulate['by']]: MakeFolding } = {
  add: folding(0, f64x2.add),
  mul: folding(1, f64x2.mul),
  max: folding(Number.NEGATIVE_INFINITY, f64x2.max),
  min: folding(Number.POSITIVE_INFINITY, f64x2.min),
  argmax: places('max'),
  argmin: places('min'),
  affine,
}
