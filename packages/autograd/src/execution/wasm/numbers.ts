import type { NumberFunction } from '../../rules/algebra.js'
import { numbers } from '../../rules/numbers.js'
import type { ModuleBuilder } from './assembler/index.js'
import type { ScalarFunction, VectorOptions } from './math/vector.js'

/** Engines call their own functions from WebAssembly three times as fast as ours, but each rounds as it likes. */
const fast: Readonly<Record<string, NumberFunction>> = {
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  atan2: Math.atan2 as NumberFunction,
}

/** The functions over numbers that a module calls: it imports those that it asks for. */
export const importNumbers = (module: ModuleBuilder, deterministic: boolean) => {
  const imported = new Map<string, ScalarFunction>()
  const functions: Record<string, NumberFunction> = {}
  const scalar: VectorOptions['scalar'] = (name, numeric = numbers[name] as NumberFunction) => {
    let known = imported.get(name)
    if (known === undefined) {
      const parameters = new Array<'f64'>(numeric.length).fill('f64')
      known = module.importFunction('numbers', name, parameters, 'f64')
      imported.set(name, known)
      functions[name] = (deterministic ? undefined : fast[name]) ?? numeric
    }
    return known
  }
  /** What the module is to be instantiated with, besides all else that it imports. */
  const imports: WebAssembly.Imports = { numbers: functions }
  return { scalar, imports }
}
