import { whereItRan } from '../../graph/batched.js'
import type { Node, Recorded } from '../../graph/node.js'
import { sameShape, sizeOf } from '../../graph/shape.js'
import { withTracking } from '../../graph/tracking.js'
import { Tuple } from '../../graph/tuple.js'
import { denseData } from '../../graph/value.js'
import { constant, constantOf } from '../../ops/constant.js'
import { examplesOf, wholeValue } from './examples.js'
import { formulaText } from './formula.js'
import { opOf, originalOf } from './history.js'
import { elementOf, quantityOf } from './quantity.js'
import type { Element, Local } from './schema.js'

const every = () => true

/** The local derivatives of the op that made a node, one for each input; null where nothing flows. */
export const localsOf = (
  node: Node,
  maker: Node,
  kernel: string | null,
  nameOf: (node: Node) => string,
  limit: number,
): readonly (Local | null)[] => {
  const { inputs } = maker
  const op = opOf(maker)
  if (op === null || node instanceof Tuple) return inputs.map(() => null)
  const back = (cotangent: Node): readonly (Node | null)[] => {
    // of an op of several results, this is the one that takes part
    const given = maker === node ? cotangent : node.op!.vjp(cotangent, node as Recorded, every)[0]!
    return op.vjp(given, maker as Recorded, (index) => inputs[index]!.tracking !== 0)
  }
  const examples = examplesOf(node.value)
  const size = sizeOf(node.sizes)
  const all = sizeOf(examples)
  return whereItRan(node, () =>
    withTracking(0, () => {
      const { formula } = op
      const partials = formula?.partials()
      const names = partials === undefined ? [] : [...inputs.map((input) => nameOf(originalOf(input))), nameOf(node)]
      const isElementwise = (input: Node) =>
        sizeOf(input.sizes) === size &&
        sameShape(examplesOf(input.value), examples) &&
        (size === 1 || partials !== undefined || kernel === 'reshape')
      // of all elements of the result at once: each input element has at most one of them to answer for
      const atOnce =
        size === 1 || inputs.some((input) => input.tracking !== 0 && isElementwise(input))
          ? back(constant(node, 1, node.sizes))
          : null
      const rows: (readonly (Node | null)[])[] = []
      const row = (i: number) => {
        rows[i] ??= size === 1 ? atOnce! : back(unit(node, i))
        return rows[i]
      }
      return inputs.map((input, index): Local | null => {
        if (input.tracking === 0) return null
        const columns = sizeOf(input.sizes)
        if (isElementwise(input)) {
          const factor = atOnce![index]
          if (factor === null || factor === undefined) return null
          const text = partials?.[index]
          return {
            kind: 'elementwise',
            formula: text === undefined ? null : formulaText(text, names),
            factor: quantityOf(wholeValue(factor.value, examples), limit),
          }
        }
        const inside = sizeOf(examplesOf(input.value))
        if (all * inside !== 1 || size * columns > limit) {
          return { kind: 'matrix', rows: all * size, columns: inside * columns }
        }
        const matrix = Array.from({ length: size }, (_, i) => elementsOf(row(i)[index] ?? null, columns))
        return { kind: 'matrix', rows: size, columns, matrix }
      })
    }),
  )
}

const unit = (like: Node, place: number): Node => {
  const numbers = new Array<number>(sizeOf(like.sizes)).fill(0)
  numbers[place] = 1
  return constantOf(like, numbers, like.sizes, like.dtype)
}

const elementsOf = (node: Node | null, size: number): readonly Element[] =>
  node === null ? new Array<number>(size).fill(0) : Array.from(denseData(wholeValue(node.value)), elementOf)
