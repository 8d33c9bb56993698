import { compile, grad, parameter, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { binaryCrossEntropy, binaryCrossEntropyWithLogits, crossEntropy, SGD } from '../src/index.js'

// Classification losses over the whole range of logits, held against closed forms in float64.

type DType = 'float32' | 'float64'
type Loss = (z: Tensor) => Tensor
const inf = Number.POSITIVE_INFINITY
const none = { reduction: 'none' } as const
const dtypes = ['float32', 'float64'] as const
/** A few of the smallest numbers: there is rounding below the normal range too. */
const least = { float32: 4 * 2 ** -149, float64: 4 * 2 ** -1074 }

/** Near 0, through where exp under- and overflows and probabilities are subnormal, and by powers of ten to the ends. */
const logitsOf = (dtype: DType): number[] => {
  const list = [0, -0, -87.3, -87.34, -88.7, -89, -99.9, -100, -103, -104, -708.3, -709.8, -745, -746]
  for (let z = -130; z <= 130; z += 1.7) list.push(z)
  for (let e = -300; e <= 308; e += 6.3) list.push(10 ** e, -(10 ** e))
  const signed = [...list, ...list.map((z) => -z)]
  return dtype === 'float64' ? signed : signed.map(Math.fround).filter((z) => Number.isFinite(z))
}

/** The losses and the derivative of each by its logits, in a few elements at a time, all at once, and compiled. */
const waysOf = (f: Loss) => {
  const both = (z: Tensor) => [f(z), grad((x: Tensor) => f(x).sum())(z)] as const
  const lists = (pair: readonly [Tensor, Tensor]) => pair.map(({ data }) => [...data])
  const all = (z: Tensor) => lists(both(z))
  const few = (z: Tensor) => {
    const parts = [...z.data].map((_, i) => all(z.slice(0, i, i + 1)))
    return [0, 1].map((k) => parts.flatMap((part) => part[k]!))
  }
  return { few, many: all, compiled: (z: Tensor) => lists(compile(both)(z)) }
}

const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))
const sigmoid = (z: number): number => (z < 0 ? Math.exp(z) / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z)))
/** What a target weighs: nothing where it is 0, though the loss be infinite. */
const weighed = (weight: number, loss: number): number => (weight === 0 ? 0 : weight * loss)
const lossOf = (z: number, t: number): number => weighed(t, softplus(-z)) + weighed(1 - t, softplus(z))
const slopeOf = (z: number, t: number): number => (1 - t) * sigmoid(z) - t * sigmoid(-z)

const off = (got: readonly number[], wanted: readonly number[], at: readonly number[], relative: number, least = 0) =>
  got.flatMap((x, i) => {
    const y = wanted[i]!
    return x === y || Math.abs(x - y) <= relative * Math.abs(y) + least ? [] : [{ z: at[i], got: x, wanted: y }]
  })

/** Targets of the shape of z, made of it so that each way has them in its size. */
const filled = (z: Tensor, t: number): Tensor => z.detach().mul(0).isNaN().logicalOr(1).cast(z.dtype).mul(t) as Tensor
const rows = (z: Tensor): Tensor => z.expandDims(-1).mul(tensor([1, 0], { dtype: z.dtype })) as Tensor

describe.each(dtypes)('from logits in %s, exact over the whole range', (dtype) => {
  const zs = logitsOf(dtype)
  const precision = dtype === 'float32' ? 3e-6 : 1e-14
  const labels = (z: Tensor, label: number) => filled(z, label).cast('int32') as Tensor
  const shares = (z: Tensor, t: number) => filled(rows(z), 1).mul(tensor([t, 1 - t], { dtype })) as Tensor
  const losses: readonly (readonly [string, number, Loss])[] = [
    ...[0, 1, 0.25].map((t) => {
      const f: Loss = (z) => binaryCrossEntropyWithLogits(z, filled(z, t), none)
      return ['binaryCrossEntropyWithLogits', t, f] as const
    }),
    ...[0, 1].map((t) => {
      return ['crossEntropy, labels', t, (z: Tensor) => crossEntropy(rows(z), labels(z, 1 - t), none)] as const
    }),
    ...[0, 1, 0.25].map((t) => {
      return ['crossEntropy, probabilities', t, (z: Tensor) => crossEntropy(rows(z), shares(z, t), none)] as const
    }),
  ]

  it.each(losses)('%s, target %s', (_, t, f) => {
    for (const [way, run] of Object.entries(waysOf(f))) {
      const [values, slopes] = run(tensor(zs, { dtype }))
      const wanted = zs.map((z) => lossOf(z, t))
      // the sum of both terms has the digits of the larger
      const within = least[dtype] + (t === 0 || t === 1 ? 0 : precision)
      expect(off(values!, wanted, zs, precision, within), `${way}: values`).toEqual([])
      const slopesWanted = zs.map((z) => slopeOf(z, t))
      expect(off(slopes!, slopesWanted, zs, precision, within), `${way}: slopes`).toEqual([])
    }
  })
})

