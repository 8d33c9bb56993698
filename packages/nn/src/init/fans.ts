import type { Tensor } from '@adjoint/autograd'
import type { Fans } from './initializer.js'

const fans = new WeakMap<object, Partial<Fans>>()

/** Remembers for which fans a weight was made: its shape does not say which axes are inputs. */
export const rememberFans = (weight: Tensor, { fanIn, fanOut }: Partial<Fans>): void => {
  fans.set(weight, { ...(fanIn !== undefined && { fanIn }), ...(fanOut !== undefined && { fanOut }) })
}

/** The fans of a weight; undefined for a parameter that no initializer made. */
export const fansOf = (weight: Tensor): Partial<Fans> | undefined => fans.get(weight)
