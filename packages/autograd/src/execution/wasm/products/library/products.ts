import { type Callable, ModuleBuilder } from '../../assembler/index.js'
import type { FloatType } from '../../math/vector.js'
import { defineGemm, type Gemm, gemmParameters, workspaceBytes } from './gemm.js'
import { defineMatvecColumns, defineMatvecRows, type Matvec, matvecParameters } from './matvec.js'
import { defineHasNaN } from './nan.js'
import { numericOf } from './numeric.js'

/** The products of one float type; `gemm.ts` and `matvec.ts` say what they take. */
export interface ProductFunctions {
  readonly gemm: Gemm
  readonly matvecColumns: Matvec
  readonly matvecRows: Matvec
}
type Name = keyof ProductFunctions

const signatures: { readonly [N in Name]: readonly 'i32'[] } = {
  gemm: gemmParameters,
  matvecColumns: matvecParameters,
  matvecRows: matvecParameters,
}

/** What `gemm` needs as its working memory. */
export const productWorkspace = (type: FloatType): number => workspaceBytes(numericOf(type, false))

const types: readonly FloatType[] = ['float32', 'float64']
const libraryOf = (type: FloatType): string => `products ${type}`

const compiled = new Map<string, WebAssembly.Module>()

/** The products of one float type over a memory that is imported. There is one module, so that it is optimised once. */
const productModule = (type: FloatType, fused: boolean): WebAssembly.Module => {
  const key = `${type} ${fused}`
  let known = compiled.get(key)
  if (known === undefined) {
    const module = new ModuleBuilder()
    const numeric = numericOf(type, fused)
    module.memory({ from: { module: 'plan', name: 'memory' }, pages: 0 })
    module.export('gemm', defineGemm(module, numeric))
    module.export('matvecColumns', defineMatvecColumns(module, numeric))
    module.export('matvecRows', defineMatvecRows(module, numeric))
    module.export('hasNaN', defineHasNaN(module, numeric))
    known = new WebAssembly.Module(module.bytes())
    compiled.set(key, known)
  }
  return known
}

/** The products over a memory, by name. */
export const instantiateProducts = (type: FloatType, fused: boolean, memory: WebAssembly.Memory) =>
  new WebAssembly.Instance(productModule(type, fused), { plan: { memory } }).exports as {
    readonly [N in Name]: (...args: number[]) => void
  } & { readonly hasNaN: (address: number, count: number) => number }

/** The products as a module calls them. It imports those that it asks for; `linkProducts` provides them. */
export const importProducts = (module: ModuleBuilder, type: FloatType): ProductFunctions => {
  const known = new Map<Name, Callable<readonly 'i32'[], null>>()
  const imported = (name: Name) => {
    let product = known.get(name)
    if (product === undefined) {
      product = module.importFunction(libraryOf(type), name, signatures[name], null)
      known.set(name, product)
    }
    return product
  }
  return {
    get gemm() {
      return imported('gemm')
    },
    get matvecColumns() {
      return imported('matvecColumns')
    },
    get matvecRows() {
      return imported('matvecRows')
    },
  }
}

/** What a module that `importProducts` wrote into is to be instantiated with, besides all else that it imports. */
export const linkProducts = (
  module: WebAssembly.Module,
  fused: boolean,
  memory: WebAssembly.Memory,
): WebAssembly.Imports => {
  const libraries = new Set(WebAssembly.Module.imports(module).map((imported) => imported.module))
  const wanted = types.filter((type) => libraries.has(libraryOf(type)))
  return Object.fromEntries(wanted.map((type) => [libraryOf(type), instantiateProducts(type, fused, memory)]))
}
