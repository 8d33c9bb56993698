import { concat } from '../../ops/slice.js'
import { fromData } from '../../tensor/creation.js'
import type { Tensor } from '../../tensor/tensor.js'
import { customOp } from '../../transforms/custom.js'
import { pushed } from '../forward.js'
import type { Num, Scalar } from '../num.js'
import { reversed } from '../reverse.js'
import { isFollowed } from '../structure.js'

/** A program of so many Nums that takes numbers as well: then it gives numbers. */
export type NumberProgram = (leaves: readonly Scalar[]) => readonly Scalar[]

/** A program that takes numbers alone as well: it is run on the tape, of which nothing is kept. */
export const withNumbers = (name: string, program: (leaves: readonly Num[]) => readonly Scalar[]): NumberProgram => {
  return (leaves) =>
    isFollowed(leaves)
      ? program(leaves as readonly Num[])
      : reversed(name, leaves, false, program, ({ values }) => values)
}

/**
 * The op of a program: from a float64 vector to a float64 vector. Its derivatives are ops of the programs that compute them, so there
 * are those of every order: in reverse by the tape, or by symbols where the tape is at work on the derivative itself, and forward by
 * dual numbers.
 */
export const vectorOp = (name: string, count: number, program: NumberProgram): ((x: Tensor) => Tensor) => {
  const pullback: NumberProgram = (leaves) =>
    reversed(name, leaves.slice(0, count), isFollowed(leaves), program, ({ pull }) =>
      Array.from(pull(leaves.slice(count))),
    )
  const pushforward: NumberProgram = (leaves) =>
    pushed(leaves.slice(0, count), [leaves.slice(count)], program).tangents[0]!
  let pulled: ((x: Tensor) => Tensor) | undefined
  let moved: ((x: Tensor) => Tensor) | undefined
  return customOp({
    name,
    forward: (x) => {
      const found = program(Array.from((x as Tensor).data)) as readonly number[]
      return fromData(Float64Array.from(found), [found.length], 'float64')
    },
    vjp: (cotangent, [x]) => {
      pulled ??= vectorOp(`${name}.vjp`, count + cotangent.sizes[0]!, pullback)
      return [pulled(concat([x!, cotangent]) as Tensor)]
    },
    jvp: ([tangent], [x]) => {
      moved ??= vectorOp(`${name}.jvp`, 2 * count, pushforward)
      return moved(concat([x!, tangent!]) as Tensor)
    },
  }) as unknown as (x: Tensor) => Tensor
}
