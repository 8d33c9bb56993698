import { checked } from '../../graph/arguments.js'
import { Cache } from '../../graph/cache.js'
import { ArgumentError, GradientError, ShapeError } from '../../graph/errors.js'
import { refuseForeignTensor } from '../../graph/foreign.js'
import { Node } from '../../graph/node.js'
import { broadcastShapes } from '../../graph/shape.js'
import { shown } from '../../graph/words.js'
import { broadcastTo } from '../../ops/broadcast.js'
import { toFloat } from '../../ops/cast.js'
import { constant } from '../../ops/constant.js'
import { composed } from '../../ops/define.js'
import type { Operand } from '../../ops/elementwise.js'
import * as kinds from '../../ops/kinds.js'
import { stack } from '../../ops/layout.js'
import { unbind } from '../../ops/split.js'
import type { AnyTensor, Tensor } from '../../tensor/tensor.js'
import { Num, type Scalar } from '../num.js'
import { requireOne } from '../reverse.js'
import { columns } from './columns.js'
import { type Traced, traced } from './element.js'

interface Program {
  readonly traced: Traced
  /** Whether there is one result that stands in no array. */
  readonly isOne: boolean
}

/**
 * The tensor op that applies a scalar function to each row, which is a line along the last axis: of a tensor `[..., n]` it makes one of
 * `[...]`, or `[..., m]` where the function gives an array of m Nums. Several tensors are taken row by row; their other axes
 * broadcast. It is made of ops on columns, so it has derivatives of every order, and compiles.
 *
 * The function is run once for each length of rows: it may not branch on elements (`select` chooses) or read their values.
 *
 * @param f a function of one or more arrays of Nums that gives a Num or an array of Nums; its name is that of the op
 * @throws GradientError if it branches on an element, reads its value, uses other Nums, or gives no Num; ShapeError for a tensor
 * without axes
 * @example
 * const polar = scalar.rowwise(([x, y]: scalar.Num[]) => [x.hypot(y), y.atan2(x)])
 * polar(tensor([[3, 4], [0, 2]]))   // [[5, Math.atan2(4, 3)], [2, Math.PI / 2]]
 */
export const rowwise = /* @__PURE__ */ checked(
  'scalar.rowwise',
  { f: kinds.function },
  (f: (...rows: Num[][]) => Num | readonly Num[]): ((...tensors: readonly AnyTensor[]) => Tensor) => {
    const programs = new Cache<string, Program>(32)
    const call = (...tensors: readonly Node[]): Node => {
      const lengths = tensors.map((tensor, i) => lengthOf(tensor, i))
      const key = lengths.join()
      const program = programs.get(key) ?? programs.set(key, programOf(f, lengths))
      return run(program, tensors.map(toFloat))
    }
    return composed(f.name || 'rowwise', { call, samples: [] }) as unknown as (
      ...tensors: readonly AnyTensor[]
    ) => Tensor
  },
)

const lengthOf = (tensor: unknown, position: number): number => {
  const what = `scalar.rowwise: tensor ${position + 1}`
  if (!(tensor instanceof Node)) {
    refuseForeignTensor(what, tensor)
    throw new ArgumentError(`${what} is ${shown(tensor)}; pass tensors alone, whose rows lie along the last axis.`)
  }
  const length = tensor.sizes.at(-1)
  if (length === undefined) throw new ShapeError(`${what} is ${tensor}, which has no rows; pass at least one axis.`)
  return length
}

const programOf = (f: (...rows: Num[][]) => unknown, lengths: readonly number[]): Program => {
  let isOne = false
  const found = traced(
    'scalar.rowwise',
    lengths.reduce((sum, length) => sum + length, 0),
    (elements) => {
      let next = 0
      const rows = lengths.map((length) => {
        next += length
        return elements.slice(next - length, next)
      })
      const result = f(...rows)
      isOne = !Array.isArray(result)
      return isOne ? [requireOne('scalar.rowwise', result)] : requireNums(result as readonly unknown[])
    },
  )
  return { traced: found, isOne }
}

const requireNums = (results: readonly unknown[]): readonly Scalar[] => {
  const wrong = results.find((result) => typeof result !== 'number' && !(result instanceof Num))
  if (results.length === 0 || wrong !== undefined) {
    throw new GradientError(
      `scalar.rowwise: the function returned ${shown(results)}; return a Num, or an array of one or more Nums.`,
    )
  }
  return results as readonly Scalar[]
}

const run = ({ traced: { resultsIn }, isOne }: Program, tensors: readonly Node[]): Node => {
  const shape = broadcastShapes(
    'scalar.rowwise',
    tensors.map(({ sizes }) => sizes.slice(0, -1)),
  )
  const elements = tensors.flatMap((tensor) => unbind(tensor, -1))
  const found = resultsIn<Operand>(columns, (index) => elements[index]!).map((result) =>
    result instanceof Node ? broadcastTo(result, shape) : constant(tensors[0]!, result as number, shape),
  )
  return isOne ? found[0]! : stack(found, -1)
}
