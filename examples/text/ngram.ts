import type { Reader } from './reader.js'

/** What has followed a context: how often in all, and how often each character. */
interface Followers {
  total: number
  readonly counts: Map<number, number>
}

/**
 * Counts what follows each n - 1 characters, and smooths by what follows fewer: with c characters seen behind a context, of k
 * kinds, P(x | context) = (count(x) + k P(x | shorter context)) / (c + k) (Witten and Bell, The zero-frequency problem, 1991,
 * method C), down to no context, and there to all characters alike.
 */
export class Ngrams {
  private readonly followers = new Map<string, Followers>()

  /**
   * @param size how many characters there are
   * @param longest the greatest n that may be asked for
   */
  constructor(
    text: Int32Array,
    readonly size: number,
    longest: number,
  ) {
    for (let i = 0; i < text.length; i++) {
      for (let length = 0; length < longest && length <= i; length++) {
        const key = keyOf(text, i, length)
        let found = this.followers.get(key)
        if (found === undefined) {
          found = { total: 0, counts: new Map() }
          this.followers.set(key, found)
        }
        found.total++
        found.counts.set(text[i]!, (found.counts.get(text[i]!) ?? 0) + 1)
      }
    }
  }

  /** The probability of each character behind the n - 1 last ones of a text's first `end`. */
  after(text: ArrayLike<number>, end: number, n: number): Float64Array {
    const shares = new Float64Array(this.size).fill(1 / this.size)
    for (let length = 0; length < n && length <= end; length++) {
      const found = this.followers.get(keyOf(text, end, length))
      if (found === undefined) break
      const { total, counts } = found
      for (let i = 0; i < shares.length; i++) {
        shares[i] = ((counts.get(i) ?? 0) + counts.size * shares[i]!) / (total + counts.size)
      }
    }
    return shares
  }

  /** Among how many equally likely characters n-grams choose, as it were, at the places from `from` to `to`. */
  perplexity(text: Int32Array, n: number, { from, to }: { readonly from: number; readonly to: number }): number {
    let sum = 0
    for (let i = from; i < to; i++) sum -= Math.log(this.after(text, i, n)[text[i]!]!)
    return Math.exp(sum / (to - from))
  }

  reader(n: number): Reader {
    const text: number[] = []
    return (character) => {
      text.push(character)
      return this.after(text, text.length, n)
    }
  }
}

const keyOf = (text: ArrayLike<number>, end: number, length: number): string => {
  let key = ''
  for (let i = end - length; i < end; i++) key += String.fromCharCode(text[i]!)
  return key
}
