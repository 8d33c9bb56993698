import { bytesPerElement } from '../../../graph/dtype.js'
import { sizeOf } from '../../../graph/shape.js'
import { denseData, isContiguous, type Spec, type Value } from '../../../graph/value.js'
import { collapse, walk } from '../../walk.js'
import type { Motion } from '../elementwise/access.js'
import type { FloatType } from '../math/vector.js'
import { placeValue, type Scratch } from '../memory.js'
import type { Kernels } from './kernels.js'

/** Runs a program over the inputs that it uses; null if they do not fit into the memory. */
export const runMap = (
  scratch: Scratch,
  kernels: Kernels,
  type: FloatType,
  inputs: readonly Value[],
  out: Spec,
): Value | null => {
  const motions: Motion[] = []
  for (const input of inputs) {
    if (isContiguous(input)) motions.push('next')
    else if (isRepeated(input)) motions.push('still')
    else return runGrid(scratch, kernels, type, inputs, out)
  }
  return runFlat(scratch, kernels, type, inputs, motions, out)
}

const isRepeated = ({ shape, strides }: Value): boolean => {
  for (let i = 0; i < shape.length; i++) if (strides[i] !== 0 && shape[i] !== 1) return false
  return true
}

/** One row, of inputs that are dense or one repeated element. */
const runFlat = (
  scratch: Scratch,
  kernels: Kernels,
  type: FloatType,
  inputs: readonly Value[],
  motions: readonly Motion[],
  out: Spec,
): Value | null => {
  const size = sizeOf(out.shape)
  scratch.reset()
  const address = scratch.take(size * bytesPerElement(out.dtype))
  const args = [1, size, address]
  for (let i = 0; i < inputs.length; i++) {
    args.push(scratch.take((motions[i] === 'next' ? size : 1) * bytesPerElement(inputs[i]!.dtype)), 0)
  }
  if (!scratch.fits) return null
  scratch.open()
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i]!
    const view = scratch.view(input.dtype)
    const start = args[3 + 2 * i]! / bytesPerElement(input.dtype)
    if (motions[i] === 'next') view.set(denseData(input), start)
    else view[start] = input.data[input.offset]!
  }
  kernels.get(type, out.dtype, dtypesOf(inputs), motions)(...args)
  return scratch.read(out, address)
}

/** Rows and columns; more loops than that are walked here. */
const runGrid = (
  scratch: Scratch,
  kernels: Kernels,
  type: FloatType,
  inputs: readonly Value[],
  out: Spec,
): Value | null => {
  scratch.reset()
  const placed = inputs.map((input) => placeValue(scratch, input))
  const bytes = bytesPerElement(out.dtype)
  const address = scratch.take(sizeOf(out.shape) * bytes)
  if (!scratch.fits) return null
  scratch.open()
  for (const { copy } of placed) copy()

  const { dims, strides } = collapse(
    out.shape,
    placed.map((each) => each.strides),
  )
  const inner = dims.length - 1
  const columns = dims[inner] ?? 1
  const rows = dims[inner - 1] ?? 1
  const steps = strides.map((own) => own[inner] ?? 0)
  const rowSteps = strides.map((own) => own[inner - 1] ?? 0)
  const motions = inputs.map(
    ({ dtype }, i): Motion => (steps[i] === bytesPerElement(dtype) ? 'next' : steps[i] === 0 ? 'still' : 'stride'),
  )
  const kernel = kernels.get(type, out.dtype, dtypesOf(inputs), motions)
  const offsets = placed.map((each) => each.address)
  let to = address
  walk({ dims, strides }, 2, offsets, () => {
    const args = [rows, columns, to]
    for (let i = 0; i < inputs.length; i++) {
      args.push(offsets[i]!, rowSteps[i]!)
      if (motions[i] === 'stride') args.push(steps[i]!)
    }
    kernel(...args)
    to += rows * columns * bytes
  })
  return scratch.read(out, address)
}

const dtypesOf = (inputs: readonly Value[]) => inputs.map(({ dtype }) => dtype)
