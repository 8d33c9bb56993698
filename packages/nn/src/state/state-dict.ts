import {
  AdjointError,
  type AnyTensor,
  closest,
  type JsonTensor,
  kinds,
  type PlainTensor,
  refuseForeignTensor,
  type Shape,
  Tensor,
  tensor,
} from '@adjoint/autograd'
import { StateDictError } from '../errors.js'
import { sameShape } from '../shapes.js'

/** Tensors by name, or plain ones. A plain object: it can be spread, filtered and written to a file. */
export interface StateDict {
  readonly [name: string]: AnyTensor | PlainTensor<Shape> | JsonTensor<Shape>
}

/**
 * The state as tensors.
 *
 * @throws StateDictError for a plain tensor that is none, by its key
 */
export const tensorsOf = (state: StateDict): Readonly<Record<string, AnyTensor>> =>
  Object.fromEntries(
    Object.entries(state).map(([key, value]) => {
      refuseForeignTensor(`loadStateDict: '${key}'`, value)
      // anything else is refused with the rest that does not fit
      return [key, isPlain(value) ? tensorOf(key, value) : (value as AnyTensor)]
    }),
  )

const isPlain = (value: unknown): value is PlainTensor =>
  typeof value === 'object' && value !== null && 'data' in value && !(value instanceof Tensor)

const tensorOf = (key: string, plain: PlainTensor): Tensor => {
  try {
    return tensor(plain)
  } catch (cause) {
    if (!(cause instanceof AdjointError)) throw cause
    throw new StateDictError(`loadStateDict: '${key}' is no plain tensor. ${cause.message}`, { cause })
  }
}

/** What a load puts up with. */
export interface LoadOptions {
  /** Refuse unknown and missing keys. Default true; shapes and dtypes must fit either way. */
  readonly strict?: boolean
}

export const loadOptions = { strict: kinds.boolean }

/** What a load into a module puts up with, and whose names and layouts it knows. */
export interface ModuleLoadOptions extends LoadOptions {
  /** The state is PyTorch's: its names and layouts are those of `torch.nn`. Default: they are those of `stateDict()`. */
  readonly from?: 'torch'
}

export const moduleLoadOptions = { ...loadOptions, from: kinds.kind("'torch'", (thing) => thing === 'torch') }

/** The keys that a load passed over; both are empty after a strict one. */
export interface LoadReport {
  /** Keys that it looked for and that were not there. */
  readonly missing: readonly string[]
  /** Keys that it knows nothing of. */
  readonly unexpected: readonly string[]
}

/** The shape and dtype that a key stands for. */
export interface Slot {
  readonly shape: Shape
  readonly dtype: Tensor['dtype']
}

/**
 * Compares a state with the slots it shall fill.
 *
 * @param owner what is loaded into, as messages call it
 * @param unsaved what the owner holds under keys that it does not save
 * @throws StateDictError that lists the keys that do not fit, each with what to do
 */
export const checkState = (
  owner: string,
  slots: ReadonlyMap<string, Slot>,
  given: StateDict,
  { strict = true }: LoadOptions,
  unsaved: ReadonlyMap<string, Slot> = new Map(),
): LoadReport => {
  const missing = [...slots.keys()].filter((key) => !Object.hasOwn(given, key))
  const unexpected = Object.keys(given).filter((key) => !slots.has(key))
  const problems: string[] = []
  if (strict) {
    for (const key of unexpected) {
      problems.push(
        unsaved.has(key)
          ? `'${key}' is not saved by ${owner}, which holds ${show(unsaved.get(key))} there as a constant or a buffer that is ` +
              'not persistent; make it buffer(...), or skip it with { strict: false }'
          : unknownKey(key, given[key], missing.length > 0 ? missing : slots.keys(), slots),
      )
    }
    for (const key of missing) problems.push(missingKey(key, slots.get(key)!, unexpected, given))
  }
  for (const [key, slot] of slots) {
    const problem = Object.hasOwn(given, key) ? misfit(owner, key, slot, given[key]) : undefined
    if (problem !== undefined) problems.push(problem)
  }
  if (problems.length > 0) throw new StateDictError(`loadStateDict: ${listed(problems)}`)
  return { missing, unexpected }
}

/** So many problems are told; a wrong file has thousands. */
const most = 12

export const listed = (problems: readonly string[]): string => {
  if (problems.length === 1) return `${problems[0]}.`
  const others = problems.length - most
  const lines = problems.slice(0, most).map((problem) => `\n  ${problem}`)
  return `${problems.length} keys do not fit:${lines.join('')}${others > 0 ? `\n  and ${others} more` : ''}`
}

export const show = (thing: unknown): string => {
  if (thing instanceof Tensor) return String(thing)
  const { shape, dtype } = (thing ?? {}) as Partial<Slot>
  return shape !== undefined && dtype !== undefined ? `${dtype}[${shape.join(', ')}]` : `no tensor but ${typeof thing}`
}

const unknownKey = (
  key: string,
  value: unknown,
  candidates: Iterable<string>,
  slots: ReadonlyMap<string, Slot>,
): string => {
  const near = closest(key, candidates)
  const hint =
    near === undefined
      ? 'nothing has a state here: remove it'
      : `the closest known key is '${near}' (${show(slots.get(near))}): rename it`
  return `unknown key '${key}' (${show(value)}); ${hint}, or skip it with { strict: false }`
}

const missingKey = (key: string, slot: Slot, unexpected: readonly string[], given: StateDict): string => {
  const near = closest(key, unexpected)
  const hint = near === undefined ? 'add it' : `the closest given key is '${near}' (${show(given[near])}): rename that`
  return `no value for '${key}' (${show(slot)}); ${hint}, or keep the present one with { strict: false }`
}

const misfit = (owner: string, key: string, slot: Slot, value: unknown): string | undefined => {
  if (!(value instanceof Tensor)) return `'${key}' is ${show(value)}; give a tensor, ${show(slot)}`
  const difference = `'${key}' is ${show(slot)} in ${owner} and ${show(value)} in the state`
  if (!sameShape(value.shape, slot.shape)) {
    const isTransposed = value.shape.length === 2 && sameShape([...value.shape].reverse(), slot.shape)
    const remedy = isTransposed
      ? "transpose it: weights are [inputs, outputs] here, the reverse of PyTorch's"
      : 'reshape it, or build with the same sizes'
    return `${difference}; ${remedy}`
  }
  return value.dtype === slot.dtype ? undefined : `${difference}; cast it: value.cast('${slot.dtype}')`
}
