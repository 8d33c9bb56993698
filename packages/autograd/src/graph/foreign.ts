import { ArgumentError } from './errors.js'
import { isPlainObject, shown } from './words.js'

/** This copy of a package, as opposed to others in the same program. */
export interface PackageCopy {
  /** Marks the instances of a class as of this copy. */
  brand(of: { readonly prototype: object }): void
  /**
   * Throws for an instance of a branded class of another copy, for what says under `misplaced` that it is none, and for an array or
   * plain object that holds either. It belongs where such instances are looked for, before anything else is passed over or called something else.
   *
   * @param what whose it is, as a message begins with it: 'matmul: b'
   * @throws ArgumentError that says what to do
   */
  refuseForeign(what: string, thing: unknown): void
}

/** Under it, what may be taken for a tensor and is none says so, and what to do. */
export const misplaced: unique symbol = Symbol('misplaced')

const reasonOf = (thing: unknown): string | undefined =>
  typeof thing === 'object' && thing !== null ? (thing as { readonly [misplaced]?: string })[misplaced] : undefined

/**
 * Two copies of a package may meet in one program: two versions of it, or its builds as an ES module and as CommonJS. Each
 * has classes of its own, of which the other's instances are none. A brand under a symbol that all copies share tells them
 * from anything else.
 *
 * @param packageName the same in every copy
 * @param remedy what else to do than to have one copy
 */
export const packageCopy = (packageName: string, remedy?: string): PackageCopy => {
  const key = Symbol.for(packageName)
  const own = {}
  const brandOf = (thing: unknown): unknown =>
    typeof thing === 'object' && thing !== null ? (thing as Readonly<Record<symbol, unknown>>)[key] : undefined
  return {
    brand: ({ prototype }) => {
      Object.defineProperty(prototype, key, { value: own })
    },
    refuseForeign: (what, thing) => {
      if (typeof thing !== 'object' || thing === null || brandOf(thing) === own) return
      for (const each of Array.isArray(thing) ? thing : isPlainObject(thing) ? Object.values(thing) : [thing]) {
        const found = brandOf(each)
        const reason = reasonOf(each)
        if (reason !== undefined) throw new ArgumentError(`${what} is ${shown(each)}, ${reason}`)
        if (found === undefined || found === own) continue
        throw new ArgumentError(
          `${what} is ${shown(each)} of another copy of ${packageName}, and copies do not know each other's objects: there ` +
            `are two versions (\`npm ls ${packageName}\` lists them), or its builds as an ES module and as CommonJS (import ` +
            `it everywhere, or require it everywhere).${remedy === undefined ? '' : ` ${remedy}`}`,
        )
      }
    },
  }
}

const thisCopy = packageCopy('@adjoint/autograd', 'Values go from one copy to the other by tensor(x.toPlain()).')

export const brandTensor = thisCopy.brand
/** Throws for a tensor of another copy of the library, or an array or plain object that holds one: see `PackageCopy`. */
export const refuseForeignTensor = thisCopy.refuseForeign
