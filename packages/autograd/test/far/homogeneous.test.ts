import { jvp, type Tensor, tensor, vjp } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { materialize } from '../../src/gradcheck/operators.js'
import { isFloat } from '../../src/graph/dtype.js'
import { sizeOf } from '../../src/graph/shape.js'
import { rebuild } from '../../src/graph/tree.js'
import { table } from '../../src/ops/index.js'
import { rules } from '../../src/rules/index.js'
import { ways as compiledWays, tensorsOf, type Wrap } from '../compile/harness.js'
import { elsewhere } from './elsewhere.js'
import { eagerWays, type Fn } from './ways.js'

// What an op gives of tensors times a power of 2 is what it gives of the tensors, times a power of that, as long as nothing
// on the way is out of range. So every op that is no function of single elements is tried over the whole range.

/** Of each tensor of floats among the arguments, in their order (the last stands for those after it). */
type Degrees = readonly number[] | ((inputs: readonly Tensor[], y: Tensor) => readonly number[])

const together = (name: string): [string, Degrees] => [name, [1]]
const degreesOf = new Map<string, Degrees>([
  ...'broadcastTo reshape sum at expandDims flatten permute ravel squeeze stack swapAxes transpose'.split(' ').map(together), // biome-ignore format: a list
  ...'concat flip slice max min mean norm standardDeviation gather indexSelect scatterAdd cumSum cumMax cumMin sort median quantile nanSum nanMean diff'.split(' ').map(together), // biome-ignore format: a list
  ...'moveAxis roll rot90 tile repeat unfold indexAdd'.split(' ').map(together),
  ...'trace diagonal diag tril triu im2col col2im interpolate pixelShuffle pixelUnshuffle'.split(' ').map(together),
  ...['maxPool', 'avgPool', 'lpPool', 'adaptiveAvgPool', 'adaptiveMaxPool'].flatMap((name) =>
    [1, 2, 3].map((rank) => together(`${name}${rank}d`)),
  ),
  ['einsum', (inputs) => [inputs.length]],
  ['variance', [2]],
  ['prod', ([x], y) => [sizeOf(x!.shape) / sizeOf(y.shape)]],
])
/** Linear in each: their factors may differ. The masked attention is so in its values alone. */
const factors = new Map<string, readonly number[]>([
  ['matmul', [1, 1]],
  ...'tensordot outer inner dot kron cross conv1d conv2d conv3d convTranspose1d convTranspose2d convTranspose3d'
    .split(' ')
    .map((name) => [name, [1, 1]] as const),
  ['gridSample', [1, 0]],
  ['scaledDotProductAttention', [0, 0, 1, 0]],
])
const others = Object.values<readonly string[]>(elsewhere)
  .flat()
  .filter((name) => !(name in rules || factors.has(name)))

const differentiable = table.filter(({ opName, differentiable }) => !(opName in rules) && differentiable)

test('every op of several elements is tried far out', () => {
  const known = [...degreesOf.keys(), ...factors.keys(), ...others]
  expect(known).toEqual(expect.arrayContaining(differentiable.map(({ opName }) => opName)))
})

/** Exponents of the factors: of all tensors, or of the first and the others. */
const exponents = {
  float64: { one: [-1000, -530, 530, 1000], two: [[1000, -950], [-950, 1000], [500, 500], [-480, -480]] }, // biome-ignore format: pairs
  float32: { one: [-115, -66, 66, 115], two: [[115, -100], [-100, 115], [60, 55], [-55, -55]] }, // biome-ignore format: pairs
} as const
const tolerance = { float64: 1e-14, float32: 4e-6 } as const

/** In steps, since the power itself may be out of range. */
const times = (list: ArrayLike<number>, power: number): number[] => {
  const third = Math.trunc(power / 3)
  return Array.from(list, (x) => x * 2 ** third * 2 ** third * 2 ** (power - 2 * third))
}
const scaled = (x: Tensor, power: number): Tensor =>
  tensor(times(x.data, power), { dtype: x.dtype }).reshape(x.shape) as Tensor
