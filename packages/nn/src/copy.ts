import { packageCopy, refuseForeignTensor } from '@adjoint/autograd'

const thisCopy = packageCopy('@adjoint/nn')

export const { brand } = thisCopy

/**
 * Throws for a tensor of another copy of autograd, or a module or optimizer of another copy of this package: before it is
 * passed over, or called something else.
 *
 * @param what whose it is, as a message begins with it: 'Sequential: layer 0'
 */
export const refuseForeign = (what: string, thing: unknown): void => {
  refuseForeignTensor(what, thing)
  thisCopy.refuseForeign(what, thing)
}
