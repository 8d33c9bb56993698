import { bytesPerElement } from '../../../graph/dtype.js'
import { CompileError } from '../../../graph/errors.js'
import { formatShape, sizeOf } from '../../../graph/shape.js'
import type { Plan } from '../../compile/plan.js'

const pageSize = 65536

/** A memory of so many bytes, or an error that says what takes them. */
export const newMemory = (bytes: number, plan: Plan): WebAssembly.Memory => {
  const pages = Math.ceil(bytes / pageSize)
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages })
  } catch (cause) {
    throw new CompileError(
      `compile: the program needs ${megabytes(bytes)} of memory, which WebAssembly does not give (at most 4096 MiB). ` +
        `Largest are ${largest(plan)}. Work on smaller batches, or run this function uncompiled.`,
      { cause },
    )
  }
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`

const largest = ({ inputs, steps }: Plan): string => {
  const inputsAndResults = [
    ...inputs.map((buffer) => ({ what: 'an input', buffer })),
    ...steps.flatMap(({ kind, outs }) => outs.map((buffer) => ({ what: `a result of ${kind}`, buffer }))),
  ]
  const sizeIn = ({ shape, dtype }: { shape: readonly number[]; dtype: Parameters<typeof bytesPerElement>[0] }) =>
    sizeOf(shape) * bytesPerElement(dtype)
  return inputsAndResults
    .toSorted((a, b) => sizeIn(b.buffer) - sizeIn(a.buffer))
    .slice(0, 3)
    .map(({ what, buffer }) => `${what}, ${buffer.dtype}${formatShape(buffer.shape)} (${megabytes(sizeIn(buffer))})`)
    .join(', ')
}
