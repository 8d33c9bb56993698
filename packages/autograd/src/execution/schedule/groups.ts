import type { MapKernel, Reduce } from '../../graph/kernel.js'
import { type Shape, sameShape, sizeOf } from '../../graph/shape.js'
import { isContiguous, type Spec } from '../../graph/value.js'
import { inPieces, type Pausing } from '../../program/pieces.js'
import { type Application, argsOf, type Term } from '../../program/term.js'
import { inOrder } from '../../rules/traverse.js'
import { reshapeWindow } from '../window.js'
import type { Seen } from './views.js'

export type Elementwise = Application & { readonly kernel: MapKernel }
export type Reduction = Application & { readonly kernel: Reduce }

/** Terms computed in one loop: elementwise ones, and the reduction that takes them in, if there is one. */
export interface Group {
  readonly root: Elementwise | Reduction
  /** Where it stands among all terms: that of its last member. */
  readonly position: number
  /** What the loop goes over. */
  readonly shape: Shape
  readonly members: Elementwise[]
  /** How many operations they have. */
  operations: number
  /** Members whose values others need too. */
  readonly stored: Elementwise[]
}

/** A loop that does too much at once gets slow to compile and short of registers. */
const operationLimit = 200
const storedLimit = 6

const operationsOf = ({ kernel: { expression } }: Elementwise): number => inOrder([expression]).length

const isElementwise = (term: Term): term is Elementwise => term.kind === 'apply' && term.kernel.kind === 'map'
const isReduction = (term: Term): term is Reduction => term.kind === 'apply' && term.kernel.kind === 'reduce'

/**
 * Which elementwise terms run together. A term joins the loop of what uses it, if that goes over the same elements; it
 * is stored there if others need it as well, all of which must come later.
 */
export function* groupsOf(
  terms: readonly Term[],
  roots: readonly Term[],
  seen: ReadonlyMap<Term, Seen>,
): Pausing<Group[]> {
  const positions = new Map<Term, number>()
  yield* inPieces(terms, (term, i) => positions.set(term, i))
  const uses = yield* usesOf(terms, roots, seen)
  const groupOf = new Map<Term, Group>()
  const groups: Group[] = []
  const positionOf = (user: Term | 'output'): number =>
    user === 'output' ? Number.POSITIVE_INFINITY : (groupOf.get(user)?.position ?? positions.get(user)!)

  const found = (root: Group['root'], shape: Shape, members: Elementwise[]): void => {
    const operations = members.reduce((sum, member) => sum + operationsOf(member), 0)
    const group: Group = { root, position: positions.get(root)!, shape, members, operations, stored: [...members] }
    groups.push(group)
    groupOf.set(root, group)
  }

  const join = (term: Elementwise): boolean => {
    const all = uses.get(term) ?? []
    const first = all.reduce((least, { user }) => Math.min(least, positionOf(user)), Number.POSITIVE_INFINITY)
    const early = all.filter(({ user }) => positionOf(user) === first)
    const group = early[0] && early[0].user !== 'output' ? groupOf.get(early[0].user) : undefined
    if (group === undefined || group.operations + operationsOf(term) > operationLimit) return false
    if (!early.every(({ user, isWhole }) => isWhole && groupOf.get(user as Term) === group)) return false
    const isStored = early.length < all.length
    if (isStored && group.stored.length >= storedLimit) return false
    if (!fits(term, group, seen)) return false
    group.members.push(term)
    group.operations += operationsOf(term)
    if (isStored) group.stored.push(term)
    groupOf.set(term, group)
    return true
  }

  yield* inPieces(terms.toReversed(), (term) => {
    if (isReduction(term)) found(term, term.args[0]!.spec.shape, [])
    else if (isElementwise(term) && !join(term)) found(term, term.spec.shape, [term])
  })
  return groups
}

interface Use {
  readonly user: Term | 'output'
  /** Whether it goes through all elements in their order. */
  readonly isWhole: boolean
}

function* usesOf(
  terms: readonly Term[],
  roots: readonly Term[],
  seen: ReadonlyMap<Term, Seen>,
): Pausing<ReadonlyMap<Term, readonly Use[]>> {
  const uses = new Map<Term, Use[]>()
  const note = (user: Term | 'output', arg: Term): void => {
    const { base, window } = seen.get(arg)!
    const isWhole = sizeOf(window.shape) === sizeOf(base.spec.shape) && window.offset === 0 && isContiguous(window)
    const list = uses.get(base)
    if (list === undefined) uses.set(base, [{ user, isWhole }])
    else list.push({ user, isWhole })
  }
  yield* inPieces(terms, (term) => {
    if (seen.get(term)!.base === term) for (const arg of argsOf(term)) note(term, arg)
  })
  yield* inPieces(roots, (root) => note('output', root))
  return uses
}

/** Whether a term can be computed in the loop of a group, with the same result as alone. */
const fits = (term: Elementwise, group: Group, seen: ReadonlyMap<Term, Seen>): boolean => {
  const type = arithmeticOf(term)
  if (type === null || type !== groupArithmetic(group)) return false
  if (term.spec.dtype !== type && !(term.spec.dtype === 'bool' && isTruth(term))) return false
  if (sameShape(term.spec.shape, group.shape)) return true
  return term.args.every((arg) => reshapeWindow(seen.get(arg)!.window, group.shape) !== null)
}

const groupArithmetic = ({ root }: Group): Arithmetic | null => {
  if (isElementwise(root)) return arithmeticOf(root)
  const { dtype } = root.spec
  return dtype === 'float32' || dtype === 'float64' ? dtype : null
}

type Arithmetic = 'float32' | 'float64'

/**
 * What an elementwise term is computed in; null where integers take part, which have arithmetic of their own. What is float32
 * among float64 is read from memory: it would have to be rounded in between.
 */
const arithmeticOf = ({ args, spec }: Elementwise): Arithmetic | null => {
  const specs: readonly Spec[] = [spec, ...args.map((arg) => arg.spec)]
  if (specs.some(({ dtype }) => dtype === 'int32')) return null
  return specs.some(({ dtype }) => dtype === 'float64') ? 'float64' : 'float32'
}

/** Whether its expression gives 0 or 1 of itself. */
const isTruth = ({ kernel: { expression } }: Elementwise): boolean =>
  expression.kind === 'apply' && expression.rule.result === 'bool'
