import { checked } from '../graph/arguments.js'
import * as foreign from '../graph/foreign.js'
import * as kinds from '../ops/kinds.js'

// Checks of arguments look for what is foreign, so these cannot be checked where they are made.

const thing = /* @__PURE__ */ kinds.optional(kinds.anything)

/**
 * Two copies of a package may meet in one program: two versions of it, or its builds as an ES module and as CommonJS. Each
 * has classes of its own, of which the other's instances are none. A brand under a symbol that all copies share tells them
 * from anything else.
 *
 * @param packageName the same in every copy
 * @param remedy what else to do than to have one copy
 */
export const packageCopy = /* @__PURE__ */ checked(
  'packageCopy',
  { packageName: kinds.string, remedy: /* @__PURE__ */ kinds.optional(kinds.string) },
  (packageName: string, remedy?: string): foreign.PackageCopy => {
    const { brand, refuseForeign } = foreign.packageCopy(packageName, remedy)
    return {
      brand: checked('brand', { of: kinds.function }, brand),
      refuseForeign: checked('refuseForeign', { what: kinds.string, thing }, refuseForeign),
    }
  },
)

/** Throws for a tensor of another copy of the library, or an array or plain object that holds one: see `PackageCopy`. */
export const refuseForeignTensor = /* @__PURE__ */ checked(
  'refuseForeignTensor',
  { what: kinds.string, thing },
  foreign.refuseForeignTensor,
)
