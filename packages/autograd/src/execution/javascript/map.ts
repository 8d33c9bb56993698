import { Cache } from '../../graph/cache.js'
import { type DType, dtypeCode } from '../../graph/dtype.js'
import type { MapKernel, Prepared } from '../../graph/kernel.js'
import { sizeOf } from '../../graph/shape.js'
import { isContiguous, isRepeated, resultValue, type Spec, type Value } from '../../graph/value.js'
import { type StraightLine, straightLine } from '../../rules/straight-line.js'
import { collapse, walk } from '../walk.js'
import type { FlatLoop, GridLoop, LoopMaker, Motion, Single, Window } from './loop.js'

/** A program and the loops made for it, one for each combination of dtypes and motions that came up. */
interface Compiled extends Prepared {
  readonly program: StraightLine
  single: Single | undefined
  singleTruth: Single | undefined
  readonly flat: Cache<Variant, FlatLoop>
  readonly grid: Cache<Variant, GridLoop>
}
/** Base-16 digits as a number: 1, the dtype of the result, then dtype and motion of each input. As text where too long. */
type Variant = number | string
const longestNumber = 12

const programLimit = 1000
const variantLimit = 100

const motionNames: readonly Motion[] = ['still', 'next', 'stride']
const still = 0
const next = 1
const stride = 2

export type MapRun = (kernel: MapKernel, inputs: readonly Value[], out: Spec) => Value

export const createMap = (maker: () => LoopMaker): MapRun => {
  const byKey = new Cache<string, Compiled>(programLimit)

  const prepare = (kernel: MapKernel): Compiled => {
    const program = straightLine([kernel.expression])
    let compiled = byKey.get(program.key)
    if (compiled === undefined) {
      compiled = {
        owner: byKey,
        program,
        single: undefined,
        singleTruth: undefined,
        flat: new Cache(variantLimit),
        grid: new Cache(variantLimit),
      }
      byKey.set(program.key, compiled)
    }
    kernel.prepared = compiled
    return compiled
  }

  return (kernel, inputs, out) => {
    const size = sizeOf(out.shape)
    const value = resultValue(out, size)
    const { prepared } = kernel
    const compiled = prepared !== undefined && prepared.owner === byKey ? (prepared as Compiled) : prepare(kernel)
    if (size === 1) runSingle(maker, compiled, inputs, value)
    else if (size > 0) runMany(maker, compiled, inputs, value, size)
    return value
  }
}

const runSingle = (maker: () => LoopMaker, compiled: Compiled, inputs: readonly Value[], out: Value): void => {
  if (out.dtype === 'bool') {
    compiled.singleTruth ??= maker().single(compiled.program, true)
    compiled.singleTruth(out.data, out.offset, inputs)
  } else {
    compiled.single ??= maker().single(compiled.program, false)
    compiled.single(out.data, out.offset, inputs)
  }
}

const runMany = (
  maker: () => LoopMaker,
  compiled: Compiled,
  inputs: readonly Value[],
  out: Value,
  size: number,
): void => {
  let variant: Variant = inputs.length > longestNumber ? '' : 1
  variant = withDigit(variant, dtypeCode(out.dtype))
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i]!
    const motion = isContiguous(input) ? next : isRepeated(input) ? still : stride
    if (motion === stride) {
      runGrid(maker, compiled, inputs, out)
      return
    }
    variant = withDigit(variant, dtypeCode(input.dtype) * 4 + motion)
  }
  const loop = compiled.flat.get(variant) ?? makeFlat(maker, compiled, inputs, out, variant)
  loop(out.data, out.offset, size, inputs)
}

const makeFlat = (
  maker: () => LoopMaker,
  { program, flat }: Compiled,
  inputs: readonly Value[],
  out: Spec,
  variant: Variant,
): FlatLoop => {
  const motions = inputs.map((input): Motion => (isContiguous(input) ? 'next' : 'still'))
  const loop = maker().flat(program, motions, out.dtype === 'bool')
  flat.set(variant, loop)
  return loop
}

const runGrid = (maker: () => LoopMaker, compiled: Compiled, inputs: readonly Value[], out: Value): void => {
  const { shape, data } = out
  let start = out.offset
  const last = shape.length - 1
  if (last === 1 && shape[last]! > 1) {
    gridLoop(maker, compiled, inputs, inputs, out.dtype)(data, start, shape[0]!, shape[1]!, inputs)
    return
  }
  const loops = collapse(
    shape,
    inputs.map(({ strides }) => strides),
  )
  const inner = loops.dims.length - 1
  const columns = loops.dims[inner]!
  const rows = inner > 0 ? loops.dims[inner - 1]! : 1
  const offsets = inputs.map(({ offset }) => offset)
  const windows = inputs.map((input, i) => ({
    data: input.data,
    offset: input.offset,
    strides: [loops.strides[i]![inner - 1] ?? 0, loops.strides[i]![inner]!],
  }))
  const loop = gridLoop(maker, compiled, inputs, windows, out.dtype)
  walk(loops, 2, offsets, () => {
    for (let i = 0; i < windows.length; i++) windows[i]!.offset = offsets[i]!
    loop(data, start, rows, columns, windows)
    start += rows * columns
  })
}

const gridLoop = (
  maker: () => LoopMaker,
  { program, grid }: Compiled,
  inputs: readonly Value[],
  windows: readonly Window[],
  dtype: DType,
): GridLoop => {
  let variant: Variant = inputs.length > longestNumber ? '' : 1
  variant = withDigit(variant, dtypeCode(dtype))
  for (let i = 0; i < inputs.length; i++) {
    variant = withDigit(variant, dtypeCode(inputs[i]!.dtype) * 4 + motionOf(windows[i]!))
  }
  const known = grid.get(variant)
  if (known !== undefined) return known
  const motions = windows.map((window) => motionNames[motionOf(window)]!)
  const loop = maker().grid(program, motions, dtype === 'bool')
  grid.set(variant, loop)
  return loop
}

const motionOf = ({ strides }: Window): number => {
  const step = strides[1]!
  return step === 0 ? still : step === 1 ? next : stride
}

const withDigit = (variant: Variant, digit: number): Variant =>
  typeof variant === 'number' ? variant * 16 + digit : `${variant},${digit}`
