import { GradientError } from '../graph/errors.js'
import { type Forward, forgetTangent, refuseTangent } from '../graph/forward.js'
import type { Node } from '../graph/node.js'
import { parameterBit } from '../graph/tracking.js'
import { leavesOf, type Place } from '../graph/tree.js'
import { nodesBetween } from './between.js'

// While a function is differentiated, another instance stands in for each of a class that is a tree. What an instance holds
// beside its children may still know the first one (a function that was made with `this`, an object that has a parameter
// too), and so may the function itself. The first one's parameters are constants here: derivatives would be missing without
// a word.

/** A tensor of an instance that is stood in for. */
export interface Part {
  readonly place: Place
  readonly owner: object
  readonly standIn: Node
}

/** What is stood in for by the differentiations in progress, and by what. */
interface Replaced {
  readonly parameters: ReadonlyMap<Node, Part>
  readonly standIns: ReadonlySet<Node>
}
let around: Replaced = { parameters: new Map(), standIns: new Set() }

/**
 * Runs a function whose arguments hold instances with stand-ins. It returns its result, and perhaps more.
 *
 * @param parts by the tensors that are stood in for
 * @param bit that of the differentiation: meanwhile those tensors have it too, so that what is made of them is recorded
 * @param forward the differentiation, if it is one of forward mode: no graph would tell afterwards what was used
 * @throws GradientError if the result depends on a parameter that is stood in for
 */
export const withStandIns = <R extends readonly unknown[]>(
  transform: string,
  parts: ReadonlyMap<Node, Part>,
  bit: number,
  forward: Forward | null,
  f: () => R,
): R => {
  const before = around
  if (parts.size > 0) around = including(parts, before)
  const { parameters } = around
  for (const [parameter, part] of parameters) {
    parameter.tracking |= bit
    if (forward !== null) refuseTangent(parameter, forward, () => usedBeside(transform, parameter, part))
  }
  try {
    const result = f()
    if (parameters.size > 0 && forward === null) refuseUse(transform, around, result[0])
    return result
  } catch (error) {
    throw parts.size > 0 && isAboutPrivate(error) ? withoutPrivate(transform, parts, error) : error
  } finally {
    around = before
    for (const parameter of parameters.keys()) {
      parameter.tracking &= ~bit
      if (forward !== null) forgetTangent(parameter, forward)
    }
  }
}

const including = (parts: ReadonlyMap<Node, Part>, outer: Replaced): Replaced => {
  const isParameter = ({ op, tracking }: Node) => op === null && (tracking & parameterBit) !== 0
  return {
    parameters: new Map([...outer.parameters, ...[...parts].filter(([node]) => isParameter(node))]),
    standIns: new Set([...outer.standIns, ...[...parts.values()].map(({ standIn }) => standIn)]),
  }
}

const refuseUse = (transform: string, { parameters, standIns }: Replaced, result: unknown): void => {
  const roots = leavesOf(result, `${transform}: the result`).map(({ node }) => node)
  // a stand-in is made of what it stands for: nothing before it counts
  const isEnd = (node: Node) => parameters.has(node) || standIns.has(node)
  const used = nodesBetween(roots, isEnd).nodes.find((node) => parameters.has(node))
  if (used !== undefined) throw usedBeside(transform, used, parameters.get(used)!)
}

const usedBeside = (transform: string, used: Node, { place, owner }: Part): GradientError =>
  new GradientError(
    `${transform}: the function uses argument${place} (${used}) of the ${classOf(owner)} that it was called with, and not of ` +
      'the one that it was given, by which it is differentiated. Use the argument, not the variable around the function; in ' +
      'the class, write methods instead of functions that are held as properties, and hold a parameter in no other object. ' +
      'If it is meant to be a constant, say stopGradient(...).',
  )

/** A stand-in has the class and the properties of what it stands for; #private members are made by constructors only. */
const withoutPrivate = (transform: string, parts: ReadonlyMap<Node, Part>, error: TypeError): GradientError => {
  const names = [...new Set([...parts.values()].map(({ owner }) => classOf(owner)))].join(', ')
  return new GradientError(
    `${transform}: what stands in for an instance (${names}) has no #private members: ${error.message}. Declare them as ` +
      'ordinary properties (private in TypeScript), or let the class rebuild its instances by its constructor.',
    { cause: error },
  )
}

const isAboutPrivate = (error: unknown): error is TypeError =>
  error instanceof TypeError && /private/.test(error.message)

const classOf = (thing: object): string => thing.constructor.name
