import type { TypedArray } from '../../graph/dtype.js'
import type { Contract } from '../../graph/kernel.js'
import { contiguousStrides, type Shape, sameShape } from '../../graph/shape.js'
import { denseData, splatOf, type Value } from '../../graph/value.js'
import { termsInOrder } from '../../program/order.js'
import { inPieces, type Pausing } from '../../program/pieces.js'
import type { Check } from '../../program/program.js'
import { type Application, argsOf, type InputTerm, type Part, type Term, type Together } from '../../program/term.js'
import type { Expression } from '../../rules/expression.js'
import { input } from '../../rules/symbols.js'
import { shareEqual, substitute } from '../../rules/traverse.js'
import { kindOf } from '../plan/kinds.js'
import type { Buffer, Plan, PlanConstant, PlanOutput, PlanStep, View } from '../plan/plan.js'
import { reshapeWindow } from '../window.js'
import { type Elementwise, type Group, groupsOf } from './groups.js'
import { type Seen, seenThrough } from './views.js'

/** What is to be computed. */
export interface Wanted {
  readonly term: Term
  readonly kept: boolean
  /** The input that it is the new value of. */
  readonly replaces: Term | null
}

/** The steps that compute the outputs from the inputs, in an order in which each finds what it needs. */
export function* schedule(
  inputs: readonly InputTerm[],
  checks: readonly Check[],
  wanted: readonly Wanted[],
): Pausing<Plan> {
  // new values of tensors last: they go to the place of the old ones where nothing can fail any more
  const [kept, given] = [wanted.filter(({ kept }) => kept), wanted.filter(({ kept }) => !kept)]
  const outputs = [...checks, ...given, ...kept].map(({ term }) => term)
  const terms = yield* termsInOrder(outputs)
  const seen = yield* seenThrough(terms)
  const groups = yield* groupsOf(terms, outputs, seen)
  const buffers = new Buffers(seen)
  const grouped = new Set<Term>()
  const byRoot = new Map<Term, Group>()
  yield* inPieces(groups, (group) => {
    byRoot.set(group.root, group)
    for (const member of group.members) grouped.add(member)
  })
  const summed = yield* summedProducts(terms, groups, seen, outputs)
  const indices = new Indices()
  const parts = partsOf(terms)
  const steps: PlanStep[] = []
  yield* inPieces(terms, (term) => {
    const group = byRoot.get(term)
    if (group !== undefined) {
      const product = summed.get(term)
      steps.push(product === undefined ? groupStep(group, buffers) : productStep(term as Application, product, buffers))
      return
    }
    if (term.kind === 'part' && parts.get(term.of)![0] === term) steps.push(partsStep(parts.get(term.of)!, buffers))
    if (term.kind !== 'apply' || grouped.has(term) || seen.get(term)!.base !== term || summed.has(term)) return
    steps.push(termStep(term, buffers, indices))
  })
  insertChecks(steps, checks, buffers)

  const owned = new Set<Buffer>(inputs.map((input) => buffers.of(input)))
  const planOutput = ({ term, kept, replaces }: Wanted): PlanOutput => {
    const view = buffers.view(term)
    const target = replaces === null ? null : buffers.of(replaces)
    if (!kept) return { view, kept, replaces: target }
    // a tensor's value is a buffer of its own
    const isComputed = term.kind === 'apply' || term.kind === 'part'
    const isOwn = isComputed && seen.get(term)!.base === term && !owned.has(view.buffer)
    const buffer = isOwn ? view.buffer : buffers.another(term)
    if (!isOwn) steps.push(copyStep(view, buffer))
    owned.add(buffer)
    return { view: { ...view, buffer, strides: contiguousStrides(view.shape), offset: 0 }, kept, replaces: target }
  }
  const planOutputs: PlanOutput[] = []
  yield* inPieces(wanted, (each) => planOutputs.push(planOutput(each)))
  const constants: PlanConstant[] = []
  yield* inPieces(terms, (term) => {
    if (term.kind !== 'constant' || !buffers.has(term)) return
    constants.push({ buffer: buffers.of(term), data: elementsOf(term.value) })
  })
  return { inputs: inputs.map((input) => buffers.of(input)), constants, steps, outputs: planOutputs }
}

