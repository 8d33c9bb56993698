import type { MayEqual, Shape } from '@adjoint/autograd'

export const formatShape = (shape: Shape): string => `[${shape.join(', ')}]`

export const sameShape = (a: Shape, b: Shape): boolean =>
  a === b || (a.length === b.length && a.every((dim, i) => dim === b[i]))

/** The place of a row-major position in a shape, as in `[1, 3]`. */
export const formatPlace = (position: number, shape: Shape): string => {
  const place: number[] = []
  for (let i = shape.length - 1; i >= 0; i--) {
    place.unshift(position % shape[i]!)
    position = Math.floor(position / shape[i]!)
  }
  return formatShape(place)
}

/** False only if shapes A and B certainly differ: dim by dim, as far as both are known. */
export type MayMatch<A, B> = number extends LengthOf<A> | LengthOf<B>
  ? true
  : A extends readonly [infer a, ...infer RestA]
    ? B extends readonly [infer b, ...infer RestB]
      ? MayEqual<a, b> extends true
        ? MayMatch<RestA, RestB>
        : false
      : false
    : B extends readonly []
      ? true
      : false
type LengthOf<S> = S extends readonly unknown[] ? S['length'] : number
