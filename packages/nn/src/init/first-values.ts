import type { Tensor } from '@adjoint/autograd'
import type { Initializer, InitializerOptions } from './initializer.js'

/** Makes the first values of a weight of an initializer, as its layer does: it knows the fans, gates and rows of padding. */
export type FirstValues = (init: Initializer, options: InitializerOptions) => Tensor

const makers = new WeakMap<object, FirstValues>()

export const rememberFirstValues = (weight: object, make: FirstValues): void => {
  makers.set(weight, make)
}

/** How the first values of a weight are made; undefined for a parameter that no initializer made. */
export const firstValuesOf = (weight: object): FirstValues | undefined => makers.get(weight)

/** Has one weight made as another is, whose place it takes. */
export const makeAlike = (weight: object, other: object): void => {
  const make = makers.get(other)
  if (make !== undefined) makers.set(weight, make)
}
