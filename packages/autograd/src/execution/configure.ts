import { checked } from '../graph/arguments.js'
import { defaultDType as current, type FloatDType, setDefaultDType, withDefaultDType } from '../graph/default-dtype.js'
import { checkDType, isFloat } from '../graph/dtype.js'
import { DTypeError } from '../graph/errors.js'
import * as kinds from '../graph/kinds.js'
import { refuseInCompiled } from '../graph/tracer.js'
import { requireSync } from '../graph/tracking.js'
import { isDeterministic, setDeterministic } from './eager.js'

/** What may be chosen of how everything runs. */
export interface Configuration {
  /**
   * The same bits on every machine and in every version of Node or browser that has WebAssembly with SIMD:
   * multiplications and additions are not fused where the machine could. False unless set; fused they are faster and more
   * exact. The same program is meant: compiled and eager runs of it, or tensors of other sizes, may differ in last digits.
   * Your own JavaScript is not covered: what a custom op computes with `Math.sin` or `**` is up to the engine.
   */
  readonly deterministic?: boolean
  /**
   * The dtype of what is made of numbers where none is given: 'float32' unless set, or 'float64'. It holds for creation, random
   * numbers, layers, and floats that are made of integers (a mean of them, their logarithms). Tensors that are there keep theirs.
   */
  readonly dtype?: 'float32' | 'float64'
}

const takes = { deterministic: kinds.boolean, dtype: kinds.dtype }

const checkedDType = (what: string, { dtype = current() }: Configuration): FloatDType => {
  if (isFloat(checkDType(what, dtype))) return dtype
  throw new DTypeError(`${what}: dtype ${dtype} has no fractions; use 'float32' or 'float64'.`)
}

/**
 * How everything runs from now on. What is left out stays as it is; compiled functions are traced anew.
 *
 * @throws DTypeError for a dtype that is no float
 * @example configure({ deterministic: true, dtype: 'float32' })
 */
export const configure = /* @__PURE__ */ checked(
  'configure',
  { configuration: takes },
  (configuration: Configuration = {}): void => {
    refuseInCompiled('configure', 'call it outside')
    const dtype = checkedDType('configure', configuration)
    setDeterministic(configuration.deterministic ?? isDeterministic())
    setDefaultDType(dtype)
  },
)

/**
 * What `f` gives, run as this says; afterwards everything is as before. In a function that is compiled it may say the dtype.
 *
 * @throws DTypeError for a dtype that is no float; GradientError for an async function or a generator; CompileError for
 * `deterministic` inside a compiled function
 * @example withConfiguration({ dtype: 'float64' }, () => zeros([2]).dtype)   // 'float64'
 */
export const withConfiguration = /* @__PURE__ */ checked(
  'withConfiguration',
  { configuration: takes, f: kinds.function },
  <R>(configuration: Configuration, f: () => R): R => {
    const dtype = checkedDType('withConfiguration', configuration)
    const before = isDeterministic()
    const { deterministic = before } = configuration
    if (deterministic !== before) refuseInCompiled('withConfiguration: deterministic', 'say it outside')
    setDeterministic(deterministic)
    try {
      return requireSync('withConfiguration', withDefaultDType(dtype, f))
    } finally {
      setDeterministic(before)
    }
  },
)

/**
 * The dtype of what is made of numbers where none is given: 'float32' unless `configure` or `withConfiguration` say otherwise.
 *
 * @example withConfiguration({ dtype: 'float64' }, () => defaultDType())   // 'float64'
 */
export const defaultDType = /* @__PURE__ */ checked('defaultDType', {}, current)
