import { materialize } from '../../packages/autograd/src/gradcheck/samples.js'
import type { DType } from '../../packages/autograd/src/graph/dtype.js'
import { leavesOf, rebuild } from '../../packages/autograd/src/graph/tree.js'
import { grad, jvp, type Tensor, tensor, vjp } from '../../packages/autograd/src/index.js'
import type { Facts, Sample } from '../../packages/autograd/src/ops/facts.js'

// An op at one sample as a function of the tensors in it, and its derivatives as such functions.

export type Program = (...inputs: Tensor[]) => Tensor[]

export const isFloat = ({ dtype }: Tensor): boolean => dtype === 'float32' || dtype === 'float64'
const tensorsOf = (tree: unknown): Tensor[] => leavesOf(tree, 'the result').map(({ node }) => node as Tensor)

/** The op as a program of the tensors in a sample, these tensors, and which argument each of them stands in. */
export const programOf = (op: Facts, sample: Sample, seed = 0, float: DType = 'float64') => {
  const args = materialize(sample, seed, float)
  const call = op as unknown as (...given: readonly unknown[]) => unknown
  const program: Program = (...tensors) => tensorsOf(call(...(rebuild(args, tensors) as unknown[])))
  const positions = args.flatMap((arg, position) => tensorsOf(arg).map(() => position))
  return { program, inputs: tensorsOf(args), positions }
}

/** Numbers from -1 to 1 that are all different, as weights of elements. */
const weights = (like: Tensor, first: number): Tensor =>
  tensor(
    Array.from({ length: like.size }, (_, i) => Math.sin(first + 1.7 * i)),
    { dtype: like.dtype },
  ).reshape(like.shape) as Tensor

/**
 * The values, the cotangents and tangents of given ones, and the derivatives of the cotangents: none but the op itself stands
 * between what goes in and what comes out, so elements may be of any size. Up to `order`.
 */
export const derivativesOf =
  (f: Program, order: 0 | 1 | 2): Program =>
  (...inputs) => {
    const isMoving = inputs.map(isFloat)
    const moving = inputs.filter(isFloat)
    const values = f(...inputs)
    if (order === 0 || moving.length === 0 || !values.some(isFloat)) return values
    const by = (...moved: Tensor[]): Tensor[] => {
      let next = 0
      return f(...inputs.map((input, i) => (isMoving[i] ? moved[next++]! : input))).filter(isFloat)
    }
    const pulled = (...moved: Tensor[]): Tensor[] => {
      const [found, pull] = vjp(by as never, ...(moved as never[])) as unknown as [Tensor[], (c: Tensor[]) => Tensor[]]
      return pull(found.map((y, i) => weights(y, i)))
    }
    const along = moving.map((x, i) => weights(x, 5 + i))
    const pushed = jvp(by as never, moving as never, along as never)[1] as unknown as Tensor[]
    const first = [...values, ...pulled(...moving), ...pushed]
    if (order === 1) return first
    const total = (list: Tensor[]): Tensor =>
      pulled(...list)
        .map((cotangent, i) => cotangent.mul(weights(cotangent, 9 + i)).sum() as Tensor)
        .reduce((a, b) => a.add(b) as Tensor)
    return [...first, ...(grad(total as never)(moving as never) as unknown as Tensor[])]
  }

/**
 * Whether results agree: in what is not finite exactly, else to a tolerance relative to the largest element of each, and to
 * `rounding`: what weights of about 1 lose on the way where little of them is left.
 */
export const agree = (got: readonly Tensor[], wanted: readonly Tensor[], tolerance: number, rounding = 0): boolean =>
  got.length === wanted.length &&
  got.every((x, i) => {
    const y = wanted[i]!
    if (x.dtype !== y.dtype || String(x.shape) !== String(y.shape)) return false
    const [a, b] = [x.data, y.data]
    let scale = Number.MIN_VALUE
    for (const e of b) if (Number.isFinite(e)) scale = Math.max(scale, Math.abs(e))
    return a.every((e, k) => Object.is(e, b[k]) || e === b[k] || Math.abs(e - b[k]!) <= tolerance * scale + rounding)
  })
