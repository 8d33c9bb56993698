import { AdjointError, type AnyTensor, closest, Tensor } from '@adjoint/autograd'
import { StateDictError } from '../errors.js'
import { sameShape } from '../shapes.js'
import { type LoadOptions, type LoadReport, listed, show } from './state-dict.js'

/** How a tensor of ours is made of those of PyTorch. */
export interface TorchSource {
  /** Their names in the state of PyTorch's module. */
  readonly from: readonly string[]
  /** Makes ours of them, in this order. Default: the first as it is. */
  readonly make?: (...tensors: Tensor[]) => AnyTensor
}

/**
 * What PyTorch's module of the same kind has in the place of what ours has, by our path within the module: another name of a
 * tensor or of a part ('' for a part whose names stand among those of the whole), or how a tensor is made of theirs. What is not
 * listed has the same name and layout.
 */
export type TorchLayout = Readonly<Record<string, string | TorchSource>>

/** A matrix whose rows are our columns. */
export const transposed = (name: string): TorchSource => ({ from: [name], make: (x) => swapped(x) })

/** Its axes the other way round; a vector is left, to be told as what does not fit. */
export const swapped = (x: Tensor): Tensor => (x.shape.length === 2 ? (x.transpose() as Tensor) : x)

/** Weights that a normalization multiplies and adds. */
export const scaleAndShift: TorchLayout = { scale: 'weight', shift: 'bias' }

/** What a module holds, as far as names of PyTorch depend on it. */
export interface Layouts<M> {
  readonly modules: ReadonlyMap<string, M>
  /** Paths of what stands elsewhere too, with the path that it has. */
  readonly repeats: ReadonlyMap<string, string>
  readonly layoutOf: (module: M) => TorchLayout
}

/** How the tensor at a path of the whole is made, with names of the whole. */
const sourceOf = <M>(path: string, { modules, repeats, layoutOf }: Layouts<M>): Required<TorchSource> => {
  const names = path.split('.')
  let at = ''
  let theirs = ''
  for (;;) {
    const layout = layoutOf(modules.get(at)!)
    const rest = names.join('.')
    const own = Object.hasOwn(layout, rest) ? layout[rest]! : undefined
    if (own !== undefined) {
      const { from, make = (x: Tensor) => x } = typeof own === 'string' ? { from: [own] } : own
      return { from: from.map((name) => theirs + name), make }
    }
    const below = names.findIndex((_, i) => {
      const child = joined(at, names.slice(0, i + 1))
      return modules.has(child) || modules.has(repeats.get(child) ?? '?')
    })
    if (below < 0) return { from: [theirs + rest], make: (x) => x }
    const part = names.splice(0, below + 1)
    const child = joined(at, part)
    const name = Object.hasOwn(layout, part.join('.')) ? (layout[part.join('.')] as string) : part.join('.')
    theirs += name === '' ? '' : `${name}.`
    at = modules.has(child) ? child : repeats.get(child)!
  }
}

const joined = (path: string, names: readonly string[]): string => (path === '' ? names : [path, ...names]).join('.')

/**
 * A state of PyTorch as one of ours.
 *
 * @param own what is to have values, by path
 * @param given tensors by PyTorch's names
 * @throws StateDictError that lists what does not fit, each with what to do
 */
