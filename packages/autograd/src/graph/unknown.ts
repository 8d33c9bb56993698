import { CompileError } from './errors.js'
import { contiguousStrides, type Shape } from './shape.js'
import type { Spec, Value } from './value.js'

/** Elements were looked at that are not known yet. */
export class UnknownElementsError extends CompileError {}

/** Elements that nobody can look at. */
export class UnknownValue implements Value {
  readonly shape: Shape
  readonly dtype: Spec['dtype']
  readonly strides: readonly number[]
  readonly offset = 0
  shared = false

  constructor({ shape, dtype }: Spec) {
    this.shape = shape
    this.dtype = dtype
    this.strides = contiguousStrides(shape)
  }

  get data(): never {
    throw new UnknownElementsError(this.refusal)
  }

  /** What to say to who looks. */
  protected get refusal(): string {
    return (
      'compile: the elements of a tensor were asked for (by item(), data, toArray(), or as a number: loss > 0) that belongs to a ' +
      'function being compiled: they are not known while it is traced. Return the tensor and look at it outside; ' +
      'choose between values with where(), and give what changes to a leaf with assign().'
    )
  }
}
