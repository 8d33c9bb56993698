import { ArgumentError, GradientError } from '../../graph/errors.js'
import type { Holder } from '../../graph/holder.js'
import type { Kernel, RunLoop } from '../../graph/kernel.js'
import { levelOf } from '../../graph/level.js'
import { latestId, type Node } from '../../graph/node.js'
import { sizeOf } from '../../graph/shape.js'
import { type Tracer, tracer, withTracer } from '../../graph/tracer.js'
import { requireSync } from '../../graph/tracking.js'
import { isTensor, type Leaf, type Place, rebuild, tensorsOf } from '../../graph/tree.js'
import { UnknownValue } from '../../graph/unknown.js'
import type { Spec, Value } from '../../graph/value.js'
import { shown } from '../../graph/words.js'
import { reshape } from '../../ops/broadcast.js'
import { constant } from '../../ops/constant.js'
import { elementwise } from '../../ops/elementwise.js'
import type { BodyFunction } from './body.js'
import { requireAlike } from './carry.js'
import { Conditional } from './conditional.js'
import { runLoop } from './rounds.js'

type Branch = (...args: never[]) => unknown

/**
 * One of several functions of the arguments. Where the choice is known, that one runs. Where it is not (while a function is
 * traced, or for many examples), each element is that of the chosen one: of what all give, where that is quick, or where each
 * example has a choice of its own; else each is a loop of one round, which runs only if it is chosen.
 *
 * @param names how messages call the branches
 * @param chosen the position of the branch; one beyond the last, or below 0, means the nearest
 */
export const branch = (
  what: string,
  like: Node,
  asProgram: RunLoop,
  chosen: Node,
  branches: readonly Branch[],
  names: readonly string[],
  args: readonly unknown[],
): unknown => {
  const { value } = chosen
  if (!(value instanceof UnknownValue)) {
    const at = Math.min(branches.length - 1, Math.max(0, value.data[value.offset]!))
    return requireSync(what, branches[at]!(...(args as never[])))
  }
  const runs = branches.map((f) => () => requireSync(what, f(...(args as never[]))))
  const isChosen = (i: number) => () => isHere(chosen, i, branches.length - 1)
  const tried = branches.map((_, i) => new Aside(tracer!, isChosen(i), what))
  const results = runs.map((run, i) => withTracer(tried[i]!, run))
  const parts = results.map((result, i) => partsOf(what, names[i]!, result))
  const nodesOf = (found: Parts, i: number) => requireLike(what, [names[0]!, names[i]!], parts[0]!, found)
  let given = parts.map(nodesOf)
  const elements = tried.reduce((sum, each) => sum + each.elements, 0)
  if (levelOf(value) !== null || elements <= quickElements) {
    for (const each of tried) each.verifyNow()
  } else {
    given = runs.map((run, i) => {
      const flag = reshape(isChosen(i)(), [1])
      const f: BodyFunction = (_, [counts]) => {
        const result = withTracer(new Conditional(tracer!, () => counts!), run)
        return [[], nodesOf(partsOf(what, names[i]!, result), i)]
      }
      const when = { of: 'sequences', at: 0 } as const
      const rounds = { carries: [], sequences: [flag], length: 1, reverse: false, when }
      const ran = runLoop({ what, like, asProgram, f, ...rounds })
      return ran.given.map((node) => reshape(node, node.sizes.slice(1)))
    })
  }
  let selected: readonly Node[] = given.at(-1)!
  for (let i = branches.length - 2; i >= 0; i--) {
    const upToHere = elementwise.lessEqual(chosen, constant(chosen, i, []))
    selected = selected.map((node, k) => elementwise.where(upToHere, given[i]![k]!, node))
  }
  return rebuild(results[0], selected)
}

/** Whether a branch is the nearest to the one that is asked for. */
const isHere = (chosen: Node, i: number, last: number): Node => {
  const here = constant(chosen, i, [])
  if (i === 0) return elementwise.lessEqual(chosen, here)
  return i === last ? elementwise.greaterEqual(chosen, here) : elementwise.equal(chosen, here)
}

interface Parts {
  readonly tensors: readonly Leaf[]
  readonly others: ReadonlyMap<string, unknown>
}