const waves = (like: Tensor, shift: number): Tensor =>
  tensor(Array.from({ length: like.size }, (_, i) => Math.cos(i + shift)), { dtype: like.dtype }).reshape(like.shape) as Tensor // biome-ignore format: a call

const ways: readonly (readonly [string, Wrap])[] = [...eagerWays, ...compiledWays]

describe.each(ways)('%s', (_, wrap) => {
  test.each(differentiable.filter(({ opName }) => !others.includes(opName)).map((op) => [op.opName, op] as const))(
    '%s of tensors of any size: value, cotangents and tangents',
    (name, op) => {
      for (const sample of op.samples) {
        for (const dtype of ['float64', 'float32'] as const) {
          const args = materialize(sample, 0, dtype)
          const tensors = tensorsOf(args)
          const floats = tensors.flatMap((x, i) => (isFloat(x.dtype) ? [i] : []))
          const inputs = floats.map((i) => tensors[i]!)
          const f: Fn = (...given) => {
            const all = tensors.map((x, i) => (floats.includes(i) ? given[floats.indexOf(i)]! : x))
            return (op as unknown as (...args: unknown[]) => Tensor)(...(rebuild(args, all) as unknown[]))
          }
          const plain = f(...inputs)
          if (plain.size === 0 || (dtype === 'float32' && plain.dtype !== dtype)) continue
          const weights = waves(plain, 1)
          const along = inputs.map((x) => waves(x, 2))
          const made = {
            value: wrap(f),
            pull: wrap((...given: Tensor[]) => vjp(f, ...given)[1](weights) as Tensor[]),
            push: inputs.map((_, k) =>
              wrap((...given: Tensor[]) => jvp((x: Tensor) => f(...given.with(k, x)), [given[k]!], [along[k]!])[1]),
            ),
          }
          const base = { pull: made.pull(...inputs), push: made.push.map((push) => push(...inputs) as Tensor) }
          const list = (x: Tensor) => [...x.data]
          const [bases, pushes] = [base.pull.map(list), base.push.map(list)]
          const value = list(made.value(...inputs))
          const close = (what: string, got: Tensor, wanted: readonly number[]) => {
            const size = Math.max(...wanted.map(Math.abs))
            const off = list(got).findIndex((x, i) => !(Math.abs(x - wanted[i]!) <= tolerance[dtype] * size))
            expect(off < 0 ? '' : `${what}: element ${off} is ${got.data[off]} instead of ${wanted[off]}`).toBe('')
          }
          const degrees = factors.get(name) ?? degreesOf.get(name)!
          const degree = typeof degrees === 'function' ? degrees(inputs, plain) : degrees
          const degreeAt = (k: number) => degree[k] ?? degree.at(-1)!
          const steps: readonly (readonly number[])[] = factors.has(name)
            ? exponents[dtype].two.map(([p, q]) => inputs.map((_, k) => (degreeAt(k) === 0 ? 0 : k === 0 ? p : q)))
            : exponents[dtype].one.map((p) => inputs.map(() => Math.trunc(p / Math.max(1, degreeAt(0)))))
          for (const powers of steps) {
            const total = factors.has(name)
              ? powers.reduce((sum, power, k) => sum + power * degreeAt(k), 0)
              : powers[0]! * degreeAt(0)
            const given = inputs.map((x, k) => scaled(x, powers[k]!))
            const what = `${dtype} ${inputs} times 2^${powers}`
            close(what, made.value(...given), times(value, total))
            made.pull(...given).forEach((cotangent, k) => {
              close(`cotangent ${k}, ${what}`, cotangent, times(bases[k]!, total - powers[k]!))
            })
            made.push.forEach((push, k) => {
              close(`tangent ${k}, ${what}`, push(...given) as Tensor, times(pushes[k]!, total - powers[k]!))
            })
          }
        }
      }
    },
  )
})
