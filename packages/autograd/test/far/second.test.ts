import {
  batchNorm,
  batchNormWithStatistics,
  cdist,
  compile,
  concat,
  glu,
  grad,
  groupNorm,
  instanceNorm,
  jvp,
  layerNorm,
  localResponseNorm,
  logCumSumExp,
  normalize,
  ones,
  prelu,
  rmsNorm,
  type Tensor,
  tensor,
  vjp,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { materialize } from '../../src/gradcheck/samples.js'
import { isFloat } from '../../src/graph/dtype.js'
import { rebuild } from '../../src/graph/tree.js'
import { table } from '../../src/ops/index.js'
import { rules } from '../../src/rules/index.js'
import { eager, tensorsOf, type Wrap } from '../compile/harness.js'
import { choosing, degreesOf, exponents, factors, linear, scaled, times, tolerance, waves } from './degrees.js'
import { elsewhere } from './elsewhere.js'

// Second derivatives far out of ops that are no functions of single elements: of those that move elements or choose among
// them exactly 0, whatever the elements are, and of others as large as homogeneity has it. Those near are tried in the walk
// of the table, those of exponentials in exponentials.test.ts.

type DType = 'float64' | 'float32'
type Fn = (...floats: Tensor[]) => Tensor[]

/** The op as a function of its tensors of floats, and these. */
const ofFloats = (op: (...args: never[]) => unknown, args: readonly unknown[]): [Fn, Tensor[]] => {
  const tensors = tensorsOf(args)
  const floats = tensors.filter(({ dtype }) => isFloat(dtype))
  const f: Fn = (...given) => {
    const all = tensors.map((x) => (floats.includes(x) ? given[floats.indexOf(x)]! : x))
    const made = (op as (...args: unknown[]) => unknown)(...(rebuild(args, all) as unknown[]))
    return tensorsOf(made).filter(({ dtype }) => isFloat(dtype))
  }
  return [f, floats]
}

const cotangents = (f: Fn, inputs: readonly Tensor[]): Tensor[] => {
  const [values, pull] = vjp(f, ...inputs)
  return pull(values.map((y) => waves(y, 1))) as Tensor[]
}
const slopes =
  (f: Fn): Fn =>
  (...inputs) =>
    cotangents(f, inputs)
/** How all gradients change with input k: by reverse mode, of the gradient by it. */
const changes =
  (f: Fn, k: number): Fn =>
  (...inputs) => {
    const slope = (...given: Tensor[]) => cotangents(f, given)[k]!.mul(waves(given[k]!, 2)).sum() as Tensor
    return (grad as any)(slope, { argument: inputs.map((_, i) => i) })(...inputs)
  }
/** The same by forward mode. */
const changesForwards =
  (f: Fn, k: number): Fn =>
  (...inputs) => {
    const along = (x: Tensor) => cotangents(f, inputs.with(k, x))
    return jvp(along, [inputs[k]!], [waves(inputs[k]!, 2)])[1] as Tensor[]
  }

const list = (tensors: readonly Tensor[]): number[] => tensors.flatMap(({ data }) => [...data])
const signless = (numbers: readonly number[]): number[] => numbers.map((x) => x + 0)
const opOf = new Map(table.map((op) => [op.opName as string, op]))

const odd = [1e30, -Infinity, 3, NaN, -1e-8, Infinity, -1e30, 1000, 0]
/** Numbers of each kind in the place of those of x, from another one on. */
const oddly = (x: Tensor, shift: number): Tensor =>
  tensor(Array.from({ length: x.size }, (_, i) => odd[(i + shift) % odd.length]!), { dtype: x.dtype }).reshape(x.shape) as Tensor // biome-ignore format: a call

const moving = [...linear, ...elsewhere.moved, 'pad', 'cast', 'bincount']
const choices = [
  ...choosing,
  ...'sortWithIndices topk kthValue maxWithIndices minWithIndices cumMaxWithIndices cumMinWithIndices'.split(' '),
  ...[1, 2, 3].map((rank) => `maxPool${rank}dWithIndices`),
  ...['nanToNum', 'unique', 'histogram'],
]
const plainly: readonly (readonly [string, Wrap])[] = [
  ['eagerly', eager],
  ['compiled', (f) => compile(f as never) as never],
]

describe.each(plainly)('%s, of huge and infinite elements and of NaN', (_, wrap) => {
  const each = (names: readonly string[]) => names.map((name) => [name, opOf.get(name)!] as const)
  const expectNoChange = (f: Fn, inputs: readonly Tensor[]): void => {
    inputs.forEach((_, k) => {
      for (const change of [changes, changesForwards]) {
        const found = list(wrap(change(f, k))(...inputs))
        expect(signless(found)).toEqual(found.map(() => 0))
      }
    })
  }

  test.each(each(moving))('%s has the gradient that it has elsewhere, and no second derivative', (_, op) => {
    for (const sample of op.samples) {
      const [f, inputs] = ofFloats(op as never, materialize(sample))
      const far = inputs.map(oddly)
      const slope = wrap(slopes(f))
      expect(list(slope(...far))).toEqual(list(slope(...inputs)))
      expectNoChange(f, far)
    }
  })

  test('a detour by way of products is noticed', () => {
    const detour: Fn = (x) => [x!.mul(x!).div(x!) as Tensor]
    expect(() => expectNoChange(detour, [oddly(ones([9], { dtype: 'float64' }) as Tensor, 0)])).toThrow()
  })

  test.each(each(choices))('%s has no second derivative', (_, op) => {
    for (const sample of op.samples) {
      const [f, inputs] = ofFloats(op as never, materialize(sample))
      expectNoChange(f, inputs.map(oddly))
    }
  })
})

/** A function of tensors of floats, and the degree in each of them; one for all is that in all together. */
interface Curved {
  readonly name: string
  readonly f: Fn
  readonly inputs: (dtype: DType) => Tensor[]
  readonly degrees: (inputs: readonly Tensor[]) => readonly number[]
  readonly isLinearInEach?: boolean
  /** The powers of the factor of all that stand in front of each input, 1 unless given. */
  readonly shares?: readonly number[]
}

const sixteenths = (seed: number, rows: number, dtype: DType): Tensor =>
  tensor(Array.from({ length: rows * 4 }, (_, i) => Math.round(16 * Math.sin(seed + 3 * i * i)) / 16), { dtype }).reshape([rows, 4]) as Tensor // biome-ignore format: a call

const ofTable: readonly Curved[] = table
  .filter(({ opName, differentiable }) => differentiable && (degreesOf.has(opName) || factors.has(opName)))
  .filter(({ opName }) => !(opName in rules || linear.includes(opName) || choosing.includes(opName)))
  .filter(({ opName }) => opName !== 'scaledDotProductAttention')
  .flatMap((op) =>
    op.samples.map((sample, i) => {
      const made = (dtype: DType) => ofFloats(op as never, materialize(sample, 0, dtype))
      const degrees = factors.get(op.opName) ?? degreesOf.get(op.opName)!
      const of = (inputs: readonly Tensor[]) =>
        typeof degrees === 'function' ? degrees(inputs, made('float64')[0](...made('float64')[1])[0]!) : degrees
      const inputs = (dtype: DType) => made(dtype)[1]
      const isLinearInEach = factors.has(op.opName)
      return { name: `${op.opName}, sample ${i}`, f: made('float64')[0], inputs, degrees: of, isLinearInEach }
    }),
  )

const epsilon = Number.MIN_VALUE
const norms: { readonly [name: string]: (x: Tensor) => Tensor } = {
  layerNorm: (x) => layerNorm(x, { epsilon }),
  groupNorm: (x) => groupNorm(x, 1, { epsilon }) as Tensor,
  instanceNorm: (x) => instanceNorm(x.expandDims(1), { epsilon }) as Tensor,
  batchNormWithStatistics: (x) => batchNormWithStatistics(x, { axis: 0, epsilon }).values,
  rmsNorm: (x) => rmsNorm(x, { epsilon }),
  normalize: (x) => normalize(x, -1, { epsilon }),
}
const rows = (dtype: DType): Tensor[] => [sixteenths(1, 3, dtype)]
const others: readonly Curved[] = [
  ...Object.entries(norms).map(([name, f]) => ({ name, f: (x: Tensor) => [f(x)], inputs: rows, degrees: () => [0] })),
  {
    name: 'localResponseNorm',
    f: (x) => [localResponseNorm(x!, 3, { alpha: 0.5, k: epsilon })],
    inputs: rows,
    degrees: () => [-0.5],
  },
  {
    name: 'batchNorm',
    f: (x, mean, variance) => [batchNorm(x!, mean!, variance!, { axis: 0, epsilon })],
    inputs: (dtype) => [sixteenths(1, 3, dtype), ...[[1, -0.5, 2], [0.5, 2, 0.25]].map((row) => tensor(row, { dtype }) as Tensor)], // biome-ignore format: a list
    degrees: () => [0],
    shares: [1, 1, 2],
  },
  ...[2, 4].map((count) => ({
    name: `cumProd, of ${count}`,
    f: (x: Tensor) => [x.cumProd(-1).slice(-1, count - 1, count) as Tensor],
    inputs: rows,
    degrees: () => [count],
  })),
  ...[0.5, 1, 1.5, 2, 3, Infinity].map((p) => ({
    name: `cdist, p = ${p}`,
    f: (a: Tensor, b: Tensor) => [cdist(a, b, { p }) as Tensor],
    inputs: (dtype: DType) => [sixteenths(1, 3, dtype), sixteenths(2, 2, dtype)],
    degrees: () => [1],
  })),
] as readonly Curved[]

// polygamma is the rule psi: rules.test.ts
test('every op of several elements is tried to the second order, here or in exponentials.test.ts', () => {
  const tried = [...moving, ...choices, ...[...ofTable, ...others].map(({ name }) => name.split(',')[0]!)]
  const left = table
    .filter(({ opName, differentiable }) => differentiable && !(opName in rules) && !tried.includes(opName))
    .map(({ opName }) => opName)
  expect(left.sort()).toEqual([...elsewhere.exponentials, 'glu', 'polygamma', 'prelu'].sort())
})

/** Exponents of the factors of all inputs, by which neither they nor second derivatives leave the range. */
const powersOf = ({ degrees, inputs, isLinearInEach, shares }: Curved, dtype: DType): (readonly number[])[] => {
  const given = inputs(dtype)
  const degree = degrees(given)
  if (!isLinearInEach) {
    const most = Math.max(1, degree[0]!, 2 * Math.max(1, ...(shares ?? [])) - degree[0]!)
    // of degree -0.5, whole powers
    return exponents[dtype].one
      .map((power) => 2 * Math.trunc(power / most / 2))
      .map((power) => given.map((_, k) => (shares?.[k] ?? 1) * power))
  }
  return exponents[dtype].two.map(([p, q]) => given.map((_, k) => (degree[k] === 0 ? 0 : k === 0 ? p : q)))
}

const problemsOf = (one: Curved, dtype: DType): string[] => {
  const { f, isLinearInEach } = one
  const inputs = one.inputs(dtype)
  if (list(f(...inputs)).length === 0) return []
  const degree = one.degrees(inputs)
  return powersOf(one, dtype).flatMap((powers) => {
    const total = isLinearInEach
      ? powers.reduce((sum, power, k) => sum + power * (degree[k] ?? degree.at(-1)!), 0)
      : powers[0]! * degree[0]!
    const far = inputs.map((x, k) => scaled(x, powers[k]!))
    return inputs.flatMap((_, k) =>
      [changes, changesForwards].flatMap((change) => {
        const found = change(f, k)(...far)
        return change(
          f,
          k,
        )(...inputs).flatMap((near, i) => {
          const wanted = times(near.data, total - powers[i]! - powers[k]!)
          const size = Math.max(...wanted.map(Math.abs))
          const off = wanted.findIndex((x, n) => !(Math.abs(found[i]!.data[n]! - x) <= 8 * tolerance[dtype] * size))
          const what = `times 2^${powers}, ${i} by ${k}, element ${off}`
          return off < 0 ? [] : [`${what} is ${found[i]!.data[off]} instead of ${wanted[off]}`]
        })
      }),
    )
  })
}

describe.each(['float64', 'float32'] as const)('%s', (dtype) => {
  test.each([...ofTable, ...others].map((one) => [one.name, one] as const))(
    '%s: second derivatives of tensors of any size',
    (_, one) => {
      expect(problemsOf(one, dtype)).toEqual([])
    },
  )

  test('squares out of range are noticed', () => {
    const f: Fn = (x) => [x!.square().sum(-1).sqrt() as Tensor]
    expect(problemsOf({ name: 'a norm', f, inputs: rows, degrees: () => [1] }, dtype).length).toBeGreaterThan(0)
  })
})

test.each([
  ...Object.entries(norms),
  ['softmax', (x: Tensor) => x.softmax(-1) as Tensor] as const,
  ['logSoftmax', (x: Tensor) => x.logSoftmax(-1) as Tensor] as const,
  ['logSumExp', (x: Tensor) => x.logSumExp(-1) as Tensor] as const,
  ['logCumSumExp', (x: Tensor) => logCumSumExp(x, -1) as Tensor] as const,
  ['cumProd', (x: Tensor) => x.cumProd(-1) as Tensor] as const,
  ['cdist', (x: Tensor) => cdist(x, tensor([[1, 0.5, -2, 3]])) as Tensor] as const,
])('%s of rows: those without a NaN or an infinity have their second derivatives', (_, f) => {
  for (const dtype of ['float64', 'float32'] as const) {
    const [good] = rows(dtype) as [Tensor]
    for (const change of [changes, changesForwards]) {
      const [alone] = change((x) => [f(x!)], 0)(good)
      expect(list([alone!]).every(Number.isFinite)).toBe(true)
      for (const bad of [NaN, Infinity, -Infinity]) {
        const x = concat([good, tensor([[1, bad, 2, 0.5]], { dtype })]) as Tensor
        const [beside] = change((x) => [f(x!)], 0)(x)
        expect(list([beside!]).slice(0, good.size)).toEqual(list([alone!]))
      }
    }
  }
})

test('glu and prelu, from their formulas', () => {
  const numbers = [-Infinity, -1e30, -1000, -30, -1e-8, 1e-8, 30, 1000, 1e30, Infinity]
  const n = numbers.length
  const [weight, along] = [(i: number) => Math.cos(i + 1), (i: number) => Math.cos(i + 2)]
  const x = tensor([...numbers.map(() => 3), ...numbers], { dtype: 'float64' }) as Tensor
  const found = list(changes((p) => [glu(p!) as Tensor], 0)(x))
  numbers.forEach((b, i) => {
    const e = Math.exp(-Math.abs(b))
    const [first, second] = [e / (1 + e) ** 2, (-Math.sign(b) * e * (1 - e)) / (1 + e) ** 3]
    expect(found[i]!).toBeCloseTo(weight(i) * first * along(n + i), 14)
    expect(found[n + i]!).toBeCloseTo(weight(i) * (first * along(i) + 3 * second * along(n + i)), 14)
  })

  const line = tensor(numbers, { dtype: 'float64' }) as Tensor
  const slope = tensor(numbers.map(() => 0.25), { dtype: 'float64' }) as Tensor // biome-ignore format: a call
  const wanted = numbers.map((number, i) => (number < 0 ? weight(i) * along(i) : 0))
  for (const k of [0, 1]) {
    const [byLine, bySlope] = changes((p, q) => [prelu(p!.expandDims(0), q!) as Tensor], k)(line, slope)
    expect(signless(list([k === 0 ? bySlope! : byLine!]))).toEqual(wanted)
    expect(signless(list([k === 0 ? byLine! : bySlope!]))).toEqual(numbers.map(() => 0))
  }
})
