import { AdjointError, ArgumentError } from '@adjoint/autograd'

/** An argument or option outside its range, or one that does not go with another. */
export class OptionError extends ArgumentError {
  override readonly name = 'OptionError'
}
/** A state that does not fit what it is loaded into. */
export class StateDictError extends AdjointError {
  override readonly name = 'StateDictError'
}
/** A module that holds something where it would not be found. */
export class ModuleError extends AdjointError {
  override readonly name = 'ModuleError'
}
/** A training run that cannot go on. */
export class TrainingError extends AdjointError {
  override readonly name = 'TrainingError'
}

/** Throws unless an option holds: `requireOption('Dropout', 'p', p, p >= 0 && p <= 1, 'a probability from 0 to 1')`. */
export const requireOption = (owner: string, name: string, value: unknown, holds: boolean, wanted: string): void => {
  if (!holds) throw new OptionError(`${owner}: ${name} is ${String(value)}; use ${wanted}.`)
}

/** Throws unless a number is finite and at least 0. */
export const requireAmount = (owner: string, name: string, value: number): void =>
  requireOption(owner, name, value, value >= 0 && value < Number.POSITIVE_INFINITY, 'a number of at least 0')

export const requireCount = (owner: string, name: string, value: number): void =>
  requireOption(owner, name, value, Number.isSafeInteger(value) && value > 0, 'a positive integer')

/** Throws unless a number is positive; it may be infinite. */
export const requirePositive = (owner: string, name: string, value: number): void =>
  requireOption(owner, name, value, value > 0, 'a positive number')
