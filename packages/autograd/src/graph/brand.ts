/** Tells the instances of a class of this copy of a library from those of the same class of another copy. */
export interface Brand {
  /** Marks the class as that of this copy. */
  mark(of: { readonly prototype: object }): void
  /** Whether something is an instance of the class in another copy. */
  isForeign(thing: unknown): boolean
}

/**
 * Two copies of a library may meet in one program: two versions of it, or its builds as an ES module and as CommonJS. Each
 * has classes of its own, of which the other's instances are none. A brand, under a symbol that all copies share, tells
 * them from anything else.
 *
 * @param name the same in every copy: '@adjoint/nn.Module'
 */
export const brand = (name: string): Brand => {
  const key = Symbol.for(name)
  const own = {}
  return {
    mark: ({ prototype }) => {
      Object.defineProperty(prototype, key, { value: own })
    },
    isForeign: (thing) => {
      if (typeof thing !== 'object' || thing === null) return false
      const found = (thing as Readonly<Record<symbol, unknown>>)[key]
      return found !== undefined && found !== own
    },
  }
}
