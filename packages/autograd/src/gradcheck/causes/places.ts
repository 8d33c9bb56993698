import { unravel } from '../../graph/shape.js'
import { type Entry, explains, isNothing, type Look, wrongIn } from './evidence.js'
import type { Hypothesis } from './hypothesis.js'

// What arrives is right in itself, and comes from places that it should not come from.

/** All that is wrong is where nothing depends on anything: other rows, as of a sum over too much. */
export const summedTooFar: Hypothesis = {
  cause: 'reduction too far',
  explain: ({ leaf, subject, looks, isWhole }) => {
    const [output, ...more] = subject.outputs.leaves
    if (!isWhole || output === undefined || more.length > 0) return null
    if (!looks.every((look) => wrongIn(look).every(({ numeric }) => isNothing(look, numeric)))) return null
    const wrong = wrongIn(looks[0]!)
    const isEverywhere =
      new Set(wrong.map(({ row }) => row)).size === output.size &&
      new Set(wrong.map(({ column }) => column)).size === leaf.size
    if (!isEverywhere) return null
    // the axis along which outputs and elements never lie apart, but for what is wrong
    const apart = ({ row, column }: Entry, axis: number) =>
      unravel(row - output.offset, output.shape)[axis] !== unravel(column - leaf.offset, leaf.shape)[axis]
    const axis = [...leaf.shape.keys()].find(
      (axis) =>
        output.shape[axis] === leaf.shape[axis] &&
        looks.every((look) =>
          look.entries.every((entry) => entry.isWrong === (apart(entry, axis) && !isRight(look, entry))),
        ),
    )
    if (axis === undefined) return null
    return (
      `what should be 0 is not, between elements that lie apart along axis ${axis}: a sum or mean in the rule goes over that axis too, ` +
      'and should leave each by itself'
    )
  },
}

const isRight = (look: Look, { analytic, numeric }: Entry): boolean =>
  isNothing(look, numeric) && isNothing(look, analytic)

/** The window of the input that goes into each output is back to front, as of a convolution whose kernel is not flipped. */
export const reversedWindows: Hypothesis = {
  cause: 'reversed window',
  explain: (evidence) => {
    const { leaf, subject, isWhole, looks } = evidence
    if (!isWhole || subject.outputs.size < 2) return null
    const spans = spansOf(looks[0]!, leaf.offset, leaf.shape)
    const largest = leaf.shape.map((_, axis) => Math.max(...[...spans.values()].map((span) => lengthOf(span[axis]!))))
    const isFull = (row: number) => spans.get(row)?.every((each, axis) => lengthOf(each) === largest[axis]) ?? false
    const last = leaf.shape.length - 1
    const axes = [[last], [last - 1], [last - 1, last]].filter((set) =>
      set.every((axis) => axis >= 0 && largest[axis]! > 1 && largest[axis]! < leaf.shape[axis]!),
    )
    const seen = looks[0]!.entries.filter(({ row, isWrong }) => isWrong && isFull(row))
    const found = axes.find(
      (set) =>
        seen.length > 0 &&
        explains(
          evidence,
          (look, { row, column }) =>
            look.numericAt(row, leaf.offset + turned(column - leaf.offset, leaf.shape, spans.get(row)!, set)),
          // at a border a part of the window is cut off
          ({ row }) => isFull(row),
        ),
    )
    if (found === undefined) return null
    return (
      `in each window that goes into an output it is in reversed order along axis ${found.join(' and ')}: ` +
      'the kernel is used as it is where it should be flipped, or the other way round'
    )
  },
}

type Span = readonly [from: number, to: number]
const lengthOf = ([from, to]: Span): number => to - from + 1

/** Along each axis the elements that go into each output. */
const spansOf = (look: Look, offset: number, shape: readonly number[]): ReadonlyMap<number, readonly Span[]> => {
  const spans = new Map<number, readonly Span[]>()
  for (const { row, column, numeric } of look.entries) {
    if (isNothing(look, numeric)) continue
    const index = unravel(column - offset, shape)
    const span = spans.get(row) ?? index.map((k): Span => [k, k])
    spans.set(
      row,
      span.map(([from, to], axis): Span => [Math.min(from, index[axis]!), Math.max(to, index[axis]!)]),
    )
  }
  return spans
}

/** The position at the other end of a window; the same outside of it. */
const turned = (position: number, shape: readonly number[], span: readonly Span[], axes: readonly number[]): number => {
  const index = unravel(position, shape)
  const isIn = index.every((k, axis) => k >= span[axis]![0] && k <= span[axis]![1])
  if (!isIn) return position
  const other = index.map((k, axis) => (axes.includes(axis) ? span[axis]![0] + span[axis]![1] - k : k))
  return other.reduce((at, k, axis) => at * shape[axis]! + k, 0)
}
