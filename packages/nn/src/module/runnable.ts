import { type Kind, kinds } from '@adjoint/autograd'
import { refuseForeign } from '../copy.js'
import { isObject } from '../kinds.js'
import { Module } from './module.js'

/** A model, as an argument. */
export const runnable: Kind = {
  ...kinds.kind(
    'a Module with a method forward',
    (thing) => thing instanceof Module && isObject(thing) && typeof thing.forward === 'function',
  ),
  refuse: refuseForeign,
}
