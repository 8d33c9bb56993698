import type { Cotangents, Node } from '../graph/node.js'
import type { Results } from '../graph/tuple.js'
import { zerosLike } from './constant.js'
import { gather, scatterAdd } from './gather.js'

/**
 * The derivatives of an op whose results are places along an axis of its input, and the elements that stand there: what flows
 * back to those goes to their places.
 */
export const byPlace = <A>(axisOf: (attrs: A) => number) => ({
  vjp: ([, cotangent]: readonly (Node | null)[], { inputs: [x], parts: [places], attrs }: Results<A>): Cotangents => [
    scatterAdd(zerosLike(x!), places!, cotangent!, axisOf(attrs)),
  ],
  jvp: ([tangent]: readonly (Node | null)[], { parts: [places], attrs }: Results<A>): readonly (Node | null)[] => [
    null,
    gather(tangent!, places!, axisOf(attrs)),
  ],
})
