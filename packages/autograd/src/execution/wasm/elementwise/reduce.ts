import type { DType } from '../../../graph/dtype.js'
import { type Shape, sizeOf } from '../../../graph/shape.js'
import type { Spec } from '../../../graph/value.js'
import { type StraightLine, straightLine, usedInputs } from '../../../rules/straight-line.js'
import { mostIntegers } from '../../summation.js'
import { type Local, repeat, type Scope, type Statement } from '../assembler/index.js'
import type { KernelFunction, Strided, Target } from '../loops/kernel.js'
import { withinLoop } from '../loops/nest.js'
import { Vector } from '../math/vector.js'
import type { FoldName } from './accumulator.js'
import { computedIn, weightOf } from './arithmetic.js'
import { foldAxes } from './axes.js'
import { emitFold } from './emit-fold.js'
import { emitMap, isServed } from './map.js'
import { denseStream, inputStream } from './stream.js'

const identities = { add: 0, max: Number.NEGATIVE_INFINITY, min: Number.POSITIVE_INFINITY }

export interface Folded {
  readonly by: FoldName
  readonly axes: readonly number[]
  /** Of sums. */
  readonly divisor?: number
}

/**
 * Folds axes of what a program computes from windows of a shape (without a program: of the only input). `out` is dense
 * and keeps these axes with size 1. The program's first result is folded; of those after it, one for each dtype in
 * `stored`, every element is stored, dense, at the addresses after that of the fold. To store also what is folded, the
 * program has it twice. Null if JavaScript should run it.
 */
export const defineReduce = (
  target: Target,
  how: Folded,
  program: StraightLine | null,
  inputs: readonly Strided[],
  shape: Shape,
  out: Spec,
  stored: readonly DType[] = [],
): KernelFunction | null => {
  const folded = program ?? straightLine([{ kind: 'input', index: 0 }])
  if (!isServed(folded, [out.dtype, ...stored])) return null
  if (out.dtype === 'int32' && sizeOf(shape) > mostIntegers * sizeOf(out.shape)) return null
  const parameters = repeat('i32', inputs.length + 1 + stored.length)
  return target.module.addFunction(parameters, null, (scope, ...addresses) => {
    if (sizeOf(shape) > 0) return emitReduce(target, scope, how, folded, inputs, shape, out, stored, addresses)
    const { by, divisor = 1 } = how
    const identity = straightLine([{ kind: 'constant', value: identities[by] / divisor }])
    return emitMap(target, scope, identity, [], out.shape, [out.dtype], [addresses[inputs.length]!])
  })
}

const emitReduce = (
  { options }: Target,
  scope: Scope,
  { by, axes, divisor = 1 }: Folded,
  program: StraightLine,
  inputs: readonly Strided[],
  shape: Shape,
  out: Spec,
  stored: readonly DType[],
  addresses: readonly Local<'i32'>[],
): Statement => {
  const used = usedInputs(program)
  const dtypes = [...used.map((index) => inputs[index]!.dtype), out.dtype, ...stored]
  const v = new Vector(scope, computedIn(program, dtypes), options)
  const total = denseStream(out.shape, out.dtype, addresses[inputs.length]!)
  const results = [
    { ...total, strides: total.strides.map((stride, axis) => (axes.includes(axis) ? 0 : stride)) },
    ...stored.map((dtype, i) => denseStream(shape, dtype, addresses[inputs.length + 1 + i]!)),
  ]
  const operands = used.map((index) => inputStream(inputs[index]!, addresses[index]!))
  const code = emitFold(v, {
    by,
    divisor,
    program,
    streams: [...operands, ...results],
    inputs: new Map(used.map((index, i) => [index, i])),
    axes: foldAxes(shape, axes, operands, results, v.count, stored.length > 0),
    weight: weightOf(program) + 2,
  })
  return [v.prologue(), withinLoop(scope, code)]
}
