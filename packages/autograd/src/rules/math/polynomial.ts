/** A polynomial in x, highest power first. */
export const polynomial = (x: number, coefficients: readonly number[]): number => {
  let sum = 0
  for (const coefficient of coefficients) sum = sum * x + coefficient
  return sum
}
