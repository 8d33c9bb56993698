import { isFloat } from '../../graph/dtype.js'
import { isTensor, type Leaf, type Place, refuseInstance } from '../../graph/tree.js'

/** Modules have their parameters by dotted paths: `.encoder.0.weight`, unless something else is called so. */
export const pathsOf = (leaves: readonly Leaf[]): string[] => {
  const dotted = leaves.map(({ keys }) =>
    keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join(''),
  )
  return leaves.map(({ path }, i) => {
    const name = dotted[i]!
    const isPlain = /^[\w$.[\]]*$/.test(name)
    return isPlain && dotted.indexOf(name) === dotted.lastIndexOf(name) ? name : path
  })
}

/** Throws for an instance that is no tree and holds float tensors: they would be taken for constants without a word. */
export const refuseHidden = (thing: unknown, place: Place): unknown => {
  const isObject = typeof thing === 'object' && thing !== null && !ArrayBuffer.isView(thing)
  if (isObject && Object.values(thing).some((part) => isTensor(part) && isFloat(part.dtype))) {
    refuseInstance('gradcheck: input', thing, place)
  }
  return thing
}