export const fromTorch = <M>(
  own: ReadonlyMap<string, Tensor>,
  layouts: Layouts<M>,
  given: Readonly<Record<string, AnyTensor>>,
  { strict = true }: LoadOptions,
): { readonly state: ReadonlyMap<string, Tensor>; readonly report: LoadReport } => {
  const state = new Map<string, Tensor>()
  const known = new Map<string, string>()
  const absent = new Map<string, string>()
  const problems: string[] = []
  const take = (path: string, ours: string): Tensor | undefined => {
    const { from, make } = sourceOf(path, layouts)
    for (const name of from) known.set(name, ours)
    const missing = from.filter((name) => !Object.hasOwn(given, name))
    for (const name of missing) if (!absent.has(name)) absent.set(name, ours)
    if (missing.length > 0) return undefined
    const [value, problem] = made(from, make, given, ours, own.get(ours)!)
    if (problem !== undefined) problems.push(problem)
    return value
  }
  for (const path of own.keys()) {
    const value = take(path, path)
    if (value !== undefined) state.set(path, value)
  }
  for (const [path, ours] of tiedPaths(own, layouts.repeats)) {
    const before = new Set(absent.keys())
    const value = take(path, ours)
    // one of several names is enough
    for (const name of absent.keys()) if (!before.has(name)) absent.delete(name)
    if (value === undefined) continue
    const { from } = sourceOf(ours, layouts)
    const first = state.get(ours)
    if (first === undefined) {
      state.set(ours, value)
      for (const name of from) absent.delete(name)
    } else if (!sameElements(first, value)) {
      problems.push(
        `${quoted(sourceOf(path, layouts).from)} is tied to ${quoted(from)} here ('${path}' is '${ours}'), and has other values in ` +
          'the state; untie them in the model, or leave one out of the state',
      )
    }
  }
  const missing = [...absent.keys()]
  const unexpected = Object.keys(given).filter((name) => !known.has(name))
  if (strict) {
    for (const name of unexpected)
      problems.push(unknownName(name, given[name]!, missing.length > 0 ? missing : known.keys(), own, known))
    for (const name of missing) problems.push(missingName(name, absent.get(name)!, own, unexpected))
  }
  if (problems.length > 0) throw new StateDictError(`loadStateDict: ${listed(problems)}`)
  return { state, report: { missing, unexpected } }
}

/** All paths of saved tensors that stand elsewhere too, with those that they have. */
function* tiedPaths(
  own: ReadonlyMap<string, Tensor>,
  repeats: ReadonlyMap<string, string>,
): Generator<readonly [path: string, ours: string]> {
  for (const [other, first] of repeats) {
    for (const path of own.keys()) {
      if (path === first || path.startsWith(`${first}.`)) yield [other + path.slice(first.length), path]
    }
  }
}

const made = (
  from: readonly string[],
  make: Required<TorchSource>['make'],
  given: Readonly<Record<string, AnyTensor>>,
  path: string,
  slot: Tensor,
): readonly [Tensor | undefined, string | undefined] => {
  const theirs = from.map((name) => given[name] as Tensor)
  const told = `${quoted(from)} is ${theirs.map(show).join(' and ')} in the state`
  const wanted = `'${path}' of the module is ${show(slot)}`
  if (!theirs.every((x) => x instanceof Tensor)) return [undefined, `${told}; give a tensor`]
  try {
    const value = make(...theirs) as Tensor
    if (!sameShape(value.shape, slot.shape)) {
      const as = value === theirs[0] ? '' : `, which makes ${show(value)}`
      return [undefined, `${told}${as}, and ${wanted}; build with the same sizes`]
    }
    if (value.dtype !== slot.dtype) return [undefined, `${told}, and ${wanted}; cast it: value.cast('${slot.dtype}')`]
    return [value, undefined]
  } catch (error) {
    if (!(error instanceof AdjointError)) throw error
    return [undefined, `${told}, of which ${wanted} cannot be made; build with the same sizes (${error.message})`]
  }
}

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(' with ')

const unknownName = (
  name: string,
  value: AnyTensor,
  candidates: Iterable<string>,
  own: ReadonlyMap<string, Tensor>,
  known: ReadonlyMap<string, string>,
): string => {
  const near = closest(name, candidates)
  const hint =
    near === undefined
      ? 'nothing here is called so in PyTorch: remove it'
      : `the closest known key is '${near}', of '${known.get(near)}' (${show(own.get(known.get(near)!))}): rename it`
  return `unknown key '${name}' (${show(value)}); ${hint}, or skip it with { strict: false }`
}

const missingName = (
  name: string,
  path: string,
  own: ReadonlyMap<string, Tensor>,
  unexpected: readonly string[],
): string => {
  const near = closest(name, unexpected)
  const hint = near === undefined ? 'add it' : `the closest given key is '${near}': rename that`
  const ours = name === path ? '' : `, of '${path}' here`
  return `no value for '${name}'${ours} (${show(own.get(path))}); ${hint}, or keep the present one with { strict: false }`
}

/** NaN is like NaN. */
const sameElements = (a: Tensor, b: Tensor): boolean => {
  const other = b.data
  return a.data.every((element, i) => Object.is(element, other[i]))
}
