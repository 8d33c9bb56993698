import type { DType } from '../../../graph/dtype.js'
import type { MapKernel } from '../../../graph/kernel.js'
import { sizeOf } from '../../../graph/shape.js'
import type { Spec, Value } from '../../../graph/value.js'
import type { Expression } from '../../../rules/expression.js'
import { type Program, programOf, usedInputs } from '../../../rules/program.js'
import { Cache } from '../cache.js'
import type { FloatType } from '../math/vector.js'
import type { Runtime } from '../runtime.js'
import { lossByCopies, savedByVectors } from './cost.js'
import { inputLimit, Kernels } from './kernels.js'
import { runMap } from './run.js'

interface Compiled {
  /** The inputs that the program uses, ascending. */
  readonly uses: readonly number[]
  readonly kernels: Kernels
  /** Nanoseconds that vectors save for each element. */
  readonly saved: { readonly [T in FloatType]: number }
}

const programLimit = 500
/** Longer programs would take long to compile. */
const stepLimit = 400
/** Nanoseconds that a call takes more than one of JavaScript before it computes anything. */
const callCost = 600
/** Fewer elements never save that. */
const fewest = 12

export const createMap = (runtime: Runtime, always: boolean) => {
  const byExpression = new WeakMap<Expression, Compiled | 'unserved'>()
  const byKey = new Cache<string, Compiled>(programLimit)

  const compile = (expression: Expression): Compiled | 'unserved' => {
    const program = programOf([expression])
    const { key, steps } = program
    const isServed = steps.length <= stepLimit && usedInputs(program).length <= inputLimit
    const compiled = isServed ? (byKey.get(key) ?? byKey.set(key, newCompiled(runtime, program))) : 'unserved'
    byExpression.set(expression, compiled)
    return compiled
  }

  return ({ expression }: MapKernel, inputs: readonly Value[], out: Spec): Value | null => {
    const size = sizeOf(out.shape)
    if (size < (always ? 1 : fewest) || out.dtype === 'int32') return null
    const compiled = byExpression.get(expression) ?? compile(expression)
    if (compiled === 'unserved') return null
    const { uses, kernels, saved } = compiled
    const used = uses.length === inputs.length ? inputs : uses.map((index) => inputs[index]!)
    const type = computedIn(used, out.dtype)
    if (type === null || !(always || size * (saved[type] - lossByCopies(used, out, size)) > callCost)) return null
    return runMap(runtime.scratch, kernels, type, used, out)
  }
}

const newCompiled = (runtime: Runtime, program: Program): Compiled => {
  const uses = usedInputs(program)
  return {
    uses,
    kernels: new Kernels(runtime, program, uses),
    saved: { float32: savedByVectors(program, 'float32'), float64: savedByVectors(program, 'float64') },
  }
}

/** The type of the arithmetic. In float32, int32 inputs would lose digits; integer results are left to JavaScript. */
const computedIn = (inputs: readonly Value[], out: DType): FloatType | null => {
  let single = out === 'float32'
  let double = out === 'float64'
  let integer = false
  for (const { dtype } of inputs) {
    single ||= dtype === 'float32'
    double ||= dtype === 'float64'
    integer ||= dtype === 'int32'
  }
  if (double) return 'float64'
  return single && !integer ? 'float32' : null
}
