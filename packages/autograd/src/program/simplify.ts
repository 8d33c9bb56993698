import { allocate, isFloat } from '../graph/dtype.js'
import { type Assemble, type Evaluate, type Kernel, kernelKey, type Layout, type MapKernel } from '../graph/kernel.js'
import { sameShape, sizeOf } from '../graph/shape.js'
import { type Spec, splatOf, type Value } from '../graph/value.js'
import type { Expression } from '../rules/expression.js'
import { straightLine } from '../rules/straight-line.js'
import { constant, input, symbols } from '../rules/symbols.js'
import { inputsOf, substitute } from '../rules/traverse.js'
import { termsInOrder } from './order.js'
import { inPieces, type Pausing } from './pieces.js'
import { type Application, argsOf, type ConstantTerm, type Term, type Together } from './term.js'

/** Larger values are not worked out beforehand: they would be kept. */
const foldLimit = 2 ** 20

/**
 * The same program with less to do: what depends on constants only is computed now, numbers move into the expressions
 * that use them, equal terms become one, and what changes nothing goes. As in `symbols`, the sign of a zero may be lost.
 */
export function* simplify(roots: readonly Term[], evaluate: Evaluate): Pausing<Term[]> {
  const simplified = new Map<Term, Term>()
  const unique = new Unique(evaluate)
  const terms = yield* termsInOrder(roots)
  const uses = yield* usesOf(terms, roots)
  yield* inPieces(terms, (term) => {
    const args = argsOf(term).map((arg) => simplified.get(arg)!)
    if (term.kind !== 'apply') {
      simplified.set(term, unique.term(term.kind === 'part' ? { ...term, of: { ...term.of, args } } : term))
      return
    }
    const isOnly = (index: number) => uses.get(term.args[index]!) === 1
    simplified.set(term, unique.term(rewrite({ ...term, args }, isOnly)))
  })
  return roots.map((root) => simplified.get(root)!)
}

function* usesOf(terms: readonly Term[], roots: readonly Term[]): Pausing<ReadonlyMap<Term, number>> {
  const uses = new Map<Term, number>()
  const count = (term: Term) => uses.set(term, (uses.get(term) ?? 0) + 1)
  const seen = new Set<Together>()
  yield* inPieces(terms, (term) => {
    if (term.kind !== 'part') argsOf(term).forEach(count)
    else if (!seen.has(term.of)) {
      seen.add(term.of)
      term.of.args.forEach(count)
    }
  })
  roots.forEach(count)
  return uses
}

/** Gives one term for all that are equal, and the value of one that depends on constants only. */
class Unique {
  private readonly known = new Map<string, Term>()
  private readonly several = new Map<string, Together>()
  private readonly ids = new Map<unknown, number>()
  private readonly kernelKeys = new WeakMap<Expression, string>()

  constructor(private readonly evaluate: Evaluate) {}

  term(term: Term): Term {
    switch (term.kind) {
      case 'input':
        return term
      case 'constant':
        return this.first(this.constantKey(term), () => term)
      case 'part': {
        const of = this.together(term.of)
        return this.first(`part ${term.index} ${this.id(of)}`, () => (of === term.of ? term : { ...term, of }))
      }
      case 'apply':
        return this.first(this.key(term), () => {
          const value = valueOf(term, this.evaluate)
          return value === null ? term : this.term({ kind: 'constant', spec: term.spec, value })
        })
    }
  }

  private together(of: Together): Together {
    const key = `${this.kernelKey(of.kernel)} (${of.args.map((arg) => this.id(arg))}) ${of.made?.again}`
    const known = this.several.get(key) ?? of
    this.several.set(key, known)
    return known
  }

  private first(key: string, make: () => Term): Term {
    const known = this.known.get(key)
    if (known !== undefined) return known
    const term = make()
    this.known.set(key, term)
    return term
  }

  private constantKey({ value, spec }: ConstantTerm): string {
    const number = splatOf(value)
    const what = number === null ? `array ${this.id(value)}` : Object.is(number, -0) ? '-0' : number
    return `${what} ${spec.dtype} ${spec.shape}`
  }

  private key({ kernel, args, spec, made }: Application): string {
    return `${this.kernelKey(kernel)} (${args.map((arg) => this.id(arg))}) ${spec.dtype} ${spec.shape} ${made?.again}`
  }

  private kernelKey(kernel: Kernel): string {
    if (kernel.kind === 'call') return `call ${this.id(kernel)}`
    if (kernel.kind !== 'map') return kernelKey(kernel)
    let key = this.kernelKeys.get(kernel.expression)
    if (key === undefined) {
      key = `map ${straightLine([kernel.expression]).key}`
      this.kernelKeys.set(kernel.expression, key)
    }
    return key
  }

  private id(thing: unknown): number {
    let id = this.ids.get(thing)
    if (id === undefined) {
      id = this.ids.size
      this.ids.set(thing, id)
    }
    return id
  }
}

/** @param isOnly whether a term is the only one to use its argument of that index */
const rewrite = (term: Application, isOnly: (index: number) => boolean): Term => {
  const { kernel, args, spec } = term
  switch (kernel.kind) {
    case 'map':
      return rewriteMap({ ...term, args: args.map((arg, i) => (isOnly(i) ? elementwise(arg) : arg)) }, kernel, isOnly)
    case 'reshape':
      if (sameShape(args[0]!.spec.shape, spec.shape)) return args[0]!
      if (args[0]!.kind === 'apply' && args[0]!.kernel.kind === 'reshape') {
        return rewrite({ ...term, args: args[0]!.args }, isOnly)
      }
      break
    case 'reduce':
      // over axes of one element
      if (kernel.divisor !== undefined && kernel.divisor !== 1) break
      if (sameShape(args[0]!.spec.shape, spec.shape) && args[0]!.spec.dtype === spec.dtype) return args[0]!
      break
    case 'layout':
      if (isWhole(kernel.axes, args[0]!.spec, spec)) return args[0]!
  }
  return term
}

