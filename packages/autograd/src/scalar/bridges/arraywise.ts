import { checked } from '../../graph/arguments.js'
import { Cache } from '../../graph/cache.js'
import { ArgumentError, ShapeError } from '../../graph/errors.js'
import { refuseForeignTensor } from '../../graph/foreign.js'
import { Node } from '../../graph/node.js'
import { formatShape, type Shape, sizeOf } from '../../graph/shape.js'
import { shown } from '../../graph/words.js'
import { reshape } from '../../ops/broadcast.js'
import { cast } from '../../ops/cast.js'
import * as kinds from '../../ops/kinds.js'
import { concat } from '../../ops/slice.js'
import type { AnyTensor, Tensor } from '../../tensor/tensor.js'
import { resultOf } from '../forward.js'
import type { Num, Scalar } from '../num.js'
import type { Unsaid } from '../types.js'
import { vectorOp, withNumbers } from './vectors.js'

/** A Num, or an array of equal ones. */
export type NumArray = Num | readonly NumArray[]

/**
 * The tensor op that runs a scalar function on the elements of tensors: of each it gets an array, nested as its shape is (of a scalar
 * tensor a Num), and of the Num that it gives, or the nested arrays of such, a float64 tensor is made. Gradients flow through it, to
 * tensors and from tensors, in every order: those of the function are computed by the tape. A float32 tensor is cast on its way in, and its
 * gradient has its dtype.
 *
 * The function runs at each call, on the numbers, and may branch on them; where others are traced it runs too, in `compile` at each call
 * of what is compiled. The shape of what it gives is decided by the shapes that it gets. Much faster, where they do:
 * `elementwise` and `rowwise`.
 *
 * @param f a function of one or more arrays of Nums; its name is that of the op
 * @throws GradientError if it gives no Num; ShapeError if it gives arrays of different lengths side by side; ArgumentError for what is no
 * tensor
 * @example
 * const longest = scalar.arraywise((points: scalar.Num[][]) =>
 *   points.map(([x, y]) => x!.hypot(y!)).reduce((a, b) => (a.lt(b) ? b : a)))
 * grad(longest)(tensor([[3, 4], [1, 0]]))   // [[0.6, 0.8], [0, 0]]
 */
export const arraywise = /* @__PURE__ */ checked(
  'scalar.arraywise',
  { f: kinds.function },
  <A = Unsaid, B = Unsaid, C = Unsaid, D = Unsaid>(
    f: (a: A, b: B, c: C, d: D) => NumArray,
  ): ((...tensors: readonly AnyTensor[]) => Tensor) => {
    const name = f.name || 'arraywise'
    const ops = new Cache<string, ReturnType<typeof opOf>>(32)
    return (...tensors) => {
      tensors.forEach(requireTensor)
      const shapes = tensors.map(({ sizes }) => sizes)
      const key = shapes.map(formatShape).join()
      const op = ops.get(key) ?? ops.set(key, opOf(name, f as unknown as Fn, shapes))
      return op(tensors)
    }
  },
)

type Fn = (...arrays: unknown[]) => unknown

const requireTensor = (thing: unknown, position: number): void => {
  if (thing instanceof Node) return
  const what = `scalar.arraywise: tensor ${position + 1}`
  refuseForeignTensor(what, thing)
  throw new ArgumentError(`${what} is ${shown(thing)}; pass tensors alone, and close over anything else.`)
}

const opOf = (name: string, f: Fn, shapes: readonly Shape[]) => {
  const sizes = shapes.map(sizeOf)
  const count = sizes.reduce((sum, size) => sum + size, 0)
  let shape: Shape = []
  const program = (leaves: readonly Num[]): readonly Scalar[] => {
    const place = { at: 0 }
    const result = f(...shapes.map((each) => arrayOf(each, leaves, place)))
    const found = resultOf('scalar.arraywise', result).leaves
    shape = shapeOf(result)
    return found
  }
  const op = vectorOp(name, count, withNumbers('scalar.arraywise', program))
  return (tensors: readonly Node[]): Tensor => {
    const vectors = tensors.map((tensor, i) => reshape(cast(tensor, 'float64'), [sizes[i]!]))
    const result = op((vectors.length === 1 ? vectors[0] : concat(vectors)) as Tensor)
    return reshape(result, shape) as Tensor
  }
}

/** The next leaves as an array of such a shape. */
const arrayOf = (shape: Shape, leaves: readonly Num[], place: { at: number }): unknown => {
  const [length, ...rest] = shape
  if (length === undefined) return leaves[place.at++]
  return Array.from({ length }, () => arrayOf(rest, leaves, place))
}

const shapeOf = (result: unknown): Shape => {
  if (!Array.isArray(result)) return []
  const shapes = result.map(shapeOf)
  const [first = []] = shapes
  if (shapes.some((each) => formatShape(each) !== formatShape(first))) {
    throw new ShapeError(
      `scalar.arraywise: the function returned ${shown(result)}, whose entries have the shapes ` +
        `${shapes.map(formatShape).join(', ')}; a tensor has rows of one length.`,
    )
  }
  return [result.length, ...first]
}
