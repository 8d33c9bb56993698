import { isLittleEndian } from './bytes.js'

/**
 * A number of 32 bits that changes with any byte: each word is mixed in by steps that can be undone, so that no change of a
 * single word is lost, and others are by one chance in 2^32. Four lanes, which take turns, keep the arithmetic of a core
 * busy. Not against forgers. The mixing is that of MurmurHash3 (A. Appleby), without the step that scrambles a word.
 */
export const checksumOf = (bytes: Uint8Array): number => {
  const { length } = bytes
  const words = wordsOf(bytes)
  const end = words.length - (words.length % 4)
  let [a, b, c, d] = [1, 2, 3, 4]
  for (let i = 0; i < end; i += 4) {
    a = mixed(a, words[i]!)
    b = mixed(b, words[i + 1]!)
    c = mixed(c, words[i + 2]!)
    d = mixed(d, words[i + 3]!)
  }
  let sum = mixed(mixed(mixed(a, b), c), d)
  for (let i = end; i < words.length; i++) sum = mixed(sum, words[i]!)
  for (let i = words.length * 4; i < length; i++) sum = mixed(sum, bytes[i]!)
  return finished(mixed(sum, length))
}

const mixed = (sum: number, word: number): number => {
  const x = sum ^ word
  return (Math.imul((x << 13) | (x >>> 19), 5) + 0xe6546b64) | 0
}

const finished = (sum: number): number => {
  sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b)
  sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35)
  return (sum ^ (sum >>> 16)) >>> 0
}

/** Four bytes each, the lowest first; up to three may be left. */
const wordsOf = (bytes: Uint8Array): Int32Array => {
  const count = Math.floor(bytes.length / 4)
  if (isLittleEndian && bytes.byteOffset % 4 === 0) return new Int32Array(bytes.buffer, bytes.byteOffset, count)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Int32Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true))
}
