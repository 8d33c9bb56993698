import type { Random } from '@adjoint/autograd'

/** Reads a text one character after another, and gives after each the probability of each to be the next. */
export type Reader = (character: number) => ArrayLike<number>

/** What a reader writes: it draws what comes next, reads that, and so on. */
export const write = (
  reader: Reader,
  beginning: readonly number[],
  length: number,
  { random, temperature }: { readonly random: Random; readonly temperature: number },
): number[] => {
  let shares: ArrayLike<number> = []
  for (const character of beginning) shares = reader(character)
  return Array.from({ length }, () => {
    const next = draw(shares, random.number(), temperature)
    shares = reader(next)
    return next
  })
}

/** The character at a place from 0 to 1 among all, each as wide as its probability ** (1 / temperature). */
const draw = (shares: ArrayLike<number>, place: number, temperature: number): number => {
  const widths = Array.from(shares, (share) => share ** (1 / temperature))
  let left = place * widths.reduce((sum, width) => sum + width, 0)
  const drawn = widths.findIndex((width) => {
    left -= width
    return left < 0
  })
  return drawn < 0 ? widths.length - 1 : drawn
}

/** How many bits each character of a text but the first says to a reader. */
export const surprises = (reader: Reader, text: readonly number[]): number[] => {
  let shares: ArrayLike<number> | null = null
  const all: number[] = []
  for (const character of text) {
    if (shares !== null) all.push(-Math.log2(shares[character]!))
    shares = reader(character)
  }
  return all
}
