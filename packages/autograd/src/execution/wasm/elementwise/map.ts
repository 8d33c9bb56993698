import { bytesPerElement, type DType } from '../../../graph/dtype.js'
import { type Shape, sizeOf } from '../../../graph/shape.js'
import { type StraightLine, usedInputs } from '../../../rules/straight-line.js'
import { countDown, i32, type Local, loopWhile, repeat, type Scope, type Statement } from '../assembler/index.js'
import type { KernelFunction, Strided, Target } from '../loops/kernel.js'
import { type Loop, shift, withinLoop } from '../loops/nest.js'
import { Vector } from '../math/vector.js'
import { store } from './access.js'
import { computedIn, exactSteps, weightOf } from './arithmetic.js'
import { planMap } from './block.js'
import { Evaluation } from './evaluation.js'
import { emitLoops } from './loops.js'
import { type Place, placesIn } from './places.js'
import { denseStream, evaluating, inputStream, loopsOfStreams, type Stream } from './stream.js'
import { vectorsAtOnce } from './unroll.js'

/** Longer programs take long to compile. */
const stepLimit = 400

/**
 * One pass over a shape that computes every result of a program, dense and of these dtypes, from inputs that are windows
 * of that shape; null if JavaScript should run it.
 *
 * A result may take the place of an input of its dtype if all inputs are dense or one repeated element each: the vectors
 * of a single row are read before they are written.
 */
export const defineMap = (
  target: Target,
  program: StraightLine,
  inputs: readonly Strided[],
  shape: Shape,
  outs: readonly DType[],
): KernelFunction | null => {
  if (!isServed(program, outs)) return null
  const parameters = repeat('i32', inputs.length + outs.length)
  return target.module.addFunction(parameters, null, (scope, ...addresses) =>
    emitMap(target, scope, program, inputs, shape, outs, addresses),
  )
}

/** An input of a map over one row. */
export interface FlatInput {
  readonly dtype: DType
  /** Whether it is one element, for all places of the row. */
  readonly isRepeated: boolean
}

/** The same over one row of as many elements as the first argument tells; null if JavaScript should run it. */
export const defineFlatMap = (
  { module, options }: Target,
  program: StraightLine,
  inputs: readonly FlatInput[],
  out: DType,
): KernelFunction | null => {
  if (!isServed(program, [out])) return null
  const parameters = repeat('i32', inputs.length + 2)
  return module.addFunction(parameters, null, (scope, count, ...pointers) => {
    const dtypes = [...inputs.map(({ dtype }) => dtype), out]
    const v = new Vector(scope, computedIn(program, dtypes), options)
    const steps = dtypes.map((dtype, i) => (inputs[i]?.isRepeated ? 0 : bytesPerElement(dtype)))
    const streams = dtypes.map((dtype, i) => ({ dtype, pointer: pointers[i]!, strides: [steps[i]!] }))
    const places = new Map(usedInputs(program).map((index, i) => [index, i]))
    const evaluation = Evaluation.of(v, program, 1)
    const row = (elements: number): Loop => ({ count: elements, steps })
    /** The loop while there are so many elements left. */
    const rounds = (within: Evaluation, elements: number, loop: (body: Statement) => Statement): Statement => {
      const evaluate = evaluating(v, within, [row(elements)], streams, places)
      for (const place of placesIn([row(elements)], 0, elements, v.count)) {
        within.innermost.push(store(v, out, pointers.at(-1)!.get, evaluate(place)[0]!, place.at(-1)![0]))
      }
      return loop([within.innermost, pointers.map((pointer, i) => shift(pointer, steps[i]! * elements))])
    }
    const atOnce = v.count * vectorsAtOnce(weightOf(program))
    const whole = rounds(evaluation, atOnce, (body) =>
      loopWhile(i32.greaterEqual(count!.get, i32.const(atOnce)), [body, shift(count!, -atOnce)]),
    )
    const rest = rounds(evaluation.from(1, 1), v.count, (body) => countDown(count!, v.count, body))
    return [v.prologue(), evaluation.levels[0]!, withinLoop(scope, whole), rest]
  })
}

/** Integers are what JavaScript gives: of results that are off in the last digit, another one might be. */
export const isServed = (program: StraightLine, outs: readonly DType[]): boolean => {
  const exact = exactSteps(program)
  return program.steps.length <= stepLimit && outs.every((dtype, i) => dtype !== 'int32' || exact[program.results[i]!])
}

export const emitMap = (
  { options }: Target,
  scope: Scope,
  program: StraightLine,
  inputs: readonly Strided[],
  shape: Shape,
  outs: readonly DType[],
  addresses: readonly Local<'i32'>[],
): Statement => {
  if (sizeOf(shape) === 0) return []
  const used = usedInputs(program)
  const results = outs.map((dtype, i) => denseStream(shape, dtype, addresses[inputs.length + i]!))
  const streams = [...used.map((index) => inputStream(inputs[index]!, addresses[index]!)), ...results]
  const v = new Vector(scope, computedIn(program, [...used.map((index) => inputs[index]!.dtype), ...outs]), options)
  const code = emitPass(v, program, used, streams, shape)
  return [v.prologue(), withinLoop(scope, code)]
}

const emitPass = (
  v: Vector,
  program: StraightLine,
  used: readonly number[],
  streams: readonly Stream[],
  shape: Shape,
): Statement => {
  const { outer, block } = planMap(loopsOfStreams(shape, streams), v.count, weightOf(program))
  const loops = block.loop === null ? outer : [...outer, block.loop]
  const evaluation = Evaluation.of(v, program, loops.length)
  const inputs = new Map(used.map((index, i) => [index, i]))
  const emit = (within: Evaluation, places: readonly Place[]): void => {
    const evaluate = evaluating(v, within, loops, streams, inputs)
    for (const place of places) {
      evaluate(place).forEach((result, i) => {
        const { dtype, pointer } = streams[used.length + i]!
        within.innermost.push(store(v, dtype, pointer.get, result, place[used.length + i]![0]))
      })
    }
  }
  const after = evaluation.from(loops.length, loops.length)
  emit(evaluation, block.body)
  emit(after, block.rest)
  const pointers = streams.map(({ pointer }) => pointer)
  return [evaluation.levels[0]!, emitLoops(v, evaluation, loops, 0, pointers, after.innermost).code]
}
