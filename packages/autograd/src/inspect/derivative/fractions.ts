import type { Expression } from '../../rules/expression.js'

// Numbers in front of factors, as far as they are exact: what would be rounded is left to whoever asks.

/** `over / under` times the product of the factors to their powers, in order. */
export interface Product {
  readonly over: number
  readonly under: number
  readonly factors: ReadonlyMap<Expression, number>
}
/** A product whose number stands for itself. */
export interface Term {
  readonly over: number
  readonly under: number
  readonly of: Expression
}

export const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b))
export const isWhole = (x: number): boolean => Number.isInteger(x) && Math.abs(x) <= 2 ** 53
const isPowerOfTwo = (x: number): boolean => {
  let size = Math.abs(x)
  if (size < 1e-9 || size > 1e9) return false
  while (size < 1) size *= 2
  while (size > 1) size /= 2
  return size === 1
}

/** a * b where that is exact. */
export const exactProduct = (a: number, b: number): number | null => {
  const product = a * b
  if (a === 0 || b === 0) return 0
  if (isWhole(a) && isWhole(b)) return isWhole(product) ? product : null
  return (isPowerOfTwo(a) || isPowerOfTwo(b)) && Math.abs(product) > 1e-290 && Math.abs(product) < 1e290
    ? product
    : null
}
const exactSum = (a: number, b: number): number | null => {
  const sum = a + b
  return sum - a === b && sum - b === a && (isWhole(sum) || String(sum).length < 12) ? sum : null
}

/** The number of a product, with the whole numbers among its factors: these are taken out. */
export const absorbed = (product: Product, factors: Map<Expression, number>): Pick<Product, 'over' | 'under'> => {
  let { over, under } = product
  for (const [factor, power] of factors) {
    if (factor.kind !== 'constant' || !isWhole(factor.value)) continue
    const above = power === 1 ? exactProduct(over, factor.value) : over
    const below = power === -1 ? exactProduct(under, factor.value) : under
    if (above === null || below === null || Math.abs(power) > 1) continue
    factors.delete(factor)
    over = above
    under = below
  }
  return { over, under }
}

/** The root of a square, and 1 for what is none. */
export const wholeRoot = (square: number): number => {
  const root = Math.sqrt(square)
  return Number.isInteger(root) ? root : 1
}

export const opposite = ({ over, under, of }: Term): Term => ({ over: -over, under, of })

export const together = (a: Term, b: Term): Term | null => {
  if (a.under === b.under) {
    const over = exactSum(a.over, b.over)
    return over === null ? null : { ...a, over }
  }
  const [left, right, under] = [
    exactProduct(a.over, b.under),
    exactProduct(b.over, a.under),
    exactProduct(a.under, b.under),
  ]
  const over = left === null || right === null ? null : exactSum(left, right)
  if (over === null || under === null || !isWhole(over)) return null
  const common = gcd(over, under)
  return { over: over / common, under: under / common, of: a.of }
}
