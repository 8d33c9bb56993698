import type { Primitive } from '../../rules/algebra.js'
import { numbers } from '../../rules/numbers.js'
import type { ModuleBuilder } from './assembler/index.js'
import type { ScalarFunction, VectorOptions } from './vector/vector.js'

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

/** What such a module is to be instantiated with, besides all else that it imports. */
export const numbersToImport: WebAssembly.Imports = {
  numbers: numbers as unknown as Record<string, WebAssembly.ImportValue>,
}
