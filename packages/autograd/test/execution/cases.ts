import fc from 'fast-check'
import type { DType } from '../../src/graph/dtype.js'
import type { Cumulate, Kernel, Monoid } from '../../src/graph/kernel.js'
import { type Shape, sizeOf } from '../../src/graph/shape.js'
import { denseData, denseValue, type Spec, type Value } from '../../src/graph/value.js'
import { dtypes, type Elements, expressions, shapes, value, valuesOf } from './values.js'

/** A kernel with inputs that it takes and the spec of its result: random ones of every kind. */
export interface Case {
  readonly kernel: Kernel
  readonly inputs: readonly Value[]
  readonly out: Spec
}

const inputs = (elements: Elements, someShapes = shapes()): fc.Arbitrary<Value> =>
  fc.tuple(someShapes, dtypes).chain(([shape, dtype]) => valuesOf(shape, dtype, elements))
const small = fc.integer({ min: 0, max: 3 })
const tuple = <T>(list: readonly fc.Arbitrary<T>[]): fc.Arbitrary<T[]> => fc.tuple(...list)

export const maps = (arities: fc.Arbitrary<number>): fc.Arbitrary<Case> =>
  fc.tuple(shapes(), arities, dtypes).chain(([shape, arity, dtype]) =>
    fc.record({
      kernel: expressions(arity).map((expression): Kernel => ({ kind: 'map', expression, arity })),
      inputs: tuple(Array.from({ length: arity }, () => dtypes.chain((own) => valuesOf(shape, own)))),
      out: fc.constant({ shape, dtype }),
    }),
  )

export const reduces: fc.Arbitrary<Case> = fc
  .record({ x: inputs('extended'), by: fc.constantFrom<Monoid>('add', 'mul', 'max', 'min'), picks: fc.nat(15) })
  .map(({ x, by, picks }) => {
    const axes = [...x.shape.keys()].filter((axis) => (picks >> axis) & 1)
    const shape = x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
    const dtype: DType = x.dtype === 'bool' && (by === 'add' || by === 'mul') ? 'int32' : x.dtype
    return { kernel: { kind: 'reduce' as const, by, axes }, inputs: [x], out: { shape, dtype } }
  })
  .filter(
    ({ kernel, inputs: [x] }) => ['add', 'mul'].includes(kernel.by) || kernel.axes.every((axis) => x!.shape[axis]! > 0),
  )

export const argReduces: fc.Arbitrary<Case> = fc
  .record({ x: inputs('extended'), by: fc.constantFrom('max' as const, 'min' as const), axis: small })
  .filter(({ x, axis }) => (x.shape[axis] ?? 0) > 0)
  .map(({ x, by, axis }) => ({
    kernel: { kind: 'argReduce', by, axis },
    inputs: [x],
    out: { shape: x.shape.with(axis, 1), dtype: 'int32' },
  }))

export const cumulates: fc.Arbitrary<Case> = fc
  .record({
    x: inputs('extended'),
    by: fc.constantFrom<Cumulate['by']>('add', 'mul', 'max', 'min', 'argmax', 'argmin', 'affine'),
    axis: small,
    reverse: fc.boolean(),
    isSingle: fc.boolean(),
  })
  .filter(({ x, axis }) => axis < x.shape.length)
  .chain(({ x, by, axis, reverse, isSingle }): fc.Arbitrary<Case> => {
    const places = by === 'argmax' || by === 'argmin'
    const isNumber = by === 'add' || by === 'mul'
    const kernel: Kernel = { kind: 'cumulate', by, axis, reverse }
    if (by === 'affine') {
      const dtype = isSingle ? 'float32' : 'float64'
      return tuple([valuesOf(x.shape, dtype, 'extended'), valuesOf(x.shape, dtype, 'extended')]).map((inputs) => {
        return { kernel, inputs, out: { shape: x.shape, dtype } as Spec }
      })
    }
    const dtype: DType = places || (isNumber && x.dtype === 'bool') ? 'int32' : x.dtype
    return fc.constant({ kernel, inputs: [x], out: { shape: x.shape, dtype } })
  })

export interface SeveralCase {
  readonly kernel: Kernel
  readonly inputs: readonly Value[]
  readonly outs: readonly Spec[]
}

/** Lines of which all are put in order, or the first few looked for; with `long`, beyond the lengths at which methods change. */
export const sorts = (long = false): fc.Arbitrary<SeveralCase> => {
  const lengths = fc.constantFrom(81, 257, 300, 2600)
  const lines = fc
    .tuple(fc.constantFrom([1, 0], [2, 0], [2, 1]), lengths, dtypes)
    .chain(([[others, axis], length, dtype]) => {
      const shape = new Array<number>(others!).fill(2).toSpliced(axis!, 0, length)
      return fc.tuple(
        valuesOf(shape, dtype, 'special'),
        fc.constant(axis!),
        fc.constantFrom(1, 7, 40, length >> 2, length),
      )
    })
  const short = fc.tuple(inputs('special'), small, fc.nat(5))
  return fc
    .record({ line: long ? lines : short, descending: fc.boolean(), gives: fc.constantFrom(1, 2) })
    .filter(({ line: [x, axis] }) => axis < x.shape.length)
    .map(({ line: [x, axis, some], descending, gives }) => {
      const shape = x.shape.with(axis, Math.min(some, x.shape[axis]!))
      const outs: Spec[] = [
        { shape, dtype: 'int32' },
        { shape, dtype: x.dtype },
      ]
      return { kernel: { kind: 'sort', axis, descending }, inputs: [x], outs: outs.slice(0, gives) }
    })
}

