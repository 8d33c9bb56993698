import type { Holder } from './holder.js'
import type { Kernel } from './kernel.js'
import { escaped, isAround, type Level, levelOf, type Runner } from './level.js'
import { tracer, withTracer } from './tracer.js'
import type { Spec, Value } from './value.js'

// What the rest of the graph does about values that stand for many examples: see `level.ts`.

/**
 * Whether a function has been mapped yet: until then there are no such values. Where no function is traced or mapped just
 * now, ops need not look for them either: those of graphs are met where their level is open, and what was kept is unknown.
 */
export let isBatching = false
export const beginBatching = (): void => {
  isBatching = true
}

/** Runs a kernel: for all examples at once where there are any, as a step of the program that is traced if there is one. */
export const evaluate = (
  backend: Runner,
  kernel: Kernel,
  inputs: readonly Value[],
  outs: readonly Spec[],
): readonly Value[] => {
  if (tracer === null) return backend.runAll(kernel, inputs, outs)
  const level = isBatching && inputs.length > 0 ? levelOf(innermostOf(inputs)) : null
  return level === null ? tracer.run(kernel, inputs, outs) : level.run(backend, kernel, inputs, outs)
}

/** That of the values which is at the innermost level, the first of several. */
export const innermostOf = (values: readonly Value[]): Value => {
  let found = values[0]!
  for (const value of values) {
    const [level, before] = [levelOf(value), levelOf(found)]
    if (level !== null && (before === null || level.depth > before.depth)) found = value
  }
  return found
}

/** Values that are computed of others in several steps, all at the level of one step: the innermost of those others. */
export const atLevelOf = (inputs: readonly Value[], values: readonly Value[]): readonly Value[] => {
  const level = isBatching && inputs.length > 0 ? levelOf(innermostOf(inputs)) : null
  return level === null ? values : values.map((value) => (levelOf(value) === level ? value : level.lift(value)))
}

/** A node at a level: itself, or spread over the examples of all levels that it is not at yet. */
export const atLevel = <N extends Holder>(node: N, level: Level | null): N =>
  level === null || isAround(level, levelOf(node.value)) ? node : (level.spread(node) as N)

/** Runs `f`, a derivative rule of a node, where its op ran. */
export const whereItRan = <R>(node: { readonly stored: Value | null }, f: () => R): R => {
  const level = node.stored === null ? null : levelOf(node.stored)
  if (level === null || isOpen(level)) return f()
  const here = tracer === null ? null : tracer.level
  return (here === null ? level : here.beside(level)).within(f)
}

/** Whether a rule of a node is to run by `whereItRan`: asked for each node of a sweep. */
export const ranElsewhere = ({ stored }: { readonly stored: Value | null }): boolean => {
  if (!isBatching || stored === null) return false
  const level = levelOf(stored)
  return level !== null && !isOpen(level)
}

/**
 * Runs `f`, which gives the tangent of a node that was just made, at the level that the node stands at: where all examples
 * have it in common, it and its tangent outlive the function that is mapped.
 */
export const whereItStands = <R>(node: { readonly stored: Value | null }, f: () => R): R => {
  const level = node.stored === null ? null : levelOf(node.stored)
  let at = tracer
  while (at !== null && at.level !== level) at = at.around
  return at === tracer || (at === null && level !== null) ? f() : withTracer(at, f)
}

/** Throws for the result of a function that was mapped, and is not running any more. */
export const requireHere = ({ stored }: { readonly stored: Value | null }): void => {
  const level = stored === null ? null : levelOf(stored)
  if (level !== null && !isOpen(level)) throw escaped(stored!)
}

/** Whether the function of a level is running, here or around `from`. */
export const isOpen = (level: Level, from = tracer): boolean => {
  for (let at = from; at !== null; at = at.around) if (isAround(level, at.level)) return true
  return false
}
