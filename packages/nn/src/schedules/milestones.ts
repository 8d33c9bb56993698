import { kinds } from '@adjoint/autograd'
import { requireOption } from '../errors.js'

/** Steps at which something happens. */
export const milestones = kinds.kind(
  'an array of steps in ascending order',
  (thing) => Array.isArray(thing) && thing.every((one) => typeof one === 'number'),
)

/** Throws unless steps are whole and in order; strictly, each is after step 0 and after the one before. */
export const requireMilestones = (owner: string, at: readonly number[], { strictly = false } = {}): void =>
  requireOption(
    owner,
    'at',
    `[${at.join(', ')}]`,
    at.every((one, i) => Number.isSafeInteger(one) && one >= (at[i - 1] ?? 0) + (strictly ? 1 : 0)),
    `whole steps in ascending order${strictly ? ', each after the one before, the first after 0' : ''}`,
  )
