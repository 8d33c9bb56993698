import { unravel } from '../../graph/shape.js'
import type { Coordinates, Leaf } from '../subject/coordinates.js'
import { explains, type Look } from './evidence.js'
import type { Hypothesis } from './hypothesis.js'

// The magnitude is right, and the sign is not that.

export const absolute: Hypothesis = {
  cause: 'absolute value',
  explain: (evidence) => {
    const { looks, farther } = evidence
    if (!explains(evidence, (_, { numeric }) => Math.abs(numeric))) return null
    // where the signs are others, other elements are wrong
    const others = farther().filter((look) => look.entries.length > 0 && !isSameSigns(looks[0]!, look))
    const isConfirmed = others.some((look) =>
      look.entries.every((entry) => look.isExplained(entry, Math.abs(entry.numeric))),
    )
    if (!isConfirmed) return null
    return 'it is the absolute value of what it should be, wrong where that is negative: leave the sign as it is'
  },
}

export const isSameSigns = (a: Look, b: Look): boolean =>
  a.entries.every(
    ({ row, column, numeric }) => Math.sign(numeric) === Math.sign(b.numericAt(row, column)) || numeric === 0,
  )

/** Whether an element is the imaginary part of a pair. */
interface Pairs {
  readonly says: string
  readonly isImaginary: (position: number) => boolean
}

export const conjugate: Hypothesis = {
  cause: 'conjugate',
  explain: (evidence) => {
    const { leaf, subject, looks } = evidence
    const inputs = pairsOf(leaf)
    const outputs = pairsIn(subject.outputs)
    // one pair with one output is two numbers, of which one has the wrong sign
    if (inputs.length === 0 || (leaf.size === 2 && subject.outputs.size === 1)) return null
    const flips = (row: Pairs | null, column: Pairs | null) =>
      explains(evidence, (_, entry) => {
        const flipped =
          (row?.isImaginary(entry.row) ?? false) !== (column?.isImaginary(entry.column - leaf.offset) ?? false)
        return flipped ? -entry.numeric : entry.numeric
      })
    const hasRight = looks[0]!.entries.some(({ isWrong, numeric }) => !isWrong && numeric !== 0)
    if (!hasRight) return null
    for (const column of inputs) {
      if (outputs.some((row) => row.says === column.says && flips(row, column))) {
        return `it is the complex conjugate of what it should be, where ${column.says} are real and imaginary parts`
      }
      if (column.says === pairs && flips(null, column)) {
        return `the sign of the imaginary part is wrong, where ${column.says} are real and imaginary parts: it is the conjugate`
      }
    }
    return null
  },
}

const pairs = 'the two along the last axis'

const pairsOf = ({ shape, size }: Pick<Leaf, 'shape' | 'size'>): readonly Pairs[] => {
  const last = shape.length - 1
  if (last < 0 || size < 2) return []
  const side = shape[last]!
  const index = (position: number) => unravel(position, shape)
  return [
    ...(side === 2 ? [{ says: pairs, isImaginary: (k: number) => index(k)[last] === 1 }] : []),
    ...(shape[0] === 2 && last > 0
      ? [{ says: 'the two along the first axis', isImaginary: (k: number) => index(k)[0] === 1 }]
      : []),
    ...(side % 2 === 0 && side > 2
      ? [
          { says: 'the halves of the last axis', isImaginary: (k: number) => index(k)[last]! >= side / 2 },
          { says: 'neighbours along the last axis', isImaginary: (k: number) => index(k)[last]! % 2 === 1 },
        ]
      : []),
  ]
}

/** The same of outputs, if there is one tensor of them. */
const pairsIn = ({ leaves }: Coordinates): readonly Pairs[] => (leaves.length === 1 ? pairsOf(leaves[0]!) : [])
