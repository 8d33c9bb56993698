import { kinds } from '@adjoint/autograd'

/** What becomes of a last batch that is smaller than the others. */
export type LastBatch = 'keep' | 'drop' | 'pad'

export const lastBatch = kinds.oneOf('keep', 'drop', 'pad')
