import { evaluate } from '../../graph/batched.js'
import { type DType, isFloat } from '../../graph/dtype.js'
import { AxisError, DTypeError, GradientError, ShapeError } from '../../graph/errors.js'
import type { Formula } from '../../graph/formula.js'
import { latestId, Node } from '../../graph/node.js'
import { formatShape } from '../../graph/shape.js'
import { withOwnBit } from '../../graph/tracking.js'
import { UnknownElementsError } from '../../graph/unknown.js'
import { denseData, type Spec, share, type Value } from '../../graph/value.js'
import { type WatchedOp, withWatcher } from '../../graph/watcher.js'
import { shown } from '../../graph/words.js'
import { termsInOrder } from '../../program/order.js'
import { drained } from '../../program/pieces.js'
import type { Program } from '../../program/program.js'
import { argsOf, type Term, TracedValue } from '../../program/term.js'
import { traceProgram } from '../../program/trace.js'
import type { Expression } from '../../rules/expression.js'
import { unary } from '../../rules/rule.js'
import { constant, input, symbols } from '../../rules/symbols.js'
import { rules } from '../../rules/table.js'
import { inputsOf, substitute } from '../../rules/traverse.js'
import { tensor } from '../../tensor/creation.js'
import { historyOf, originalOf } from '../trace/history.js'

/** What has a value and, on purpose, no derivative: what stopGradient() and noGrad() give. */
export const stopped = /* @__PURE__ */ unary('stopGradient', { value: (_m, x) => x, partials: [() => 0], samples: [] })

type Fn = (...args: Node[]) => unknown

/**
 * What a function of so many numbers computes, over its inputs. It runs once, on tensors that have no elements; a function of
 * the table stays one node, and what has no derivative by the graph has none in the expression.
 *
 * @throws GradientError for what is no function of an element, in the words of a user
 */
export const recorded = (f: Fn, count: number): Expression => {
  const like: Node = tensor(0, { dtype: 'float64' })
  const ops = new Map<Term, WatchedOp>()
  const watcher = {
    op: <R>(op: WatchedOp, run: () => R): R => {
      const made = run()
      for (const value of valuesIn(made)) if (!ops.has(value.term)) ops.set(value.term, op)
      return made
    },
    rule: <R>(_node: unknown, run: () => R): R => run(),
    found: () => {},
  }
  return withOwnBit('derivative', (bit) => {
    const leaves = Array.from({ length: count }, () => like.make(share(like.value), bit))
    const start = latestId()
    const program = withWatcher(watcher, () => traced(f, leaves))
    refuseEffects(program)
    const root = rootOf(program)
    return new Reader(program, ops, like).read(root, start)
  })
}

const valuesIn = (made: unknown): readonly TracedValue[] => {
  if (made instanceof Node) return made.stored instanceof TracedValue ? [made.stored] : []
  return Array.isArray(made) ? made.filter((each) => each instanceof TracedValue) : []
}

const traced = (f: Fn, leaves: readonly Node[]): Program => {
  try {
    return traceProgram('derivative', (given) => f(...given), leaves)
  } catch (cause) {
    if (cause instanceof UnknownElementsError) {
      throw new GradientError(
        'derivative: f looks at the value of a tensor (by item(), data, toArray(), or as a number: x > 0), and a formula has ' +
          'none; choose between values with where().',
        { cause },
      )
    }
    if (cause instanceof ShapeError || cause instanceof AxisError) {
      throw new GradientError(
        `derivative: f is run on numbers, tensors of shape [], since a formula is of one element, and there it fails: ${cause.message} ` +
          'Leave out what joins or rearranges elements.',
        { cause },
      )
    }
    throw cause
  }
}

const refuseEffects = ({ effects: { changes, draws, checks } }: Program): void => {
  if (changes.length > 0) {
    throw new GradientError(
      'derivative: f gives a value or gradient to a tensor from outside (by assign or backward), which is no part of a ' +
        'formula; return the result instead.',
    )
  }
  if (draws.length > 0) {
    throw new GradientError(
      'derivative: f draws random numbers, and a formula has none; make what is drawn an argument of f.',
    )
  }
  if (checks.length > 0) {
    throw new GradientError('derivative: f looks at values by verify(), and a formula has none; leave that out.')
  }
}

const rootOf = ({ tree }: Program): Node => {
  if (!(tree instanceof Node)) {
    throw new GradientError(
      `derivative: f returned ${shown(tree)}; return one tensor, and call derivative for each where there are several.`,
    )
  }
  if (tree.sizes.length > 0) {
    throw new GradientError(
      `derivative: of numbers f makes a tensor of shape ${formatShape(tree.sizes)}, and a formula is of one element; use numbers ` +
        'in place of the tensors of that shape, or make them arguments.',
    )
  }
  if (!isFloat(tree.dtype)) {
    throw new DTypeError(
      `derivative: f returns ${tree.dtype}, which has no derivative; return a float, as where(condition, a, b) does.`,
    )
  }
  return tree
}

/** What is known of a value: the same at all places, an expression or a sentence that says why it is neither. */
type Known =
  | { readonly expression: Expression; readonly value?: never; readonly refusal?: never }
  | { readonly value: Value; readonly expression?: never; readonly refusal?: never }
  | { readonly refusal: string; readonly expression?: never; readonly value?: never }

class Reader {
  private readonly terms = new Map<Term, Known>()

