/**
 * Two copies of a library may meet in one program: two versions of it, or its builds as an ES module and as CommonJS. Each
 * has classes of its own, of which the other's instances are none. A brand, under a symbol that all copies share, tells
 * them from anything else.
 *
 * @param of the class, on whose prototype the brand goes
 * @param name the same in every copy
 * @returns whether something is an instance of this class in another copy
 */
export const brand = (of: { readonly prototype: object }, name: string): ((thing: unknown) => boolean) => {
  const key = Symbol.for(name)
  const own = {}
  Object.defineProperty(of.prototype, key, { value: own })
  return (thing) => {
    if (typeof thing !== 'object' || thing === null) return false
    const found = (thing as Readonly<Record<symbol, unknown>>)[key]
    return found !== undefined && found !== own
  }
}
