import { unravel } from '../../graph/shape.js'
import type { Evidence } from './evidence.js'

/** The sizes of the axes along which elements lie apart, and the axes themselves. */
interface Spread {
  readonly axes: readonly number[]
  readonly sizes: readonly number[]
}

/**
 * What a factor of n or 1/n may come from: n elements that go into an output, or n outputs that an element goes into. It is
 * said only of counts that meet so, along axes over which f adds up, and as a question.
 */
export const meanOrSum = (evidence: Evidence, factor: number): string => {
  const { leaf, subject, looks, isWhole } = evidence
  const { entries } = looks[0]!
  const top = entries.reduce((most, each) => (Math.abs(each.numeric) > Math.abs(most.numeric) ? each : most))
  if (Math.abs(factor - 2) < 1e-9) return ': is it added twice?'
  if (!isWhole) return ''
  const nonzero = entries.filter(({ numeric, analytic }) => numeric !== 0 && analytic !== 0)
  const inputs = nonzero.filter(({ row }) => row === top.row).map(({ column }) => column - leaf.offset)
  const into = spreadOf(inputs, leaf.shape)
  const output = subject.outputs.leaves.find(({ offset, size }) => top.row >= offset && top.row < offset + size)!
  const outputs = nonzero
    .filter(({ row, column }) => column === top.column && row >= output.offset && row < output.offset + output.size)
    .map(({ row }) => row - output.offset)
  const over = spreadOf(outputs, output.shape)
  const count = Math.round(factor > 1 ? factor : 1 / factor)
  if (count < 2 || Math.abs((factor > 1 ? factor : 1 / factor) - count) > 1e-8 * count) return ''
  const axes = axesOf(into, count)
  if (axes !== null) {
    const where = `${count} elements of ${leaf.path}${axes} go into one output`
    return factor > 1
      ? `: ${where}, so a sum may stand where a mean belongs, and ${count} is not divided by`
      : `: ${where}, so a mean may stand where a sum belongs`
  }
  const across = axesOf(over, count)
  if (across === null || factor > 1) return ''
  return `: one element goes into ${count} outputs${across}, so a mean may stand where the sum over them belongs`
}

const spreadOf = (positions: readonly number[], shape: readonly number[]): Spread => {
  const indices = positions.map((position) => unravel(position, shape))
  const axes = [...shape.keys()].filter((axis) => indices.some((index) => index[axis] !== indices[0]![axis]))
  return { axes, sizes: axes.map((axis) => shape[axis]!) }
}

/** Some of the axes whose sizes multiply to a count, in words; null if none do. */
const axesOf = ({ axes, sizes }: Spread, count: number): string | null => {
  for (let set = 1; set < 1 << Math.min(axes.length, 6); set++) {
    const chosen = axes.filter((_, k) => (set & (1 << k)) !== 0)
    const product = chosen.reduce((total, axis) => total * sizes[axes.indexOf(axis)]!, 1)
    if (product !== count) continue
    return chosen.length === axes.length && axes.length > 1 ? '' : ` (along axis ${chosen.join(' and ')})`
  }
  return null
}