describe.each(dtypes)('infinite logits in %s', (dtype) => {
  const z = tensor([inf, -inf, inf, -inf], { dtype }) as Tensor
  const target = tensor([1, 0, 0, 1], { dtype }) as Tensor

  it('what is certain and right costs 0 without a slope, what is certain and wrong costs Infinity', () => {
    const f: Loss = (x) => binaryCrossEntropyWithLogits(x, target, none)
    const { many, compiled } = waysOf(f)
    for (const run of [many, compiled])
      expect(run(z).map(zeros)).toEqual([[0, 0, inf, inf], [0, 0, 1, -1]]) // biome-ignore format: values and slopes
  })

  it.each([
    [
      'one class at Infinity',
      [inf, 0, -inf],
      [
        [0, inf, inf],
        [0, 0, 0],
        [1, -1, 0],
        [1, 0, -1],
      ],
    ],
    [
      'two at Infinity share',
      [inf, inf, 3],
      [
        [Math.LN2, Math.LN2, inf],
        [-0.5, 0.5, 0],
        [0.5, -0.5, 0],
        [0.5, 0.5, -1],
      ],
    ],
    [
      'others at -Infinity',
      [2, -inf, -inf],
      [
        [0, inf, inf],
        [0, 0, 0],
        [1, -1, 0],
        [1, 0, -1],
      ],
    ],
  ])('crossEntropy: %s', (_, row, [values, ...slopes]) => {
    const x = tensor([row, row, row] as number[][], { dtype }) as Tensor
    const byLabel: Loss = (p) => crossEntropy(p, tensor([0, 1, 2], { dtype: 'int32' }), none)
    const oneHot = tensor([0, 1, 2], { dtype: 'int32' }).oneHot(3).cast(dtype) as Tensor
    const byShares: Loss = (p) => crossEntropy(p, oneHot, none)
    for (const f of [byLabel, byShares]) {
      const { many, compiled } = waysOf(f)
      for (const run of [many, compiled]) {
        const [got, slope] = run(x).map(zeros)
        expect(got).toEqual(values!.map((n) => (n === Math.LN2 ? expect.closeTo(n, 6) : n)))
        expect(slope).toEqual(slopes.flat())
      }
    }
  })
})

/** With -0 as 0. */
const zeros = (list: readonly number[]): number[] => list.map((n) => n + 0)

describe.each(dtypes)('from probabilities in %s', (dtype) => {
  const zs = [...logitsOf(dtype), inf, -inf]
  // where the logarithm is clamped
  const most = dtype === 'float32' ? 126 * Math.LN2 : 100
  const throughSigmoid =
    (t: number): Loss =>
    (z) =>
      binaryCrossEntropy(z.sigmoid(), filled(z, t), none)
  /** Of the first of two classes, so that z has the loss that it has through the sigmoid. */
  const throughSoftmax =
    (t: number): Loss =>
    (z) =>
      binaryCrossEntropy(rows(z).softmax().slice(-1, 0, 1).squeeze(-1) as Tensor, filled(z, t), none)

  it.each([
    ['sigmoid', 0, throughSigmoid(0)],
    ['sigmoid', 1, throughSigmoid(1)],
    ['sigmoid', 0.25, throughSigmoid(0.25)],
    ['softmax', 0, throughSoftmax(0)],
    ['softmax', 1, throughSoftmax(1)],
    ['softmax', 0.25, throughSoftmax(0.25)],
  ])('through a %s, target %s: losses are finite, and no slope is steeper than 1', (through, t, f) => {
    const at = through === 'sigmoid' ? zs : zs.filter(Number.isFinite)
    for (const [way, run] of Object.entries(waysOf(f))) {
      const [values, slopes] = run(tensor(at, { dtype }))
      const bad = at.flatMap((z, i) => {
        const isFinite = values![i]! >= 0 && values![i]! <= most * 1.000001
        return isFinite && Math.abs(slopes![i]!) <= 1 ? [] : [{ z, value: values![i], slope: slopes![i] }]
      })
      expect(bad, way).toEqual([])
      // 1 - p has few digits where p is near 1
      if (t !== 1) continue
      const low = at.flatMap((z, i) => (z < 0 ? [i] : []))
      const pick = (list: readonly number[]) => low.map((i) => list[i]!)
      const wanted = at.map((z) => Math.min(softplus(-z), most))
      expect(off(pick(values!), pick(wanted), pick(at), 1e-5), `${way}: values`).toEqual([])
      const clamped = at.map((z, i) =>
        softplus(-z) < most - 1e-3 ? slopeOf(z, 1) : softplus(-z) > most + 1e-3 ? 0 : slopes![i]!,
      )
      expect(off(pick(slopes!), pick(clamped), pick(at), 1e-5), `${way}: slopes`).toEqual([])
    }
  })

  it('a step of SGD keeps its parameters finite', () => {
    const finite = zs.filter((z) => Math.abs(z) < 1e30)
    for (const wrap of [(f: () => Tensor) => f, (f: () => Tensor) => compile(f)]) {
      const w = parameter(tensor(finite, { dtype }))
      const optimizer = new SGD([w], { learningRate: 0.5 })
      const step = wrap(() => {
        const loss = binaryCrossEntropy(w.sigmoid(), filled(w, 1) as never, { reduction: 'sum' })
        optimizer.zeroGrad()
        loss.backward()
        optimizer.step()
        return loss
      })
      for (let i = 0; i < 3; i++) expect(Number.isFinite(step().item())).toBe(true)
      expect([...w.data].filter((x) => !Number.isFinite(x))).toEqual([])
    }
  })
})

