import { Cache } from '../graph/cache.js'
import { promote } from '../graph/dtype.js'
import { ArgumentError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { type Shape, sameShape } from '../graph/shape.js'
import { reshape, sum } from './broadcast.js'
import { cast } from './cast.js'
import { type Move, type Named, productOf, same, toOrder } from './contraction.js'
import { contractionOrder, type Pair } from './contraction-order.js'
import { composed } from './define.js'
import { walkTogether } from './diagonal.js'
import { random } from './facts.js'
import * as kinds from './kinds.js'
import { common, union } from './labels.js'
import { readSubscripts } from './subscripts.js'

interface Step {
  readonly pair: Pair
  readonly run: (a: Node, b: Node) => Node
}
interface Plan {
  /** What makes a factor of each operand. */
  readonly factors: readonly Move[]
  readonly steps: readonly Step[]
  readonly finish: Move
}
interface Made extends Named {
  readonly move: Move
}

/** Without the axes of size 1 that stretch to the size which others have: these are no axes of the product. */
const unstretched = ({ labels, shape }: Named, sizes: ReadonlyMap<string, number>): Made => {
  const isKept = (_: unknown, axis: number) => shape[axis] === sizes.get(labels[axis]!)
  const own = [...labels].filter(isKept).join('')
  const left = shape.filter(isKept)
  return { labels: own, shape: left, move: own === labels ? same : (x) => reshape(x, left) }
}

/** The diagonals where a label is repeated, summed over what nobody else names. */
const factorOf = ({ labels, shape, move }: Made, others: string): Made => {
  const once = common(labels, labels)
  const places = [...once].map((label) => [...labels].flatMap((other, axis) => (other === label ? [axis] : [])))
  const alone = [...once].flatMap((label, axis) => (others.includes(label) ? [] : [axis]))
  const toDiagonal: Move = once === labels ? move : (x) => walkTogether(move(x), places)
  const own = common(once, others)
  return {
    labels: own,
    shape: [...own].map((label) => shape[labels.indexOf(label)]!),
    move: alone.length === 0 ? toDiagonal : (x) => sum(toDiagonal(x), alone),
  }
}

const planOf = (text: string, shapes: readonly Shape[]): Plan => {
  const { operands, result, sizes } = readSubscripts(text, shapes)
  const own = operands.map((labels, i) => unstretched({ labels, shape: shapes[i]! }, sizes))
  /** The labels of all but these, and of the result. */
  const besides = (list: readonly Named[], some: ReadonlySet<number>): string =>
    list.map(({ labels }, i) => (some.has(i) ? '' : labels)).join('') + result
  const factors = own.map((made, i) => factorOf(made, besides(own, new Set([i]))))
  const made: Named[] = [...factors]
  const multiplied = new Set<number>()
  const order = contractionOrder(
    factors.map(({ labels }) => labels),
    result,
    sizes,
  )
  const steps = order.map((pair): Step => {
    for (const position of pair) multiplied.add(position)
    // the last product has the order of the result, where it can
    const { run, ...product } = productOf(made[pair[0]]!, made[pair[1]]!, union(result, besides(made, multiplied)))
    made.push(product)
    return { pair, run }
  })
  return { factors: factors.map(({ move }) => move), steps, finish: toOrder(made.at(-1)!, result) }
}

interface Known {
  readonly shapes: readonly Shape[]
  readonly plan: Plan
}

// a program has its few subscripts, and reads them again and again; most of them have the same shapes each time
const plans = /* @__PURE__ */ new Cache<string, Plan>(256)
const latest = /* @__PURE__ */ new Cache<string, Known>(256)

const planFor = (text: string, operands: readonly Node[]): Plan => {
  const known = latest.get(text)
  if (known !== undefined && haveShapes(operands, known.shapes)) return known.plan
  const shapes = operands.map(({ sizes }) => sizes)
  const key = `${text} ${shapes.join(';')}`
  const plan = plans.get(key) ?? plans.set(key, planOf(text, shapes))
  latest.set(text, { shapes, plan })
  return plan
}

const haveShapes = (operands: readonly Node[], shapes: readonly Shape[]): boolean => {
  if (operands.length !== shapes.length) return false
  for (let i = 0; i < shapes.length; i++) if (!sameShape(operands[i]!.sizes, shapes[i]!)) return false
  return true
}

/**
 * Einstein's summation: the product of tensors whose axes are named by letters, summed over each letter that the result
 * does not name. Without '->' the result has the letters that stand in the text once, in alphabetical order; '...' stands
 * for axes without a name, which broadcast. Products are made two at a time in the cheapest order.
 */
export const einsum = composed('einsum', {
  takes: { subscripts: kinds.string, operands: kinds.rest(kinds.tensor) },
  call: (subscripts: string, ...operands: readonly Node[]): Node => {
    const { factors, steps, finish } = planFor(subscripts, operands)
    let dtype = operands[0]!.dtype
    for (const operand of operands) dtype = promote(dtype, operand.dtype)
    const made: Node[] = []
    for (let i = 0; i < operands.length; i++) made.push(factors[i]!(cast(operands[i]!, dtype)))
    for (const { pair, run } of steps) made.push(run(made[pair[0]]!, made[pair[1]]!))
    // sums of truth values are numbers
    return finish(cast(made[made.length - 1]!, dtype))
  },
  samples: [
    ['ij,jk->ik', random(2, 3), random(3, 4)],
    ['ij,jk', random(2, 3), random(3, 2)],
    ['ba', random(2, 3)],
    ['ii', random(3, 3)],
    ['ii->i', random(3, 3)],
    ['iji->j', random(2, 3, 2)],
    ['i,j->ji', random(2), random(3)],
    ['ij->', random(2, 3)],
    ['i,i->', random(3), random(3)],
    ['bij,bjk->bik', random(2, 2, 3), random(2, 3, 2)],
    ['...ij,...j->...i', random(2, 2, 3), random(3)],
    ['bqhd,bkhd->bhqk', random(1, 2, 2, 3), random(1, 3, 2, 3)],
    ['ij,ij,j->i', random(2, 3), random(2, 3), random(3)],
    ['ij,jk,kl,lm->im', random(2, 3), random(3, 2), random(2, 3), random(3, 2)],
    ['ij,j->i', random(2, 1), random(3)],
    ['ij,k->k', random(2, 3), random(2)],
    [',i->i', random(), random(2)],
    ['ab,bc->ca', random(2, 0), random(0, 3)],
  ],
  errors: [
    {
      args: ['ij,jk->ik', random(2, 3), random(4, 2)],
      error: ShapeError,
      says: ["'j' is 3 in operand 0", '4 in operand 1'],
    },
    { args: ['ii', random(2, 3)], error: ShapeError, says: ["'i' is 2 in operand 0 and 3 in operand 0", 'one size'] },
    { args: ['...,...', random(2), random(3)], error: ShapeError, says: ["axis -1 of '...' is 2", '3 in operand 1'] },
    { args: ['ij,jk->iz', random(2, 3), random(3, 2)], error: ArgumentError, says: ["'z'", 'ij,jk->iz\n          ^'] },
    {
      args: ['ij->ii', random(2, 3)],
      error: ArgumentError,
      says: ["'i' stands in the result twice", 'ij->ii\n       ^'],
    },
    { args: ['ij1', random(2, 3)], error: ArgumentError, says: ["'1' names no axis", 'ij1\n    ^'] },
    { args: ['i.j', random(2, 3)], error: ArgumentError, says: ['three', 'i.j\n   ^'] },
    { args: ['...i...', random(2, 3)], error: ArgumentError, says: ['second time', '...i...\n      ^'] },
    { args: ['ij-', random(2, 3)], error: ArgumentError, says: ["write '->' once", 'ij-\n    ^'] },
    { args: ['ij->i->j', random(2, 3)], error: ArgumentError, says: ["write '->' once", 'ij->i->j\n       ^'] },
    { args: ['ij->i,j', random(2, 3)], error: ArgumentError, says: ['comma in the result', 'ij->i,j\n       ^'] },
    { args: ['i...->i', random(2, 3)], error: ArgumentError, says: ["lacks '...'", 'i...->i\n        ^'] },
    { args: ['ij,j', random(2, 3)], error: ArgumentError, says: ['of 2 operands, and 1 are given'] },
    {
      args: ['i,jk', random(2), random(3)],
      error: ArgumentError,
      says: ['operand 1 has shape [3], and 2 axes', 'i,jk\n    ^'],
    },
    { args: ['i', random(2, 3)], error: ArgumentError, says: ['[2, 3], and 1 axes', "'...'", 'i\n  ^'] },
  ],
})
