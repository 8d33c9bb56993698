import type { Primitive } from '../../rules/algebra.js'
import { numbers } from '../../rules/numbers.js'
import type { ModuleBuilder } from './assembler/index.js'
import type { ScalarFunction, VectorOptions } from './math/vector.js'

/** The primitives over numbers as a module calls them. It imports those that it asks for. */
export const importNumbers = (module: ModuleBuilder): VectorOptions['scalar'] => {
  const imported = new Map<Primitive, ScalarFunction>()
  return (name) => {
    let known = imported.get(name)
    if (known === undefined) {
      const parameters = new Array<'f64'>(numbers[name].length).fill('f64')
      known = module.importFunction('numbers', name, parameters, 'f64')
      imported.set(name, known)
    }
    return known
  }
}

const portable = numbers as unknown as Record<string, WebAssembly.ImportValue>
/** Engines call their own functions from WebAssembly three times as fast as ours, but each rounds as it likes. */
const fast = {
  ...portable,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  atan2: Math.atan2,
}

/** What such a module is to be instantiated with, besides all else that it imports. */
export const numbersToImport = (deterministic: boolean): WebAssembly.Imports => ({
  numbers: deterministic ? portable : fast,
})
