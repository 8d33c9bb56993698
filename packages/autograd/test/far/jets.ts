import type { Big } from './precise.js'
import * as p from './precise.js'

/** Taylor coefficients along one operand: what a function and its first three derivatives (over k!) are at a point. */
export type Jet = readonly Big[]

const orders = [0, 1, 2, 3] as const
const half = p.timesPower(p.one, -1n)

export const variable = (x: Big): Jet => [x, p.one, p.zero, p.zero]
export const constant = (x: Big): Jet => [x, p.zero, p.zero, p.zero]
export const number = (x: number): Jet => constant(p.fromNumber(x))
export const derivatives = (jet: Jet): number[] =>
  jet.map((c, k) => p.toNumber(p.mul(c, p.fromNumber([1, 1, 2, 6][k]!))))

const whole = (k: number): Big => p.fromNumber(k)
/** The sum over i from `from` to `to` of f(i). */
const total = (from: number, to: number, f: (i: number) => Big): Big => {
  let sum = p.zero
  for (let i = from; i <= to; i++) sum = p.add(sum, f(i))
  return sum
}
/** Coefficients of which each is made from those before it. */
const built = (first: Big, next: (k: number, before: readonly Big[]) => Big): Jet => {
  const jet = [first]
  for (const k of orders.slice(1)) jet.push(next(k, jet))
  return jet
}

export const add = (a: Jet, b: Jet): Jet => orders.map((k) => p.add(a[k]!, b[k]!))
export const neg = (a: Jet): Jet => a.map(p.neg)
export const sub = (a: Jet, b: Jet): Jet => add(a, neg(b))
export const mul = (a: Jet, b: Jet): Jet => orders.map((k) => total(0, k, (i) => p.mul(a[i]!, b[k - i]!)))
export const div = (a: Jet, b: Jet): Jet =>
  built(p.div(a[0]!, b[0]!), (k, q) =>
    p.div(
      p.sub(
        a[k]!,
        total(1, k, (i) => p.mul(b[i]!, q[k - i]!)),
      ),
      b[0]!,
    ),
  )
export const sqrt = (a: Jet): Jet =>
  built(p.sqrt(a[0]!), (k, s) =>
    p.div(
      p.mul(
        half,
        p.sub(
          a[k]!,
          total(1, k - 1, (i) => p.mul(s[i]!, s[k - i]!)),
        ),
      ),
      s[0]!,
    ),
  )
export const exp = (a: Jet): Jet =>
  built(p.exp(a[0]!), (k, e) =>
    p.div(
      total(1, k, (i) => p.mul(whole(i), p.mul(a[i]!, e[k - i]!))),
      whole(k),
    ),
  )
export const log = (a: Jet): Jet =>
  built(p.log(a[0]!), (k, l) => {
    const inner = total(1, k - 1, (i) => p.mul(whole(i), p.mul(l[i]!, a[k - i]!)))
    return p.div(p.sub(a[k]!, p.div(inner, whole(k))), a[0]!)
  })
export const sinCos = (a: Jet): [sin: Jet, cos: Jet] => {
  const [s0, c0] = p.sinCos(a[0]!)
  const s = [s0]
  const c = [c0]
  for (const k of orders.slice(1)) {
    const along = (other: readonly Big[]) =>
      p.div(
        total(1, k, (i) => p.mul(whole(i), p.mul(a[i]!, other[k - i]!))),
        whole(k),
      )
    const [next, fall] = [along(c), along(s)]
    s.push(next)
    c.push(p.neg(fall))
  }
  return [s, c]
}
/** The function with this value whose derivative is `slope` times that of a. */
const integral = (value: Big, a: Jet, slope: Jet): Jet =>
  built(value, (k) =>
    p.div(
      total(1, k, (i) => p.mul(whole(i), p.mul(a[i]!, slope[k - i]!))),
      whole(k),
    ),
  )
export const atan = (a: Jet): Jet => integral(p.atan(a[0]!), a, div(number(1), add(number(1), mul(a, a))))
export const erf = (a: Jet): Jet => {
  const slope = div(mul(number(2), exp(neg(mul(a, a)))), sqrt(constant(p.pi)))
  return integral(p.erf(a[0]!), a, slope)
}
export const floor = (a: Jet): Jet => constant(p.floor(a[0]!))
/** The inverse of erf, by Newton's steps from 0, which double the digits: its derivative is the inverse of that of erf. */
export const erfinv = (a: Jet): Jet => {
  const [x] = a as [Big, ...Big[]]
  if (!p.less(p.neg(p.one), x) || !p.less(x, p.one)) throw new RangeError('the inverse of erf outside of (-1, 1)')
  const root = p.div(p.sqrt(p.pi), p.fromNumber(2))
  const inverseSlope = (y: Big) => p.mul(root, p.exp(p.mul(y, y)))
  let y = p.mul(root, x)
  for (let i = 0; i < 40; i++) y = p.sub(y, p.mul(p.sub(p.erf(y), x), inverseSlope(y)))
  return built(y, (k, before) => {
    const jet = orders.map((i) => before[i] ?? p.zero)
    const slope = mul(constant(root), exp(mul(jet, jet)))
    return p.div(
      total(1, k, (i) => p.mul(whole(i), p.mul(a[i]!, slope[k - i]!))),
      whole(k),
    )
  })
}

export const isNegative = (a: Jet): boolean => p.sign(a[0]!) < 0
export const isLess = (a: Jet, b: Jet): boolean => p.less(a[0]!, b[0]!)