/** Each check as soon as what it looks at is there, and those that were asked for before it are done. */
const insertChecks = (steps: PlanStep[], checks: readonly Check[], buffers: Buffers): void => {
  let at = -1
  for (const { term, look } of checks) {
    const view = buffers.view(term)
    const made = steps.findIndex(({ outs }) => outs.some((out) => out === view.buffer))
    at = Math.max(at, made) + 1
    steps.splice(at, 0, { kind: 'check', inputs: [view], look, outs: [] })
  }
}

const elementsOf = (value: Value): TypedArray =>
  splatOf(value) === null ? denseData(value) : value.data.subarray(value.offset, value.offset + 1)

/** The buffers of terms, made when first asked for. */
class Buffers {
  private readonly known = new Map<Term, Buffer>()
  private count = 0

  constructor(readonly seen: ReadonlyMap<Term, Seen>) {}

  of(term: Term): Buffer {
    let buffer = this.known.get(term)
    if (buffer === undefined) {
      buffer = this.another(term)
      this.known.set(term, buffer)
    }
    return buffer
  }

  /** A buffer as a term would have. */
  another({ spec: { shape, dtype } }: Pick<Term, 'spec'>): Buffer {
    return { id: this.count++, shape, dtype }
  }

  has(term: Term): boolean {
    return this.known.has(term)
  }

  /** A term as a window on a buffer, under another shape if that is given: it can be, or it would not be asked for. */
  view(term: Term, shape: Shape = term.spec.shape): View {
    const { base, window } = this.seen.get(term)!
    const { strides, offset } = sameShape(window.shape, shape) ? window : reshapeWindow(window, shape)!
    return { buffer: this.of(base), shape, dtype: term.spec.dtype, strides, offset }
  }
}

/** Any term by itself. A reshape that is no window is a copy. */
const termStep = (term: Application, buffers: Buffers, indices: Indices): PlanStep => {
  const inputs = term.args.map((arg) => buffers.view(arg))
  const outs = [buffers.of(term)] as const
  const { kernel } = term
  if (kernel.kind === 'contract')
    return { kind: 'contract', by: kernel.by, inputs: [inputs[0]!, inputs[1]!], summed: false, outs }
  return { kind: 'kernel', kernel, mayFail: indices.mayFail(term, inputs, buffers), inputs, outs }
}

/** The parts that are needed of each kernel of several results. */
const partsOf = (terms: readonly Term[]): ReadonlyMap<Together, readonly Part[]> => {
  const found = new Map<Together, Part[]>()
  for (const term of terms) {
    if (term.kind !== 'part') continue
    const parts = found.get(term.of)
    if (parts === undefined) found.set(term.of, [term])
    else parts.push(term)
  }
  return found
}

/** A kernel of several results, by those that are needed. */
const partsStep = (parts: readonly Part[], buffers: Buffers): PlanStep => {
  const { kernel, args, specs } = parts[0]!.of
  const outs = specs.map((spec, i) => {
    const part = parts.find(({ index }) => index === i)
    return part === undefined ? buffers.another({ spec }) : buffers.of(part)
  })
  const inputs = args.map((arg) => buffers.view(arg))
  return { kind: 'kernel', kernel, mayFail: kindOf(kernel).mayThrow ?? false, inputs, outs }
}

const copyStep = (input: View, out: Buffer): PlanStep => ({
  kind: 'kernel',
  kernel: { kind: 'reshape' },
  mayFail: false,
  inputs: [input],
  outs: [out],
})

/** Which indices are known to be in range. */
class Indices {
  private readonly seen = new Set<string>()