/** Lines in order, and elements that are looked up in them. */
export const searches: fc.Arbitrary<Case> = fc
  .record({
    batch: shapes(2),
    lengths: fc.tuple(fc.nat(6), fc.nat(6)),
    types: fc.tuple(dtypes, dtypes),
    orEqual: fc.boolean(),
  })
  .chain(({ batch, lengths: [n, m], types: [lineType, type], orEqual }) =>
    tuple([valuesOf([...batch, n], lineType), valuesOf([...batch, m], type)]).map(([line, elements]) => ({
      kernel: { kind: 'search' as const, orEqual },
      inputs: [inOrder(line!), elements!],
      out: { shape: [...batch, m], dtype: 'int32' as const },
    })),
  )

const inOrder = (x: Value): Value => {
  const data = denseData(x).slice()
  const length = x.shape.at(-1)!
  // a typed array puts NaN last
  for (let start = 0; start < data.length; start += length) data.subarray(start, start + length).sort()
  return denseValue(data, x.shape, x.dtype)
}

export const contracts = (sizes: fc.Arbitrary<number>, depths = sizes): fc.Arbitrary<Case> =>
  fc.tuple(shapes(2), sizes, sizes, depths, dtypes).chain(([batch, m, n, k, dtype]) =>
    fc.record({
      kernel: fc.constantFrom('mul' as const, 'scale' as const).map((by): Kernel => ({ kind: 'contract', by })),
      inputs: tuple([valuesOf([...batch, m, k], dtype, 'extended'), valuesOf([...batch, k, n], dtype, 'extended')]),
      out: fc.constant({ shape: [...batch, m, n], dtype }),
    }),
  )

/** What of an axis of size `dim` a slice shows. */
const slices = (dim: number) =>
  fc.tuple(fc.nat(), fc.constantFrom(1, 1, 2, -1, -2), fc.nat()).map(([from, step, many]) => {
    if (dim === 0) return { start: 0, step, count: 0 }
    const start = from % dim
    const room = Math.floor((step > 0 ? dim - 1 - start : start) / Math.abs(step)) + 1
    return { start, step, count: many % (room + 1) }
  })

export const layouts: fc.Arbitrary<Case> = inputs('special').chain((x) => {
  const axes = [...x.shape.keys()]
  return fc
    .record({
      order: fc.shuffledSubarray(axes, { minLength: axes.length }),
      windows: tuple(x.shape.map(slices)),
      dropped: fc.nat(15),
      fixed: tuple(x.shape.map(() => fc.nat())),
      repeats: fc.array(fc.tuple(small, small), { maxLength: 2 }),
    })
    .map(({ order, windows, dropped, fixed, repeats }) => {
      const walked = order.filter((axis) => x.shape[axis] === 0 || !((dropped >> axis) & 1))
      const steps: { source: number | null; start: number; step: number; count: number }[] = walked.map((source) => ({
        source,
        ...windows[source]!,
      }))
      for (const [at, count] of repeats)
        steps.splice(at % (steps.length + 1), 0, { source: null, start: 0, step: 0, count })
      return {
        kernel: { kind: 'layout', axes: steps, fixed: fixed.map((index, axis) => index % (x.shape[axis]! || 1)) },
        inputs: [x],
        out: { shape: steps.map(({ count }) => count), dtype: x.dtype },
      }
    })
})

/** Overlapping windows along some axes, laid back. */
export const folds: fc.Arbitrary<Case> = shapes(3)
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      windows: tuple(
        shape.map((dim) =>
          fc
            .record({ size: fc.integer({ min: 1, max: 3 }), stride: small, dilation: small })
            .map(({ size, stride, dilation }) => {
              const reach = (dilation + 1) * (size - 1) + 1
              const count = dim < reach ? 0 : Math.floor((dim - reach) / (stride + 1)) + 1
              return { size, stride: stride + 1, dilation: dilation + 1, count }
            }),
        ),
      ),
      dtype: dtypes,
    }),
  )
  .chain(({ shape, windows, dtype }) =>
    valuesOf([...windows.map(({ count }) => count), ...windows.map(({ size }) => size)], dtype).map((x) => ({
      kernel: {
        kind: 'fold' as const,
        axes: [
          ...windows.map(({ stride }, source) => ({ source, start: 0, step: stride })),
          ...windows.map(({ dilation }, source) => ({ source, start: 0, step: dilation })),
        ],
      },
      inputs: [x],
      out: { shape, dtype },
    })),
  )

