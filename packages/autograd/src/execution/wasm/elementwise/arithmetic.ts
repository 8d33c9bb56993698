import type { DType } from '../../../graph/dtype.js'
import type { Primitive } from '../../../rules/algebra.js'
import type { Instruction, StraightLine } from '../../../rules/straight-line.js'
import type { FloatType } from '../math/vector.js'

/** Exact between truth values in any arithmetic. */
const logical: readonly Primitive[] = ['logicalNot', 'logicalAnd', 'logicalOr', 'select', 'equal', 'less', 'lessEqual']
const isLogical = (step: Instruction): boolean =>
  step.kind === 'apply' ? logical.includes(step.name) : step.kind === 'input' || step.value === 0 || step.value === 1

/** The lanes that a program is computed in: integers have too many digits for float32. */
export const computedIn = ({ steps }: StraightLine, dtypes: readonly DType[]): FloatType => {
  if (dtypes.includes('float64') || dtypes.includes('int32')) return 'float64'
  return dtypes.includes('float32') || steps.every(isLogical) ? 'float32' : 'float64'
}

/** What vectors compute to within some units in the last place, where JavaScript gives other digits. */
const approximate: readonly Primitive[] = ['exp', 'expm1', 'log', 'log1p', 'sin', 'cos', 'tanh', 'erf', 'pow']

/** Whether each step is computed to the last digit: only then is its integer part what it should be. */
export const exactSteps = ({ steps }: StraightLine): boolean[] => {
  const exact: boolean[] = []
  for (const step of steps) {
    exact.push(step.kind !== 'apply' || (!approximate.includes(step.name) && step.args.every((arg) => exact[arg])))
  }
  return exact
}

const single: readonly Primitive[] = [
  ...logical,
  'neg',
  'abs',
  'sqrt',
  'floor',
  'ceil',
  'round',
  'trunc',
  'add',
  'sub',
  'mul',
  'div',
]
const short: { readonly [K in Primitive]?: number } = {
  scale: 5,
  integerMul: 20,
  maximum: 4,
  minimum: 4,
  exp: 20,
  expm1: 25,
}
const long = 40

const weightOfStep = (step: Instruction): number =>
  step.kind !== 'apply' || single.includes(step.name) ? 1 : (short[step.name] ?? long)

/** About how many instructions a vector takes. */
export const weightOf = ({ steps, results }: StraightLine): number =>
  steps.reduce((sum, step) => sum + weightOfStep(step), results.length)
