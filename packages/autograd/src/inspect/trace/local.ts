import { whereItRan } from '../../graph/batched.js'
import type { Node, Op, Recorded } from '../../graph/node.js'
import { sameShape, sizeOf } from '../../graph/shape.js'
import { withTracking } from '../../graph/tracking.js'
import { Tuple } from '../../graph/tuple.js'
import { denseData } from '../../graph/value.js'
import { constant, constantOf } from '../../ops/constant.js'
import type { Expression } from '../../rules/expression.js'
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
  const op = opOf(maker)
  if (op === null || node instanceof Tuple) return maker.inputs.map(() => null)
  const rule = new OneRule(node, maker, op, kernel, limit)
  return whereItRan(node, () => withTracking(0, () => rule.locals(nameOf)))
}

/** The derivative rule of one op, applied to ones and to unit vectors. */
class OneRule {
  private readonly examples: readonly number[]
  private readonly size: number
  private readonly partials: readonly Expression[] | undefined
  private readonly rows: (readonly (Node | null)[])[] = []

  constructor(
    private readonly node: Node,
    private readonly maker: Node,
    private readonly op: Op,
    private readonly kernel: string | null,
    private readonly limit: number,
  ) {
    this.examples = examplesOf(node.value)
    this.size = sizeOf(node.sizes)
    this.partials = op.formula?.partials()
  }

  locals(nameOf: (node: Node) => string): readonly (Local | null)[] {
    const { node, maker, size, partials } = this
    const { inputs } = maker
    const names = partials === undefined ? [] : [...inputs.map((input) => nameOf(originalOf(input))), nameOf(node)]
    // of all elements of the result at once: each input element has at most one of them to answer for
    const isAtOnce = size === 1 || inputs.some((input) => input.tracking !== 0 && this.isElementwise(input))
    const ofOnes = isAtOnce ? this.back(constant(node, 1, node.sizes)) : null
    if (size === 1) this.rows[0] = ofOnes!
    return inputs.map((input, index) => {
      if (input.tracking === 0) return null
      return this.isElementwise(input)
        ? this.elementwise(ofOnes![index] ?? null, index, names)
        : this.matrix(input, index)
    })
  }

  private isElementwise(input: Node): boolean {
    const { examples, size, partials, kernel } = this
    return (
      sizeOf(input.sizes) === size &&
      sameShape(examplesOf(input.value), examples) &&
      (size === 1 || partials !== undefined || kernel === 'reshape')
    )
  }

  private elementwise(factor: Node | null, index: number, names: readonly string[]): Local | null {
    if (factor === null) return null
    const text = this.partials?.[index]
    return {
      kind: 'elementwise',
      formula: text === undefined ? null : formulaText(text, names),
      factor: quantityOf(wholeValue(factor.value, this.examples), this.limit),
    }
  }

  private matrix(input: Node, index: number): Local {
    const { examples, size, limit } = this
    const columns = sizeOf(input.sizes)
    const [outside, inside] = [sizeOf(examples), sizeOf(examplesOf(input.value))]
    if (outside * inside !== 1 || size * columns > limit) {
      return { kind: 'matrix', rows: outside * size, columns: inside * columns }
    }
    const matrix = Array.from({ length: size }, (_, i) => elementsOf(this.row(i)[index] ?? null, columns))
    return { kind: 'matrix', rows: size, columns, matrix }
  }

  private row(i: number): readonly (Node | null)[] {
    this.rows[i] ??= this.back(unit(this.node, i))
    return this.rows[i]
  }

  private back(cotangent: Node): readonly (Node | null)[] {
    const { node, maker, op } = this
    // of an op of several results, this is the one that takes part
    const given = maker === node ? cotangent : node.op!.vjp(cotangent, node as Recorded, every)[0]!
    return op.vjp(given, maker as Recorded, (index) => maker.inputs[index]!.tracking !== 0)
  }
}

const unit = (like: Node, place: number): Node => {
  const numbers = new Array<number>(sizeOf(like.sizes)).fill(0)
  numbers[place] = 1
  return constantOf(like, numbers, like.sizes, like.dtype)
}

const elementsOf = (node: Node | null, size: number): readonly Element[] =>
  node === null ? new Array<number>(size).fill(0) : Array.from(denseData(wholeValue(node.value)), elementOf)
