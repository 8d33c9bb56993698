import { brand } from './brand.js'
import { ArgumentError } from './errors.js'

export const tensorBrand = brand('@adjoint/autograd.Tensor')

/** A tensor of another copy, as messages call it, with the remedy. */
const foreignTensor = (tensor: unknown): string =>
  `a tensor (${tensor}) of another copy of @adjoint/autograd, and copies do not know each other's tensors: there are two ` +
  'versions (`npm ls @adjoint/autograd` lists them), or its builds as an ES module and as CommonJS (import it everywhere, ' +
  'or require it everywhere). Values go from one to the other by tensor(x.toPlain())'

/**
 * Throws if something is a tensor of another copy of the library, or an array that holds one. It belongs where tensors are
 * looked for, before anything else is passed over or called something else.
 *
 * @param what whose it is, as a message begins with it: 'matmul: b'
 * @throws ArgumentError that says what to do
 */
export const refuseForeignTensor = (what: string, thing: unknown): void => {
  for (const each of Array.isArray(thing) ? thing : [thing]) {
    if (tensorBrand.isForeign(each)) throw new ArgumentError(`${what} is ${foreignTensor(each)}.`)
  }
}