  /** Whether a term may find an index out of range; if it does not, nobody will who looks at them again. */
  mayFail({ kernel, args }: Application, [x, index]: readonly View[], buffers: Buffers): boolean {
    const { mayThrow, indices } = kindOf(kernel)
    if (indices === undefined) return mayThrow ?? false
    const { axis, negatives } = indices(kernel)
    const dim = x!.shape[axis]!
    const { base } = buffers.seen.get(args[1]!)!
    const made = base.kind === 'part' ? base.of : base.kind === 'apply' ? base : null
    if (made !== null) {
      const inputs = made.args.map(({ spec }) => spec)
      const places = kindOf(made.kernel).places?.(made.kernel, inputs)
      if (places != null && places <= dim) return false
    }
    const key = [index!.buffer.id, index!.offset, index!.strides, index!.shape, dim, negatives].join(' ')
    const isNew = !this.seen.has(key)
    this.seen.add(key)
    return isNew
  }
}

const productStep = (sum: Application, product: Product, buffers: Buffers): PlanStep => ({
  kind: 'contract',
  by: product.kernel.by,
  inputs: [buffers.view(product.args[0]!), buffers.view(product.args[1]!)],
  summed: true,
  outs: [buffers.of(sum)],
})

const groupStep = (group: Group, buffers: Buffers): PlanStep => {
  const { root, shape, stored } = group
  const inputs: View[] = []
  const expressions = new Map<Term, Expression>()
  const operand = (arg: Term): Expression => {
    const { base } = buffers.seen.get(arg)!
    return expressions.get(base) ?? inputAt(inputs, buffers.view(arg, shape))
  }
  // they joined from the last to the first
  for (const member of group.members.toReversed()) {
    expressions.set(member, substitute(member.kernel.expression, member.args.map(operand)))
  }
  const computed = stored.map((member) => shareEqual(expressions.get(member)!))
  const outs = stored.map((member: Elementwise) => buffers.of(member))
  if (root.kernel.kind === 'map') return { kind: 'map', expressions: computed, inputs, shape, outs }
  const { by, axes, divisor = 1 } = root.kernel
  const reduced = shareEqual(operand(root.args[0]!))
  return {
    kind: 'reduce',
    by,
    axes,
    divisor,
    inputs,
    shape,
    expressions: [reduced, ...computed],
    outs: [buffers.of(root), ...outs],
  }
}

/** The place of a view among the inputs, to which it is added if it is new. */
const inputAt = (inputs: View[], view: View): Expression => {
  const known = inputs.findIndex(
    ({ buffer, offset, strides }) =>
      buffer === view.buffer && offset === view.offset && sameShape(strides, view.strides),
  )
  return input(known >= 0 ? known : inputs.push(view) - 1)
}

type Product = Application & { readonly kernel: Contract }
const isProduct = (term: Term): term is Product => term.kind === 'apply' && term.kernel.kind === 'contract'

/** Sums over the batch of a product that nobody else needs, by the sum; and the products, which then are no steps. */
function* summedProducts(
  terms: readonly Term[],
  groups: readonly Group[],
  seen: ReadonlyMap<Term, Seen>,
  outputs: readonly Term[],
): Pausing<ReadonlyMap<Term, Product>> {
  const uses = new Map<Term, number>()
  const use = (term: Term) => {
    const { base } = seen.get(term)!
    uses.set(base, (uses.get(base) ?? 0) + 1)
  }
  yield* inPieces(terms, (term) => {
    if (seen.get(term)!.base === term) argsOf(term).forEach(use)
  })
  outputs.forEach(use)
  const found = new Map<Term, Product>()
  for (const { root, members } of groups) {
    if (
      root.kernel.kind !== 'reduce' ||
      root.kernel.by !== 'add' ||
      root.kernel.divisor !== undefined ||
      members.length > 0
    )
      continue
    const product = root.args[0]!
    if (!isProduct(product) || uses.get(product) !== 1) continue
    const batch = product.spec.shape.length - 2
    if (batch === 0 || root.kernel.axes.length !== batch || root.kernel.axes.some((axis) => axis >= batch)) continue
    found.set(root, product)
    found.set(product, product)
  }
  return found
}
