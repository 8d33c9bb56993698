import { allocate, type TypedArray } from './dtype.js'
import { AdjointError } from './errors.js'
import { entrust, type Holder, type Keeper } from './holder.js'
import type { Node } from './node.js'
import { formatShape, sizeOf } from './shape.js'
import { tracer } from './tracer.js'
import { denseData, denseValue, type Value } from './value.js'

/**
 * A value whose array a user has: who may write to it, or transfer it to another thread. The tensor takes it back as a copy
 * when it is next used, so that nothing that is computed or stored ever lies in an array that a user has, and what nobody
 * looks at costs nothing.
 */
class Lent implements Keeper {
  constructor(readonly value: Value) {}

  fetch(): Value {
    const { data, shape, dtype } = this.value
    // that of an empty tensor may be gone
    return denseValue(this.present(data).length === 0 ? allocate(dtype, 0) : data.slice(), shape, dtype)
  }

  present(data: TypedArray): TypedArray {
    const { shape, dtype } = this.value
    if (data.length === sizeOf(shape)) return data
    throw new AdjointError(
      `The elements of a tensor (${dtype}${formatShape(shape)}) are gone: the buffer of its data was transferred, by ` +
        'postMessage or structuredClone. Transfer that of a copy: x.toPlain(), or x.data.slice().',
    )
  }
}

/** The elements of a tensor in row-major order, for a user: in an array that no other tensor shares. */
export const lend = (tensor: Node<unknown>): TypedArray => {
  const holder = tensor as Node as Holder
  const { keeper } = holder
  if (tracer === null && keeper instanceof Lent) return keeper.present(keeper.value.data)
  const { value } = holder
  const dense = denseData(value)
  const isOwn = dense.buffer !== value.data.buffer || (!value.shared && tracer === null)
  const data = isOwn ? dense : dense.slice()
  if (tracer === null) entrust(holder, new Lent(denseValue(data, value.shape, value.dtype)))
  return data
}
