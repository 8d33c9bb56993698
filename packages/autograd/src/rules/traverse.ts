import { type Algebra, expand } from './algebra.js'
import type { Apply, Expression } from './expression.js'
import { numbers } from './numbers.js'
import type { Rule } from './rule.js'
import { input, symbols } from './symbols.js'

/** Every node that the roots need, each once and after its arguments. */
export const inOrder = (roots: readonly Expression[]): Expression[] => listed(roots).nodes

/** The nodes that roots need as a list, in which arguments are places. */
export interface Listed {
  readonly nodes: Expression[]
  /** Where those of a node begin in `args`; where they end is where those of the next begin. */
  readonly first: Int32Array
  readonly args: Int32Array
  readonly roots: readonly number[]
}

export const listed = (roots: readonly Expression[]): Listed => {
  const places = new Map<Expression, number>()
  const nodes: Expression[] = []
  const path: Expression[] = []
  /** How many arguments of each node on the path are still to be looked at, the last first. */
  const left: number[] = []
  let edges = 0
  const enter = (node: Expression): void => {
    if (places.has(node)) return
    const count = node.kind === 'apply' ? node.args.length : 0
    edges += count
    path.push(node)
    left.push(count)
  }
  for (const root of roots) {
    enter(root)
    while (path.length > 0) {
      const last = path.length - 1
      const node = path[last]!
      const arg = left[last]! - 1
      if (arg >= 0) {
        left[last] = arg
        enter((node as Apply).args[arg]!)
        continue
      }
      places.set(node, nodes.push(node) - 1)
      path.pop()
      left.pop()
    }
  }
  const first = new Int32Array(nodes.length + 1)
  const args = new Int32Array(edges)
  let at = 0
  nodes.forEach((node, place) => {
    if (node.kind === 'apply') for (const arg of node.args) args[at++] = places.get(arg)!
    first[place + 1] = at
  })
  return { nodes, first, args, roots: roots.map((root) => places.get(root)!) }
}

/** Expressions that may be computed in any algebra, as often as they are wanted: shared subexpressions once, also between the roots. */
export type Prepared = <T>(m: Algebra<T>, inputAt: (index: number) => T) => T[]

export const prepared = (expressions: readonly Expression[]): Prepared => {
  const { nodes, first, args, roots } = listed(expressions)
  return <T>(m: Algebra<T>, inputAt: (index: number) => T): T[] => {
    const results: T[] = []
    for (let place = 0; place < nodes.length; place++) {
      const node = nodes[place]!
      if (node.kind === 'input') results.push(inputAt(node.index))
      else if (node.kind === 'constant') results.push(m.constant(node.value))
      else {
        const operands: T[] = []
        for (let i = first[place]!; i < first[place + 1]!; i++) operands.push(results[args[i]!]!)
        results.push(node.rule.primitive ? node.rule.value(m, ...operands) : m.apply(node.rule, ...operands))
      }
    }
    return roots.map((root) => results[root]!)
  }
}

/** The expressions computed in an algebra: shared subexpressions once, also between the roots. */
export const interpret = <T>(roots: readonly Expression[], m: Algebra<T>, inputAt: (index: number) => T): T[] =>
  prepared(roots)(m, inputAt)

const interpretOne = <T>(expression: Expression, m: Algebra<T>, inputAt: (index: number) => T): T =>
  interpret([expression], m, inputAt)[0]!

/** The number that an expression gives. */
export const evaluate = (expression: Expression, inputs: readonly number[]): number =>
  interpretOne(expression, numbers, (index) => inputs[index] ?? NaN)

/** The expression with `replacements[i]` in the place of input i; inputs without one stay. */
export const substitute = (expression: Expression, replacements: readonly (Expression | undefined)[]): Expression =>
  interpretOne(expression, symbols, (index) => replacements[index] ?? input(index))

/** The indices of the inputs that occur, in ascending order. */
export const inputsOf = (expression: Expression): number[] => {
  const indices = new Set<number>()
  for (const node of inOrder([expression])) if (node.kind === 'input') indices.add(node.index)
  return [...indices].sort((a, b) => a - b)
}

const expanding: Algebra<Expression> = {
  ...symbols,
  apply: (rule, ...operands) => (rule.primitive ? symbols.apply(rule, ...operands) : expand(expanding, rule, operands)),
}

/** What backends run: primitives only, and equal subexpressions are one object. */
export const lower = (expression: Expression): Expression => shareEqual(interpretOne(expression, expanding, input))

/** The same expression with equal subexpressions as one object. */
export const shareEqual = (expression: Expression): Expression => {
  const byKey = new Map<string, Expression>()
  const shared = new Map<Expression, Expression>()
  const ids = new Map<Expression | Rule, number>()
  const idOf = (part: Expression | Rule): number => {
    let id = ids.get(part)
    if (id === undefined) {
      id = ids.size
      ids.set(part, id)
    }
    return id
  }
  for (const node of inOrder([expression])) {
    let key: string
    let candidate = node
    if (node.kind === 'input') key = `input ${node.index}`
    else if (node.kind === 'constant') key = Object.is(node.value, -0) ? '-0' : String(node.value)
    else {
      const args = node.args.map((arg) => shared.get(arg)!)
      candidate = { ...node, args }
      key = `${idOf(node.rule)}(${args.map(idOf).join()})`
    }
    const known = byKey.get(key)
    if (known === undefined) byKey.set(key, candidate)
    shared.set(node, known ?? candidate)
  }
  return shared.get(expression)!
}
