import { AdjointError } from '@adjoint/autograd'

/** Bytes that are not what they should be: cut off, changed, of another format, or of a part of a format that is not read. */
export class FormatError extends AdjointError {
  override readonly name = 'FormatError'
}
