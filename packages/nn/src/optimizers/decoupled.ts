import type { ScalarAlgebra } from '@adjoint/autograd'

type Named<Names extends string, T> = { readonly [name in Names]: T | number }

/** The gradient of what is to become small, without any decay. */
export const gradientOf =
  (maximize: unknown) =>
  <T>(m: ScalarAlgebra<T>, { gradient }: Named<'gradient', T>): T | number =>
    maximize === true ? m.neg(gradient) : gradient

/** A parameter that has lost learningRate * weightDecay of itself, whatever its gradient. */
export const shrunk = <T>(
  m: ScalarAlgebra<T>,
  { parameter, learningRate, weightDecay }: Named<'parameter' | 'learningRate' | 'weightDecay', T>,
): T | number => (weightDecay === 0 ? parameter : m.sub(parameter, m.mul(m.mul(learningRate, weightDecay), parameter)))

/** A running mean: `share` of what it was, and the rest of what is new. */
export const averaged = <T>(m: ScalarAlgebra<T>, share: T | number, before: T | number, next: T | number): T =>
  m.add(m.mul(share, before), m.mul(m.sub(1, share), next))

/** a / b, and 0 where b is 0: what had no gradient so far does not move. */
export const ratio = <T>(m: ScalarAlgebra<T>, a: T | number, b: T | number): T =>
  m.select(m.equal(b, 0), 0, m.div(a, b))

/**
 * A value that is computed beside another: NaN where the other is, which it would be anyway. What depends on the other is
 * computed in its loop; two loops that only read the same would go over memory twice.
 */
export const beside = <T>(m: ScalarAlgebra<T>, value: T | number, other: T | number): T =>
  m.select(m.equal(other, other), value, other)
