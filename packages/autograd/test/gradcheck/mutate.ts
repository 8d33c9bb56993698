import { customOp, type Tensor } from '@adjoint/autograd'
import type { Node, Op, Recorded } from '../../src/graph/node.js'
import { link } from '../../src/graph/node.js'
import { parameterBit } from '../../src/graph/tracking.js'
import { mapTree } from '../../src/graph/tree.js'
import { linkAll, makerOf, Tuple } from '../../src/graph/tuple.js'
import { share } from '../../src/graph/value.js'
import { fromRule } from '../../src/ops/elementwise.js'
import type { Rule } from '../../src/rules/rule.js'

export type F = (...args: Tensor[]) => Tensor

/** An elementwise op whose rule was changed. */
export const withRule = (rule: Rule, change: Partial<Rule>): F =>
  fromRule({ ...rule, primitive: false, ...change }) as unknown as F

interface Rules {
  readonly vjp: (cotangent: Node, node: Recorded, index: number, right: () => Node) => Node | null
  readonly jvp: (tangents: readonly (Node | null)[], node: Recorded, right: () => Node) => Node | null
}

const alias: Op<null> = { name: 'alias', vjp: (cotangent) => [cotangent], jvp: ([tangent]) => tangent! }
/** The same, for which `backward` asks too: so what is made of it remembers its past, in forward mode as well. */
const remembered = (x: Node): Node => {
  const copy = link(share(x.value), alias, [x], null)
  if (copy.tracking !== 0) copy.tracking |= parameterBit
  return copy
}

/** The function with other derivative rules for the op that gave its result; each rule may ask for what is right. */
export const withRules =
  (f: F, { vjp, jvp }: Partial<Rules>): F =>
  (...args) => {
    const result = f(...(mapTree(args, 'arguments', remembered) as Tensor[]))
    const maker = makerOf(result)
    const { op } = maker
    if (op === null) return result
    const { pull: _, ...others } = op
    const changed: Op = {
      ...others,
      vjp: (cotangent, node, wants) => {
        const right = op.vjp(cotangent, node, wants)
        if (vjp === undefined) return right
        return node.inputs.map((_, i) => (wants(i) ? vjp(cotangent, node, i, () => right[i]!) : null))
      },
      jvp: (tangents, node) => {
        const right = op.jvp(tangents, node)
        if (jvp === undefined) return right
        if (!(right instanceof Tuple)) return jvp(tangents, node, () => right!)
        return new Tuple(right.parts.map((part) => part && jvp(tangents, node, () => part)))
      },
    }
    if (!(maker instanceof Tuple)) return link(result.value, changed, result.inputs, result.attrs) as Tensor
    const values = maker.parts.map((part) => part!.value)
    return linkAll(values, changed, maker.inputs, maker.attrs)[maker.parts.indexOf(result)] as Tensor
  }

/** x -> matrix x, differentiated as if the matrix were another one. */
export const linearMap = (matrix: Tensor, backward: Tensor, forward: Tensor = matrix): F =>
  customOp({
    name: 'linearMap',
    forward: (x: Tensor) => matrix.matmul(x) as Tensor,
    vjp: (cotangent) => [backward.transpose().matmul(cotangent) as Tensor],
    jvp: ([tangent]) => forward.matmul(tangent) as Tensor,
  })