it('a probability that is subnormal counts as the smallest normal number', () => {
  const p = tensor([0, 2 ** -149, 2 ** -130, 2 ** -126])
  for (const run of Object.values(waysOf((x) => binaryCrossEntropy(x, filled(x, 1), none)))) {
    const [values, slopes] = run(p)
    expect(values).toEqual(new Array(4).fill(expect.closeTo(126 * Math.LN2, 4)))
    expect(slopes!.map((n) => n + 0)).toEqual([0, 0, 0, -(2 ** 126)])
  }
})

// 2^-126 to 2^-149: so far a sigmoid knows numbers
describe('float32 logits from -80 to -110', () => {
  const zs = Array.from({ length: 1201 }, (_, i) => Math.fround(-80 - i / 40))
  const smallest = 2 ** -149
  /** Of a probability that is off by two units in the last place at most. */
  const bounds = (z: number) => {
    const p = Math.exp(z)
    const unit = Math.max(smallest, p * 2 ** -23)
    return [-Math.log(p + 2 * unit) - 1e-5, p > 2 * unit ? -Math.log(p - 2 * unit) + 1e-5 : inf] as const
  }
  const own: readonly (readonly [string, Loss])[] = [
    ['sigmoid', (z) => z.sigmoid().log().neg() as Tensor],
    ['softmax', (z) => rows(z).softmax().log().neg().slice(-1, 0, 1).squeeze(-1) as Tensor],
    ['exp', (z) => z.exp().log().neg() as Tensor],
  ]

  it.each(own)('a loss of the logarithm of %s, in small and in large tensors and compiled', (_, f) => {
    for (const [way, run] of Object.entries(waysOf(f))) {
      const [values] = run(tensor(zs))
      const bad = zs.flatMap((z, i) => {
        const [low, high] = bounds(z)
        return values![i]! >= low && values![i]! <= high ? [] : [{ z, got: values![i], low, high }]
      })
      expect(bad, way).toEqual([])
    }
  })

  it('binaryCrossEntropy and crossEntropy are the same in each way', () => {
    const losses: Loss[] = [
      (z) => binaryCrossEntropy(z.sigmoid(), filled(z, 1), none),
      (z) => binaryCrossEntropyWithLogits(z, filled(z, 1), none),
      (z) => binaryCrossEntropyWithLogits(z, filled(z, 0), none),
      (z) => crossEntropy(rows(z), filled(z, 0).cast('int32') as Tensor, none),
      (z) => crossEntropy(rows(z), filled(z, 1).cast('int32') as Tensor, none),
    ]
    const wanted = [
      (z: number) => Math.min(softplus(-z), 126 * Math.LN2),
      (z: number) => softplus(-z),
      softplus,
      (z: number) => softplus(-z),
      softplus,
    ]
    losses.forEach((f, k) => {
      for (const [way, run] of Object.entries(waysOf(f))) {
        const [values] = run(tensor(zs))
        expect(off(values!, zs.map(wanted[k]!), zs, 3e-6, 2 * smallest), `${k}, ${way}`).toEqual([])
      }
    })
  })
})