/** A product that sums over one element is elementwise: so it runs with what takes it in, and need not lie in memory. */
const elementwise = (term: Term): Term => {
  if (term.kind !== 'apply' || term.kernel.kind !== 'contract' || !isFloat(term.spec.dtype)) return term
  const { args, spec, kernel, made } = term
  const [row, column] = [spec.shape.length - 2, spec.shape.length - 1]
  if (args[0]!.spec.shape[column] !== 1) return term
  const seen = (arg: Term, axis: number): Term => {
    const axes = spec.shape.map((_, i) => ({ source: i === axis ? null : i, start: 0, step: 1 }))
    const layout: Layout = { kind: 'layout', axes }
    if (isWhole(axes, arg.spec, spec)) return arg
    return { kind: 'apply', spec: { ...arg.spec, shape: spec.shape }, kernel: layout, args: [arg], made }
  }
  const product = kernel.by === 'mul' ? symbols.mul : symbols.scale
  const expression = product(input(0), input(1))
  const seenArgs = [seen(args[0]!, column), seen(args[1]!, row)]
  return { kind: 'apply', spec, kernel: { kind: 'map', expression, arity: 2 }, args: seenArgs, made }
}

const isWhole = (axes: readonly { source: number | null; start: number; step: number }[], from: Spec, to: Spec) =>
  sameShape(from.shape, to.shape) &&
  axes.every(({ source, start, step }, axis) => source === axis && start === 0 && (step === 1 || to.shape[axis] === 1))

/** Null where it is not to be worked out now. */
const valueOf = ({ kernel, args, spec }: Application, evaluate: Evaluate): Value | null => {
  if (kernel.kind === 'call' || !args.every((arg) => arg.kind === 'constant')) return null
  if (sizeOf(spec.shape) > foldLimit && kernel.kind !== 'layout' && kernel.kind !== 'reshape') return null
  try {
    return evaluate(
      kernel,
      args.map((arg) => arg.value),
      [spec],
    )[0]!
  } catch {
    // the call itself will say what is wrong
    return null
  }
}

const splat = (number: number, { shape, dtype }: Spec): ConstantTerm => {
  const data = allocate(dtype, 1)
  data[0] = dtype === 'bool' ? Number(number !== 0) : number
  return {
    kind: 'constant',
    spec: { shape, dtype },
    value: { data, shape, dtype, strides: shape.map(() => 0), offset: 0, shared: true },
  }
}

const rewriteMap = (term: Application, kernel: MapKernel, isOnly: (index: number) => boolean): Term => {
  const { args, spec } = term
  const kept: Term[] = []
  const places: Expression[] = []
  let isSame = true
  args.forEach((arg, i) => {
    const number = arg.kind === 'constant' ? splatOf(arg.value) : null
    const before = kept.indexOf(arg)
    if (number !== null) places[i] = constant(number)
    else if (before >= 0) places[i] = input(before)
    else places[i] = input(kept.push(arg) - 1)
    isSame &&= number === null && before < 0
  })
  let expression = isSame ? kernel.expression : substitute(kernel.expression, places)
  const used = inputsOf(expression)
  if (used.length < kept.length) {
    const compact: Expression[] = []
    used.forEach((index, i) => {
      compact[index] = input(i)
    })
    expression = substitute(expression, compact)
  }
  const inputs = used.map((index) => kept[index]!)
  if (expression.kind === 'constant') return splat(expression.value, spec)
  if (expression.kind === 'input' && inputs[0]!.spec.dtype === spec.dtype) return inputs[0]!
  const simpler: Application = {
    ...term,
    args: inputs,
    kernel: expression === kernel.expression ? kernel : { kind: 'map', expression, arity: inputs.length },
  }
  const mayJoin = inputs.length === 2 && isSame && isOnly(0) && isOnly(1)
  return (mayJoin ? joined(simpler, expression) : null) ?? simpler
}

/** The sum of parts that lie in different places of the same zeros, as one: what slices of one value give back to it. */
const joined = ({ args, spec, made }: Application, expression: Expression): Term | null => {
  if (expression.kind !== 'apply' || !expression.rule.additive) return null
  const [a, b] = args.map(partsOf)
  if (!a || !b || !areApart(a, b)) return null
  const kernel: Assemble = {
    kind: 'assemble',
    fill: 0,
    starts: [...a.kernel.starts, ...b.kernel.starts],
    steps: [...a.kernel.steps, ...b.kernel.steps],
  }
  return { kind: 'apply', spec, kernel, args: [...a.args, ...b.args], made }
}

type Parts = Application & { readonly kernel: Assemble }

const partsOf = (term: Term): Parts | null =>
  term.kind === 'apply' && term.kernel.kind === 'assemble' && term.kernel.fill === 0 ? (term as Parts) : null

const areApart = (a: Parts, b: Parts): boolean =>
  a.args.every((part, i) => b.args.every((other, j) => isApart(boxOf(a, i, part), boxOf(b, j, other))))

type Box = readonly (readonly [first: number, last: number])[]

const boxOf = ({ kernel }: Parts, i: number, { spec }: Term): Box =>
  spec.shape.map((dim, axis) => {
    const start = kernel.starts[i]![axis]!
    const end = start + kernel.steps[i]![axis]! * (dim - 1)
    return [Math.min(start, end), Math.max(start, end)]
  })

const isApart = (a: Box, b: Box): boolean => a.some(([first, last], axis) => last < b[axis]![0] || b[axis]![1] < first)