/** What a branch returned: tensors, and what else is in the tree, which can be of no branch in particular. */
const partsOf = (what: string, name: string, result: unknown): Parts => {
  const others = new Map<string, unknown>()
  const other = (thing: unknown, place: Place) => {
    if (thing !== undefined) others.set(`${place}`, thing)
  }
  return { tensors: tensorsOf(result, `${what}: the result of ${name}`, other), others }
}

const toldAt = ({ tensors, others }: Parts, place: string): string =>
  others.has(place) ? shown(others.get(place)) : `${tensors.find(({ path }) => path === place)?.node ?? 'nothing'}`

/** The tensors that a branch returned, in the order of those of the first. */
const requireLike = (
  what: string,
  [first, name]: readonly [name: string, other: string],
  wanted: Parts,
  found: Parts,
): Node[] => {
  for (const place of new Set([...wanted.others.keys(), ...found.others.keys()])) {
    if (wanted.others.has(place) && Object.is(wanted.others.get(place), found.others.get(place))) continue
    throw new ArgumentError(
      `${what}: ${first} returned ${toldAt(wanted, place)}, and ${name} ${toldAt(found, place)}${place && ` at ${place}`}: which one ` +
        'counts is not known while they are traced, and only tensors are chosen between; return tensors, tensor(...).',
    )
  }
  const rule = `branches return trees of the same form, shapes and dtypes, as ${first} does (reshape or cast one of them)`
  return requireAlike({ what, who: name, name: 'result', rule }, wanted.tensors, found.tensors)
}

/** The first leaf that says which branch it is. */
export const requireChoice = (what: string, name: string, dtype: 'bool' | 'int32', thing: unknown): Node => {
  if (isTensor(thing) && thing.dtype === dtype && sizeOf(thing.sizes) === 1 && thing.sizes.length === 0) return thing
  throw new ArgumentError(
    `${what}: ${name} is ${isTensor(thing) ? String(thing) : shown(thing)}; use ${dtype === 'bool' ? 'a bool' : 'an int32'} tensor of shape []` +
      (typeof thing === 'boolean' || typeof thing === 'number'
        ? ", or JavaScript's own if where it is no tensor."
        : `, such as ${dtype === 'bool' ? 'x.sum().greater(0)' : "tensor(1, { dtype: 'int32' })"}.`),
  )
}

/** So many elements are computed sooner than it is seen whether they are needed. */
const quickElements = 4096

/** Where a function runs though it may not be the one that is chosen: it may do nothing but compute. */
class Aside extends Conditional {
  private readonly start = latestId()
  private readonly checks: Parameters<Tracer['verify']>[] = []
  /** How many elements are computed that take time. */
  elements = 0

  constructor(
    around: Tracer,
    counts: () => Node,
    private readonly what: string,
  ) {
    super(around, counts)
  }

  override run(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[] {
    const { kind } = kernel
    if (kind === 'map') this.elements += sizeOf(outs[0]!.shape)
    else if (kind === 'reduce') this.elements += sizeOf(inputs[0]!.shape)
    else if (kind !== 'layout' && kind !== 'reshape') this.elements = Infinity
    return super.run(kernel, inputs, outs)
  }
  override call(...args: Parameters<Tracer['call']>): readonly (Value | null)[] {
    this.elements = Infinity
    return super.call(...args)
  }
  override replaceValue(holder: Holder, value: Value): void {
    if (holder.id <= this.start) this.refuse('gives a tensor another value', 'return the value, and assign it outside')
    super.replaceValue(holder, value)
  }
  override replaceGradient(holder: Holder, gradient: Holder | null): void {
    if (holder.id <= this.start)
      this.refuse('changes the gradient of a tensor', 'differentiate around it, or with grad() inside')
    super.replaceGradient(holder, gradient)
  }
  override draw(): never {
    return this.refuse('draws random numbers', 'draw them before, and pass them')
  }
  override verify(...check: Parameters<Tracer['verify']>): void {
    this.checks.push(check)
  }
  /** What ran is what counts, if the branch is the chosen one. */
  verifyNow(): void {
    for (const [value, look] of this.checks) super.verify(value, look)
  }

  private refuse(effect: string, remedy: string): never {
    throw new GradientError(
      `${this.what}: a branch ${effect}, and here all are traced, for which one counts is not known yet (in compile, vmap or a scan); ${remedy}.`,
    )
  }
}
