import { type Leaf, nameAt } from '../subject/coordinates.js'
import { type Entry, type Evidence, explains, factorFor, type Look, lookAt, wrongIn } from './evidence.js'
import type { Hypothesis } from './hypothesis.js'
import { type IndexMap, shifts, transposes } from './index-maps.js'
import { numberName } from './number-name.js'

// The numbers are right, and stand where others belong.

/** Whether each element has what a map says, of the elements or of the outputs. */
const isMapped = (evidence: Evidence, { from }: IndexMap, side: Leaf, of: 'column' | 'row'): boolean =>
  explains(evidence, (look, entry) => {
    const other = from(entry[of] - side.offset)
    if (other < 0) return 0
    return of === 'column'
      ? look.numericAt(entry.row, side.offset + other)
      : look.numericAt(side.offset + other, entry.column)
  })

const mapped = (evidence: Evidence, mapsOf: (shape: Leaf['shape']) => readonly IndexMap[]): string | null => {
  const { leaf, subject } = evidence
  const ofElements = mapsOf(leaf.shape).find((map) => isMapped(evidence, map, leaf, 'column'))
  if (ofElements !== undefined) return `it is ${ofElements.says}: each element has what belongs to another`
  const [output, ...more] = subject.outputs.leaves
  if (output === undefined || more.length > 0) return null
  const ofOutputs = mapsOf(output.shape).find((map) => isMapped(evidence, map, output, 'row'))
  return ofOutputs === undefined ? null : `the cotangent of ${output.path} is ${ofOutputs.says} before it is used`
}

export const transposed: Hypothesis = {
  cause: 'transpose',
  explain: (evidence) => mapped(evidence, transposes) ?? transposedJacobian(evidence) ?? transposedOther(evidence),
}

const transposedJacobian = (evidence: Evidence): string | null => {
  const { leaf, subject, isWhole } = evidence
  if (!isWhole || leaf.size !== subject.outputs.size || leaf.size < 2) return null
  const isIt = explains(evidence, (look, { row, column }) => look.numericAt(column - leaf.offset, row + leaf.offset))
  return isIt ? 'the matrix in it is used as it is where it should be transposed, or the other way round' : null
}

/** What the mode gives where another input is transposed is what it should give here. */
const transposedOther = (evidence: Evidence): string | null => {
  const { subject, mode, looks } = evidence
  for (const other of subject.inputs.leaves) {
    const { shape, offset, size } = other
    if (shape.length < 2 || shape.at(-1) !== shape.at(-2)) continue
    const order = [...shape.keys()]
    const swapped = transposes(shape).find(({ from }) => isSwapOfLast(from, shape)) ?? null
    if (swapped === null || order.length > 4) continue
    const isIt = looks.every((look) => {
      const point = look.place.point.slice()
      for (let k = 0; k < size; k++) point[offset + k] = look.place.point[offset + swapped.from(k)]!
      const there = lookAt({ ...look.place, point, center: subject.value(point) }, mode, [], [])
      return look.entries.every((entry) => look.isNear(entry, there.analyticAt(entry.row, entry.column), entry.numeric))
    })
    if (isIt) return `it uses ${other.path} where its transpose belongs, or the other way round: transposed`
  }
  return null
}

const isSwapOfLast = (from: (position: number) => number, shape: readonly number[]): boolean => {
  const side = shape.at(-1)!
  const size = shape.reduce((a, b) => a * b, 1)
  return Array.from({ length: size }, (_, k) => k).every((k) => {
    const matrix = Math.floor(k / (side * side)) * side * side
    const [i, j] = [Math.floor((k - matrix) / side), k % side]
    return from(k) === matrix + j * side + i
  })
}

export const shifted: Hypothesis = {
  cause: 'shifted',
  explain: (evidence) => mapped(evidence, shifts) ?? displaced(evidence),
}

/** Each wrong element has the derivative of another, in no order. */
const displaced = (evidence: Evidence): string | null => {
  const { leaf, subject, isWhole, looks } = evidence
  if (!isWhole) return null
  const columns = looks[0]!.columns
  const rows = looks[0]!.rows
  const wrong = <K extends 'row' | 'column'>(of: K) => [...new Set(wrongIn(looks[0]!).map((entry) => entry[of]))]
  const isOf = (entry: Entry, look: Look, row: number, column: number) =>
    look.isExplained(entry, look.numericAt(row, column))
  const columnOf = new Map(
    wrong('column').map((column) => {
      const isIt = (other: number) =>
        looks.every((look) =>
          look.entries.every((entry) => entry.column !== column || isOf(entry, look, entry.row, other)),
        )
      return [column, columns.find((other) => other !== column && isIt(other))]
    }),
  )
  const name = (column: number) => nameAt(subject.inputs, column)
  if (isOneToOne(columnOf)) {
    const [column, other] = [...columnOf][0]!
    return `elements of ${leaf.path} are displaced: that of ${name(column)} is that of ${name(other!)}, and so on. Look at the indices`
  }

  const rowOf = new Map(
    wrong('row').map((row) => {
      const isIt = (other: number) =>
        looks.every((look) =>
          look.entries.every((entry) => entry.row !== row || isOf(entry, look, other, entry.column)),
        )
      return [row, rows.find((other) => other !== row && isIt(other))]
    }),
  )
  const output = (row: number) => nameAt(subject.outputs, row)
  if (isOneToOne(rowOf)) {
    const [row, other] = [...rowOf][0]!
    return `cotangents are displaced: for ${output(row)} it uses that of ${output(other!)}, and so on. Look at the indices`
  }
  return null
}

const isOneToOne = (from: ReadonlyMap<number, number | undefined>): boolean =>
  from.size > 1 && ![...from.values()].includes(undefined) && new Set(from.values()).size === from.size

/** The derivative by one input is that by another, or has that added to it. */
export const swapped: Hypothesis = {
  cause: 'swapped inputs',
  explain: (evidence) => {
    const { leaf, subject } = evidence
    const others = subject.inputs.leaves.filter((other) => other !== leaf && other.size === leaf.size)
    for (const other of others) {
      const by = (look: Look, { row, column }: Entry) => look.numericAt(row, column - leaf.offset + other.offset)
      const factor = factorFor(evidence, by)
      if (factor === null) continue
      const times = factor === 1 ? '' : `${numberName(factor, evidence.subject.precision)} times `
      return `it is ${times}the derivative by another input, ${other.path}: the two are swapped`
    }
    return null
  },
}

export const added: Hypothesis = {
  cause: 'double accumulation',
  explain: (evidence) => {
    const { leaf, subject } = evidence
    const other = subject.inputs.leaves.find(
      (each) =>
        each !== leaf &&
        each.size === leaf.size &&
        explains(
          evidence,
          (look, { row, column, numeric }) => numeric + look.numericAt(row, column - leaf.offset + each.offset),
        ),
    )
    return other === undefined
      ? null
      : `the derivative by ${other.path} is added to it: both get what is accumulated for the two of them`
  },
}
