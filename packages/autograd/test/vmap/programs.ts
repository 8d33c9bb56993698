import { compile, grad, jvp, stack, type Tensor, type VmapOptions, vjp, vmap } from '@adjoint/autograd'
import { isFloat } from '../../src/graph/dtype.js'

export type Tensors = readonly Tensor[]
export type Program = (...inputs: Tensor[]) => Tensor[]

export const mapped = (f: Program, options: VmapOptions): Program => vmap(f as never, options) as unknown as Program
export const compiled = (f: Program): Program => compile(f as never) as unknown as Program

const isDifferentiable = (x: Tensor): boolean => isFloat(x.dtype)
/** Something that depends on every element, and in another way on each. */
const weighted = (x: Tensor): Tensor => x.add(0.3).sin().sum()
const total = (all: Tensors): Tensor => all.map(weighted).reduce((a, b) => a.add(b))

/** The values of a function, and its derivatives by all floats that it is given: reverse, forward, and reverse twice. */
export const withDerivatives =
  (f: Program, differentiable: boolean): Program =>
  (...inputs) => {
    const values = f(...inputs)
    const isMoving = inputs.map(isDifferentiable)
    const moving = inputs.filter(isDifferentiable)
    if (!differentiable || moving.length === 0) return values
    const by = (...moved: Tensor[]): Tensor[] => {
      let next = 0
      return f(...inputs.map((input, i) => (isMoving[i] ? moved[next++]! : input))).filter(isDifferentiable)
    }
    const scalar = (...moved: Tensor[]): Tensor => total(by(...moved))
    const cotangents = (...moved: Tensor[]): Tensor[] => {
      const [found, pullback] = vjp(by as never, ...(moved as never[])) as unknown as [
        Tensor[],
        (c: Tensor[]) => Tensor[],
      ]
      return pullback(found.map((result) => result.mul(0.5).cos().detach()))
    }
    const gradient = (list: Tensor[]): Tensor[] => grad((at: Tensor[]) => total(cotangents(...at)))(list)
    const tangents = moving.map((x) => x.mul(0.7).add(0.1).detach())
    const along = jvp(scalar as never, moving as never, tangents as never)[1] as unknown as Tensor
    return [...values, ...cotangents(...moving), along, ...gradient(moving)]
  }

/** What a loop over the examples gives: of each tensor along its first axis, where it is batched. */
export const loop = (f: Program, inputs: Tensors, isBatched: readonly boolean[], size: number): Tensor[] => {
  const rows = Array.from({ length: size }, (_, i) =>
    f(...inputs.map((input, j) => (isBatched[j] ? input.at(i) : input))),
  )
  return rows[0]!.map((_, j) => stack(rows.map((row) => row[j]!)))
}

/** A function of several tensors as one of those that are floats; the others stay. */
export const byFloats =
  (f: Program, inputs: readonly Tensor[]) =>
  (floats: readonly Tensor[]): Tensor[] => {
    let next = 0
    return f(...inputs.map((input) => (isFloat(input.dtype) ? floats[next++]! : input)))
  }
