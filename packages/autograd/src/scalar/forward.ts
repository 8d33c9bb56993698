import { checked } from '../graph/arguments.js'
import { GradientError } from '../graph/errors.js'
import * as kinds from '../graph/kinds.js'
import { plainly, within } from './context.js'
import { Dual } from './dual.js'
import { Num, nextLevel, outOfPlace, type Scalar, settled } from './num.js'
import { none } from './recording/codes.js'
import { Tangents } from './recording/tangents.js'
import { isFollowed, Structure } from './structure.js'
import { Trace } from './trace.js'
import type { ArgumentsOf, ResultOf } from './types.js'

/** A program run on dual numbers: what it gave, and for each direction the derivatives of that. */
export const pushed = (
  leaves: readonly Scalar[],
  directions: readonly (readonly Scalar[])[],
  program: (leaves: readonly Num[]) => readonly Scalar[],
): { readonly values: readonly Scalar[]; readonly tangents: readonly (readonly Scalar[])[] } => {
  if (isFollowed(leaves, ...directions)) return bySymbols(leaves, directions, program)
  const level = nextLevel()
  const duals = leaves.map(
    (leaf, i) =>
      new Dual(
        leaf,
        directions.map((direction) => direction[i]!),
        level,
      ),
  )
  const results = within(plainly, () => program(duals)).map(settled)
  const own = results.map((result) => (result instanceof Dual && result.level === level ? result : null))
  return {
    values: results.map((result, i) => own[i]?.primal ?? result),
    tangents: directions.map((_, k) => own.map((dual) => dual?.tangents[k] ?? 0)),
  }
}

const bySymbols: typeof pushed = (leaves, directions, program) => {
  const trace = new Trace()
  const roots = trace.run(leaves, (symbols) => trace.nodesOf(program(symbols)))
  trace.passGuards()
  const more = directions.flat()
  const tangents = directions.map((direction) =>
    new Tangents(trace.recording, trace.nodesOf(direction))
      .of(roots)
      .map((node) => (node === none ? trace.nodeOf(0, 'return') : node)),
  )
  return { values: trace.computed(roots), tangents: tangents.map((nodes) => trace.computed(nodes, more)) }
}

/**
 * The value of a function and its derivative along tangents of its arguments, in forward mode: as the function is computed, without
 * a tape. The function gives a Num, or a tree of Nums.
 *
 * @param args all arguments, each numbers in a tree
 * @param tangents one for each argument, in the same form
 * @throws ShapeError for tangents of another form; GradientError if the function gives no Nums
 * @example scalar.jvp((x: scalar.Num, y: scalar.Num) => x.mul(y), [3, 4], [1, 0])   // [12, 4]
 */
export const jvp = /* @__PURE__ */ checked(
  'scalar.jvp',
  { f: kinds.function, args: kinds.array, tangents: kinds.array },
  <Args extends unknown[], T, const A extends ArgumentsOf<Args>, const V extends NoInfer<ArgumentsOf<Args>>>(
    f: (...args: Args) => T,
    args: A,
    tangents: V,
  ): [value: ResultOf<T, [A, V]>, tangent: ResultOf<T, [A, V]>] => {
    const structure = Structure.of('scalar.jvp: args', args)
    const direction = structure.like('scalar.jvp: tangents', tangents)
    const followed = isFollowed(structure.leaves, direction)
    let given: Structure | null = null
    const { values, tangents: along } = pushed(structure.leaves, [direction], (leaves) => {
      given = resultOf('scalar.jvp', f(...(structure.of(leaves) as Args)))
      return given.leaves
    })
    if (!followed && isFollowed(values, along[0]!)) throw outOfPlace('scalar.jvp', true)
    const result = given! as Structure
    return [result.derivative(values, followed), result.derivative(along[0]!, followed)] as [
      ResultOf<T, [A, V]>,
      ResultOf<T, [A, V]>,
    ]
  },
)

/** What a function of several results gave. */
export const resultOf = (transform: string, result: unknown): Structure => {
  const structure = Structure.of(`${transform}: the function returned a result that`, result)
  if (!structure.leaves.some((leaf) => leaf instanceof Num)) {
    throw new GradientError(
      `${transform}: the function returned no Num. If it computes with .value, what it computes has no derivative; if it is ` +
        'constant, return constant(...).',
    )
  }
  return structure
}
