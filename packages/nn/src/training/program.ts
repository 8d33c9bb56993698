import { CompileError, compile, Tensor } from '@adjoint/autograd'
import { TrainingError } from '../errors.js'
import { Module } from '../module/module.js'

/** A function that runs compiled or not. */
export interface Program<A extends unknown[], R> {
  readonly call: (...args: A) => R
  /** Compiles it for such arguments, letting others run; null where that has been done. */
  readonly prepare: (...args: A) => Promise<void> | null
  /** Gives back the memory of the programs. */
  readonly release: () => void
}

/** `compile`, with the way out of it that training has. @param owner how messages begin */
export const programOf = <A extends unknown[], R>(
  owner: string,
  f: (...args: A) => R,
  compiles: boolean,
): Program<A, R> => {
  if (!compiles) return { call: f, prepare: () => null, release: () => {} }
  const explained = (error: unknown): unknown =>
    error instanceof CompileError
      ? new TrainingError(`${owner}: this cannot be compiled. ${error.message} Or train with compile: false.`, {
          cause: error,
        })
      : error
  const run = compile(f as (...args: A) => never)
  return {
    call: (...args) => {
      try {
        return run(...args)
      } catch (error) {
        throw explained(error)
      }
    },
    prepare: (...args) => {
      try {
        return run.prepare(...args)?.catch((error: unknown) => Promise.reject(explained(error))) ?? null
      } catch (error) {
        throw explained(error)
      }
    },
    release: run.release,
  }
}

/**
 * The properties of modules that what they compute depends on, each as a function that reads it: those that are no objects, and
 * the parameters and modules that they hold, which might be replaced.
 */
export const settingsOf = (modules: readonly object[]): (() => unknown)[] =>
  modules.flatMap((module) =>
    Object.entries(module)
      .filter(([, value]) => isSetting(value))
      .map(
        ([name]) =>
          () =>
            (module as Record<string, unknown>)[name],
      ),
  )

const isSetting = (value: unknown): boolean =>
  value === null ||
  (typeof value !== 'object' && typeof value !== 'function') ||
  value instanceof Module ||
  (value instanceof Tensor && value.isParameter)
