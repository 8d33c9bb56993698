/** Every error of adjoint: the sentence names the op, the shapes and what to do instead. */
export class AdjointError extends Error {
  override readonly name: string = 'AdjointError'
}
/** An argument or option of the wrong kind, one that is missing or unknown, or one too many. */
export class ArgumentError extends AdjointError {
  override readonly name: string = 'ArgumentError'
}
/** Shapes that do not fit together, or data that has no shape. */
export class ShapeError extends AdjointError {
  override readonly name = 'ShapeError'
}
/** An axis that the tensor does not have. */
export class AxisError extends AdjointError {
  override readonly name = 'AxisError'
}
/** An index outside its axis, or one that is not an integer. */
export class IndexOutOfRangeError extends AdjointError {
  override readonly name = 'IndexOutOfRangeError'
}
/** A dtype that the op cannot take, or a value that the dtype cannot hold. */
export class DTypeError extends AdjointError {
  override readonly name = 'DTypeError'
}
/** A derivative that does not exist, is missing, or was asked for in the wrong way. */
export class GradientError extends AdjointError {
  override readonly name = 'GradientError'
}
/** Something that a compiled function cannot do. */
export class CompileError extends AdjointError {
  override readonly name = 'CompileError'
}
