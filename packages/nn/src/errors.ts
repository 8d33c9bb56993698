import { AdjointError } from '@adjoint/autograd'

/** An option outside its range, or one that is missing. */
export class OptionError extends AdjointError {
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

export const requireCount = (owner: string, name: string, value: number): void =>
  requireOption(owner, name, value, Number.isInteger(value) && value > 0, 'a positive integer')
