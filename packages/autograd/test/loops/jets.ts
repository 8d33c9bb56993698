/** A number that moves: x₀ + x₁t + x₂t² for small t. Plain arithmetic, and nothing of ours. */
export type Jet = readonly [number, number, number]

export const fixed = (x: number): Jet => [x, 0, 0]
export const plus = (...all: readonly Jet[]): Jet =>
  all.reduce<Jet>((a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]], fixed(0))
export const scale = (k: number, [x, dx, ddx]: Jet): Jet => [k * x, k * dx, k * ddx]
export const minus = (a: Jet, b: Jet): Jet => plus(a, scale(-1, b))
export const times = (...all: readonly Jet[]): Jet =>
  all.reduce<Jet>((a, b) => [a[0] * b[0], a[0] * b[1] + a[1] * b[0], a[0] * b[2] + a[1] * b[1] + a[2] * b[0]], fixed(1))

/** f(x), with f, f' and f'' at x₀. */
const through = ([, dx, ddx]: Jet, f: number, slope: number, curve: number): Jet => [
  f,
  slope * dx,
  slope * ddx + (curve / 2) * dx * dx,
]
export const over = (a: Jet, b: Jet): Jet => times(a, through(b, 1 / b[0], -1 / b[0] ** 2, 2 / b[0] ** 3))
export const exp = (x: Jet): Jet => through(x, Math.exp(x[0]), Math.exp(x[0]), Math.exp(x[0]))
export const log = (x: Jet): Jet => through(x, Math.log(x[0]), 1 / x[0], -1 / x[0] ** 2)
export const sqrt = (x: Jet): Jet => through(x, Math.sqrt(x[0]), 0.5 * x[0] ** -0.5, -0.25 * x[0] ** -1.5)
export const sin = (x: Jet): Jet => through(x, Math.sin(x[0]), Math.cos(x[0]), -Math.sin(x[0]))
export const cos = (x: Jet): Jet => through(x, Math.cos(x[0]), -Math.sin(x[0]), -Math.cos(x[0]))
export const tanh = (x: Jet): Jet => {
  const y = Math.tanh(x[0])
  return through(x, y, 1 - y * y, -2 * y * (1 - y * y))
}
export const sigmoid = (x: Jet): Jet => over(fixed(1), plus(fixed(1), exp(scale(-1, x))))
