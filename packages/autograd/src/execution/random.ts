import type { Random } from '../graph/kernel.js'
import type { Value } from '../graph/value.js'

// Seeded randomness by a counter: number n of a key is a pure function of both (Salmon et al., Parallel random numbers: as
// easy as 1, 2, 3, 2011), so that numbers may be drawn in any order, many at once.

const parity = 0x1bd11bda

/** Threefry-2x32 with 20 rounds: two random words, written to `words`, of a key and a counter of two words each. */
export const threefry = (k0: number, k1: number, c0: number, c1: number, words: Int32Array): void => {
  const k2 = k0 ^ k1 ^ parity
  let x = (c0 + k0) | 0
  let y = (c1 + k1) | 0
  // keys that the next injection adds
  let [a, b, c] = [k1, k2, k0]
  for (let injection = 1; injection <= 5; injection++) {
    if (injection % 2 === 1) {
      x = (x + y) | 0
      y = ((y << 13) | (y >>> 19)) ^ x
      x = (x + y) | 0
      y = ((y << 15) | (y >>> 17)) ^ x
      x = (x + y) | 0
      y = ((y << 26) | (y >>> 6)) ^ x
      x = (x + y) | 0
      y = ((y << 6) | (y >>> 26)) ^ x
    } else {
      x = (x + y) | 0
      y = ((y << 17) | (y >>> 15)) ^ x
      x = (x + y) | 0
      y = ((y << 29) | (y >>> 3)) ^ x
      x = (x + y) | 0
      y = ((y << 16) | (y >>> 16)) ^ x
      x = (x + y) | 0
      y = ((y << 24) | (y >>> 8)) ^ x
    }
    x = (x + a) | 0
    y = (y + b + injection) | 0
    const next = a
    a = b
    b = c
    c = next
  }
  words[0] = x
  words[1] = y
}

const words = new Int32Array(2)

/** The two words at a number. */
export const wordsAt = ({ data, offset, strides }: Value, n: number): Int32Array => {
  threefry(data[offset]!, data[offset + strides[0]!]!, Math.floor(n / 2 ** 32) | 0, n | 0, words)
  return words
}

/** Number n of a key: in [0, 1), with 53 random bits. */
export const numberAt = (key: Value, n: number): number => {
  const [x, y] = wordsAt(key, n) as unknown as [number, number]
  return ((x >>> 5) * 2 ** 26 + (y >>> 6)) / 2 ** 53
}

/** How many numbers so many elements of a distribution take. */
export const numbersFor = (distribution: Random['distribution'], elements: number): number => {
  switch (distribution) {
    case 'uniform':
      return elements
    case 'normal':
      return elements + (elements % 2)
    case 'permutation':
      return Math.max(0, elements - 1)
  }
}
