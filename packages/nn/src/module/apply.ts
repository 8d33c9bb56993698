import { AdjointError, closest, kinds, noGrad, type Random, type Tensor } from '@adjoint/autograd'
import { OptionError } from '../errors.js'
import { firstValuesOf } from '../init/first-values.js'
import type { Initializer } from '../init/initializer.js'
import { random as randomKind } from '../kinds.js'
import { rename } from './calls.js'

/** Which parameters `Module.apply` gives new values, and from what these are drawn. */
export interface ApplyOptions {
  /** Those whose path is this or begins with it and a dot, or matches this expression. */
  readonly path?: string | RegExp
  /** Those that a module of this class holds by itself. */
  readonly kind?: abstract new (
    ...args: never[]
  ) => object
  /** Default the global `random`. */
  readonly random?: Random
}

export const applyOptions = {
  path: kinds.kind(
    'a path, or a regular expression of paths',
    (thing) => typeof thing === 'string' || thing instanceof RegExp,
  ),
  kind: kinds.kind('a class of modules, such as Linear', (thing) => typeof thing === 'function'),
  random: randomKind,
}

/**
 * Gives parameters the values of an initializer.
 *
 * @param parameters all of a module, by path
 * @param holderOf the module that holds the parameter of a path
 * @throws OptionError where nothing is chosen
 */
export const applyTo = (
  parameters: ReadonlyMap<string, Tensor>,
  holderOf: (path: string) => object,
  init: Initializer,
  { path, kind, random }: ApplyOptions,
): void => {
  const chosen = [...parameters].filter(([own, parameter]) => {
    // what no initializer made (a bias, a scale) is meant only if it is named
    if (path === undefined && firstValuesOf(parameter) === undefined) return false
    const isNamed =
      path === undefined || (typeof path === 'string' ? own === path || own.startsWith(`${path}.`) : path.test(own))
    return isNamed && (kind === undefined || holderOf(own) instanceof kind)
  })
  if (chosen.length === 0) throw nothingChosen(parameters, path)
  noGrad(() => {
    // all are made before any is given: nothing changes where one cannot be
    const values = chosen.map(([path, parameter]) => {
      const { dtype, shape } = parameter
      const make = firstValuesOf(parameter) ?? ((init, options) => init([...shape], options) as Tensor)
      try {
        return make(init, { dtype, ...(random && { random }) })
      } catch (error) {
        if (error instanceof AdjointError) rename(error, `Module.apply: ${path}: ${error.message}`)
        throw error
      }
    })
    for (const [i, [, parameter]] of chosen.entries()) parameter.assign(values[i]!)
  })
}

const nothingChosen = (parameters: ReadonlyMap<string, Tensor>, path: string | RegExp | undefined): OptionError => {
  const near = typeof path === 'string' ? closest(path, parameters.keys()) : undefined
  const hint =
    near !== undefined
      ? `did you mean '${near}'?`
      : `choose among ${[...parameters.keys()].slice(0, 5).join(', ') || 'those of a module that has parameters'}.`
  return new OptionError(`Module.apply: no parameter is chosen; ${hint}`)
}
