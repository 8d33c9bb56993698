import { Cache } from '../../../graph/cache.js'
import { allocate, bytesPerElement, type DType, dtypeCode } from '../../../graph/dtype.js'
import type { MapKernel } from '../../../graph/kernel.js'
import { sizeOf } from '../../../graph/shape.js'
import { denseData, denseValue, isContiguous, isRepeated, type Spec, type Value } from '../../../graph/value.js'
import type { Expression } from '../../../rules/expression.js'
import { type StraightLine, straightLine, usedInputs } from '../../../rules/straight-line.js'
import { callCost, savedByVectors } from '../cost.js'
import { computedIn } from '../elementwise/arithmetic.js'
import { defineFlatMap } from '../elementwise/map.js'
import type { Scratch } from '../memory.js'
import { buildFunction, type Linked, type Runtime } from '../runtime.js'
import type { EagerStep, Steps } from './steps.js'

interface Compiled {
  readonly program: StraightLine
  /** The inputs that the program uses, ascending. */
  readonly uses: readonly number[]
  readonly variants: Cache<number, Variant>
  /** Nanoseconds that vectors save for each element, at most. */
  readonly mostSaved: number
}
interface Variant {
  readonly saved: number
  linked: Linked | null | undefined
}

const programLimit = 500
const variantLimit = 30
/** Numbers of more base-16 digits than this are not exact. */
const inputLimit = 12
/** Bytes of operands that are worked on at a time: what the caches hold. */
const chunkBytes = 2 ** 19

/**
 * Runs elementwise kernels. Where all inputs are dense or one repeated element, the number of elements is a parameter of
 * the function, which so serves every shape; others are steps like any other.
 */
export const createMaps = (runtime: Runtime, always: boolean, steps: Steps) => {
  const byExpression = new WeakMap<Expression, Compiled>()
  const byKey = new Cache<string, Compiled>(programLimit)

  const compile = (expression: Expression): Compiled => {
    const program = straightLine([expression])
    const compiled = byKey.get(program.key) ?? byKey.set(program.key, newCompiled(program))
    byExpression.set(expression, compiled)
    return compiled
  }

  return ({ expression }: MapKernel, inputs: readonly Value[], out: Spec): Value | null => {
    const size = sizeOf(out.shape)
    const compiled = byExpression.get(expression) ?? compile(expression)
    if (!always && size * compiled.mostSaved <= callCost) return null
    const { program, uses, variants } = compiled
    // integers are as fast in JavaScript
    if (size === 0 || out.dtype === 'int32' || uses.length > inputLimit) return null
    const all = uses.length === inputs.length ? inputs : uses.map((index) => inputs[index]!)
    const used = size < largeEnough ? all : sideBySide(all, steps)
    let key = dtypeCode(out.dtype) + 1
    for (let i = 0; i < used.length; i++) {
      const input = used[i]!
      const motion = isContiguous(input) ? next : isRepeated(input) ? still : -1
      if (motion < 0) {
        return (
          steps({ kind: 'map', expressions: [expression], inputs, shape: out.shape, outs: [out] }, program)?.[0] ?? null
        )
      }
      key = key * 16 + dtypeCode(input.dtype) * 4 + motion
    }
    const variant = variants.get(key) ?? variants.set(key, newVariant(program, used, out.dtype))
    if (!always && size * variant.saved <= callCost) return null
    if (variant.linked === undefined) variant.linked = buildFlat(runtime, program, used, out.dtype)
    return variant.linked === null ? null : runFlat(runtime, variant.linked, used, out, size)
  }
}

const still = 0
const next = 1

/** From so many elements on, neighbours that lie apart are first brought side by side. */
const largeEnough = 2 ** 14

/** The inputs with those copied whose neighbours lie apart, if then all lie in one row. */
const sideBySide = (inputs: readonly Value[], steps: Steps): readonly Value[] =>
  inputs.some(isScattered) && inputs.every((x) => isContiguous(x) || isRepeated(x) || isScattered(x))
    ? inputs.map((x) => (isScattered(x) ? (steps(copyOf(x), null)?.[0] ?? x) : x))
    : inputs

const isScattered = ({ shape, strides }: Value): boolean => {
  const last = shape.findLastIndex((dim) => dim > 1)
  return last >= 0 && Math.abs(strides[last]!) > 1 && shape.every((dim, axis) => dim === 1 || strides[axis] !== 0)
}

const copyOf = (x: Value): EagerStep => ({
  kind: 'kernel',
  kernel: { kind: 'reshape' },
  mayFail: false,
  inputs: [x],
  outs: [{ shape: x.shape, dtype: x.dtype }],
})

const newCompiled = (program: StraightLine): Compiled => ({
  program,
  uses: usedInputs(program),
  variants: new Cache(variantLimit),
  mostSaved: Math.max(savedByVectors(program, 'float32'), savedByVectors(program, 'float64')),
})

const newVariant = (program: StraightLine, used: readonly Value[], out: DType): Variant => {
  const dtypes = used.map(({ dtype }) => dtype)
  return { saved: savedByVectors(program, computedIn(program, [...dtypes, out])), linked: undefined }
}

const buildFlat = (runtime: Runtime, program: StraightLine, used: readonly Value[], out: DType): Linked | null => {
  const inputs = used.map((input) => ({ dtype: input.dtype, isRepeated: !isContiguous(input) }))
  return buildFunction(runtime, (module, options) => defineFlatMap({ module, options }, program, inputs, out))
}

const runFlat = (runtime: Runtime, linked: Linked, inputs: readonly Value[], out: Spec, size: number): Value | null => {
  const { scratch } = runtime
  let bytes = bytesPerElement(out.dtype)
  for (let i = 0; i < inputs.length; i++) bytes += bytesPerElement(inputs[i]!.dtype)
  const count = Math.min(size, Math.floor(chunkBytes / bytes))
  scratch.reset()
  const args = [count]
  for (let i = 0; i < inputs.length; i++) args.push(scratch.take(count * bytesPerElement(inputs[i]!.dtype)))
  const to = scratch.take(count * bytesPerElement(out.dtype))
  args.push(to)
  if (!scratch.open()) return null
  if (count < size) return inChunks(scratch, linked, inputs, out, size, args)
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i]!
    const start = args[i + 1]! / bytesPerElement(input.dtype)
    if (isContiguous(input)) scratch.view(input.dtype).set(denseData(input), start)
    else scratch.view(input.dtype)[start] = input.data[input.offset]!
  }
  linked.function(...args)
  return scratch.read(out, to)
}

/** So many elements at a time that the operands stay in the caches. */
const inChunks = (
  scratch: Scratch,
  linked: Linked,
  inputs: readonly Value[],
  out: Spec,
  size: number,
  args: number[],
): Value => {
  const count = args[0]!
  const data = allocate(out.dtype, size)
  const first = args.at(-1)! / bytesPerElement(out.dtype)
  const results = scratch.view(out.dtype)
  const dense = inputs.map((input) => (isContiguous(input) ? denseData(input) : null))
  for (let from = 0; from < size; from += count) {
    const end = Math.min(from + count, size)
    inputs.forEach(({ dtype, data, offset }, i) => {
      const view = scratch.view(dtype)
      const start = args[i + 1]! / bytesPerElement(dtype)
      const all = dense[i]
      if (all != null) view.set(all.subarray(from, end), start)
      else if (from === 0) view[start] = data[offset]!
    })
    args[0] = end - from
    linked.function(...args)
    data.set(results.subarray(first, first + end - from), from)
  }
  return denseValue(data, out.shape, out.dtype)
}