  constructor(
    private readonly program: Program,
    private readonly ops: ReadonlyMap<Term, WatchedOp>,
    private readonly like: Node,
  ) {
    program.inputs.forEach((term, i) => {
      if (term !== null) this.terms.set(term, { expression: input(i) })
    })
    for (const { tensor, term } of program.captured) {
      this.terms.set(term, { value: (tensor as unknown as Node).value })
    }
  }

  /**
   * By what nodes remember, where they do: so derivatives flow as in the graph.
   *
   * @param start the latest id before the function ran
   */
  read(root: Node, start: number): Expression {
    const found = new Map<Node, Expression>()
    const of = (node: Node): Expression => {
      const known = found.get(node) ?? this.leaf(node)
      found.set(node, known)
      return known
    }
    const { nodes, inputsOf, makerOf } = historyOf([root])
    for (const node of nodes) {
      const { op } = makerOf(node)
      if (op === null || node.id <= start) continue
      if (op.formula === undefined && !isMap(node)) {
        // one without a kernel has rules of its own, or is a program
        throw new GradientError(`derivative: ${'kernel' in op ? isNoElement(op.name) : hasOwnRule(op.name)}`)
      }
      const inputs = inputsOf(node)
      const { expression, refusal } = applied(op, inputs.map(of), node, inputs)
      if (expression === undefined) throw new GradientError(`derivative: ${refusal}`)
      found.set(node, expression)
    }
    return of(originalOf(root))
  }

  /** An input, or what nothing flows back from. */
  private leaf(node: Node): Expression {
    const cell = this.program.cells.find(({ holder }) => (holder as unknown as Node) === node)
    if (cell !== undefined && cell.argument !== null) return input(cell.argument)
    const term = termOf(node)
    const expression = expressionOf(term === null ? { value: node.value } : this.ofTerm(term))
    if (typeof expression === 'string') throw new GradientError(`derivative: ${expression}`)
    return isFloat(node.dtype) && inputsOf(expression).length > 0 ? symbols.apply(stopped, expression) : expression
  }

  private ofTerm(root: Term): Known {
    for (const term of drained(termsInOrder([root]))) {
      if (!this.terms.has(term)) this.terms.set(term, this.compute(term))
    }
    return this.terms.get(root)!
  }

  private compute(term: Term): Known {
    const name = this.ops.get(term)?.name ?? 'an op'
    switch (term.kind) {
      case 'constant':
        return { value: term.value }
      case 'input':
        return { refusal: 'f reads the gradient of a tensor, and a formula has none; leave that out.' }
      case 'part':
        return { refusal: isNoElement(name) }
      case 'apply': {
        const args = argsOf(term).map((arg) => this.terms.get(arg)!)
        const values = args.flatMap(({ value }) => value ?? [])
        if (values.length === args.length && args.length > 0) {
          return { value: evaluate(this.like, term.kernel, values, [term.spec])[0]! }
        }
        const expressions: Expression[] = []
        for (const arg of args) {
          const expression = expressionOf(arg)
          if (typeof expression === 'string') return { refusal: expression }
          expressions.push(expression)
        }
        const specs = argsOf(term).map(({ spec }) => spec)
        if (term.kernel.kind !== 'map') return { refusal: isNoElement(name) }
        return applied(this.ops.get(term) ?? { name }, expressions, term.spec, specs)
      }
    }
  }
}

const termOf = ({ stored }: Node): Term | null => (stored instanceof TracedValue ? stored.term : null)

/** Whether a node was made by a kernel of its op, for each element by itself. */
const isMap = (node: Node): boolean => {
  const term = termOf(node)
  return node.op !== null && 'kernel' in node.op && term?.kind === 'apply' && term.kernel.kind === 'map'
}

const isNoElement = (name: string): string =>
  `${name} is no elementwise function, and a formula is of one element; leave it out, or write what it does to one element ` +
  'with elementwise ops.'

/** An op at expressions. */
const applied = (
  op: WatchedOp,
  args: readonly Expression[],
  out: Spec | Node,
  given: readonly (Spec | Node)[],
): Known => {
  const { formula, name } = op
  if (out.dtype === 'int32' && !(formula === undefined && given[0]?.dtype === 'bool')) {
    return {
      refusal: `${name} gives int32, and a formula is of real numbers; use floats, and floor(), round() or trunc() to have whole ones.`,
    }
  }
  if (formula !== undefined) return { expression: ofFormula(formula, args) }
  // a cast: of one operand at its place
  if (given.length === 1 && given[0]!.dtype !== out.dtype) return { expression: castTo(out.dtype, args[0]!) }
  return { refusal: isNoElement(name) }
}

const hasOwnRule = (name: string): string =>
  `${name} has a derivative of its own that is no formula of an element; write it with elementwise ops, or with ` +
  'elementwise(name, f).'

const ofFormula = ({ value, rule }: Formula, args: readonly Expression[]): Expression =>
  rule === undefined ? substitute(value!, args) : symbols.apply(rule, ...args)

const castTo = (dtype: DType, x: Expression): Expression => (dtype === 'bool' ? symbols.apply(rules.notEqual, x, 0) : x)

/** An expression, or why there is none. */
const expressionOf = ({ expression, value, refusal }: Known): Expression | string => {
  if (expression !== undefined) return expression
  if (value === undefined) return refusal!
  const data = denseData(value)
  const [first] = data
  if (first !== undefined && data.every((element) => Object.is(element, first))) return constant(first)
  return (
    `f refers to a tensor of shape ${formatShape(value.shape)} whose elements differ, and a formula is of one element; make it an ` +
    'argument of f.'
  )
}