export const reshapes: fc.Arbitrary<Case> = inputs('special').chain((x) =>
  fc
    .record({ factors: fc.shuffledSubarray([...x.shape], { minLength: x.shape.length }), cut: small, ones: small })
    .map(({ factors, cut, ones }) => {
      const keepOrder = ones % 2 === 0
      const dims = keepOrder ? [...x.shape] : factors
      const joined = dims.splice(cut, 2)
      const shape = [
        ...dims.toSpliced(cut, 0, ...(joined.length > 0 ? [sizeOf(joined)] : [])),
        ...new Array(ones).fill(1),
      ]
      return { kernel: { kind: 'reshape' }, inputs: [x], out: { shape, dtype: x.dtype } }
    }),
)

/** Inputs one after another along the first axis, or over each other, with gaps, and with windows along the others. */
export const assemblies: fc.Arbitrary<Case> = fc
  .tuple(shapes(3), dtypes, fc.constantFrom(0, 1, -2), fc.boolean())
  .chain(([shape, dtype, fill, isApart]) =>
    fc
      .array(
        tuple(shape.map(slices)).chain((windows) =>
          fc.record({
            windows: fc.constant(windows),
            x: dtypes.chain((own) =>
              valuesOf(
                windows.map(({ count }) => count),
                dtype === 'bool' ? own : dtype,
              ),
            ),
          }),
        ),
        { minLength: 1, maxLength: shape.length === 0 && isApart ? 1 : 3 },
      )
      .map((parts) => ({
        kernel: {
          kind: 'assemble',
          fill,
          starts: parts.map(({ windows }, i) =>
            windows.map(({ start }, axis) => start + (axis === 0 && isApart ? i * shape[0]! : 0)),
          ),
          steps: parts.map(({ windows }) => windows.map(({ step }) => step)),
        },
        inputs: parts.map(({ x }) => x),
        out: { shape: shape.map((dim, axis) => (axis === 0 && isApart ? dim * parts.length : dim)), dtype },
      })),
  )

interface Gathering {
  readonly mode: 'take' | 'along'
  readonly axis: number
  readonly x: Value
  readonly indices: Value
  readonly out: Shape
}
const gatherings: fc.Arbitrary<Gathering> = fc
  .tuple(inputs('extended'), small, fc.constantFrom('take' as const, 'along' as const), shapes(2), small)
  .filter(([x, axis]) => axis < x.shape.length)
  .chain(([x, axis, mode, picks, length]) => {
    const dim = x.shape[axis]!
    const shape = mode === 'along' ? x.shape.with(axis, dim === 0 ? 0 : length) : dim === 0 ? [0, ...picks] : picks
    return valuesOf(shape, 'int32').map((random) => {
      const data = random.data.map((index) => (dim === 0 ? 0 : (index % (2 * dim)) - dim * Math.sign(index)))
      const out = mode === 'along' ? shape : x.shape.toSpliced(axis, 1, ...shape)
      return {
        mode,
        axis,
        x,
        indices: { ...random, data: Int32Array.from(data, (i) => Math.max(-dim, Math.min(dim - 1, i))) },
        out,
      }
    })
  })

export const gathers: fc.Arbitrary<Case> = gatherings.map(({ mode, axis, x, indices, out }) => ({
  kernel: { kind: 'gather', op: 'take', mode, axis },
  inputs: [x, indices],
  out: { shape: out, dtype: x.dtype },
}))

export const scatters: fc.Arbitrary<Case> = gatherings.chain(({ mode, axis, x, indices, out }) =>
  fc.tuple(valuesOf(out, x.dtype, 'extended'), fc.constantFrom('add', 'set')).map(([source, by]) => ({
    kernel: { kind: 'scatter' as const, by, op: 'scatterAdd', mode, axis },
    inputs: [x, indices, source],
    out: { shape: x.shape, dtype: x.dtype },
  })),
)

/** Keys, and counters around those at which a word is full. */
export const draws: fc.Arbitrary<Case> = fc
  .record({
    key: valuesOf([2], 'int32'),
    words: fc.tuple(fc.integer(), fc.integer()),
    counter: fc.oneof(
      fc.nat(2 ** 20),
      fc.integer({ min: -9, max: 9 }).map((near) => 2 ** 32 + near),
      fc.constant(2 ** 53 - 100),
    ),
    shape: shapes(3),
    // several counters, of which some may be seen again and again
    rows: fc.constantFrom([], [], [1], [3], [0], [2, 2]),
    isRepeated: fc.boolean(),
    distribution: fc.constantFrom('uniform' as const, 'normal' as const, 'permutation' as const),
  })
  .map(({ key, words, counter, shape, rows, isRepeated, distribution }) => {
    const data = key.data.map((_, i) => words[i % 2]!)
    const out: Spec =
      distribution === 'permutation'
        ? { shape: [...rows, sizeOf(shape)], dtype: 'int32' }
        : { shape: [...rows, ...shape], dtype: 'float64' }
    const counters = Array.from({ length: sizeOf(rows) }, (_, i) => counter + 7 * i)
    const each = value(rows, counters, 'float64')
    const inputs = [{ ...key, data }, isRepeated ? { ...each, strides: each.strides.map(() => 0) } : each]
    return { kernel: { kind: 'random', distribution }, inputs, out }
  })
