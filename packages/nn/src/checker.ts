import { type ArgumentCheck, checker as checkerOfAny, type Takes } from '@adjoint/autograd'
import { familiar } from './familiar.js'

/** As `checker` of autograd, with the names that layers and trainings have in other libraries. */
export const checker = (owner: string, takes: Takes, instead?: string): ArgumentCheck =>
  checkerOfAny(owner, takes, instead, familiar)
