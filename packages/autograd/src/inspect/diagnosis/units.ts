import { inputsOf } from '../listing/step-text.js'
import { sizeOfNode } from '../plumbing/pipes.js'
import type { Levels, TraceNode } from '../trace/schema.js'
import type { Finding, Thresholds } from './finding.js'
import type { Readings } from './readings.js'

/** An elementwise step of one tensor: what else it takes are numbers that are always the same. */
interface Curve {
  readonly node: TraceNode
  /** What goes in. */
  readonly input: ArrayLike<number>
  readonly factor: ArrayLike<number>
  readonly value: ArrayLike<number>
}

/** Units that are where their curve is level: found by their slopes and values, whatever the op is called. */
export const stuckUnits = (readings: Readings, thresholds: Thresholds): readonly Finding[] =>
  readings.trace.nodes.flatMap((node) => {
    const curve = curveOf(readings, node)
    if (curve === null) return []
    const found =
      node.levels === undefined
        ? dead(readings, curve, thresholds)
        : saturated(readings, curve, node.levels, thresholds)
    return found === null ? [] : [found]
  })

const curveOf = (readings: Readings, node: TraceNode): Curve | null => {
  const { trace, formulaOf } = readings
  const inputs = inputsOf(trace, node)
  const moving = node.inputs.filter((edge) => trace.edges[edge]!.local !== null)
  const [edge] = moving
  if (node.op === null || node.kernel !== 'map' || moving.length !== 1) return null
  const own = inputs[node.inputs.indexOf(edge!)]!
  // a mask, or any other tensor that it takes, may be 0 on purpose
  if (inputs.some((input) => input !== own && !isNumber(input))) return null
  if (!dependsOn(formulaOf(edge!), [own.name, node.name])) return null
  const [input, factor, value] = [readings.value(own), readings.factor(edge!), readings.value(node)]
  if (input === null || factor === null || value === null) return null
  return factor.length === value.length && input.length === value.length ? { node, input, factor, value } : null
}

const isNumber = ({ kind, name, named }: TraceNode): boolean =>
  kind === 'constant' && !named && !Number.isNaN(Number(name))

/** Whether a slope is not the same everywhere. */
const dependsOn = (formula: string | null, names: readonly string[]): boolean =>
  formula !== null && names.some((name) => formula.includes(name))

/** Where the units of a layer are: the last axis, and of images with channels the second. */
const unitsOf = ({
  shape,
}: TraceNode): { readonly count: number; readonly unitAt: (place: number) => number; readonly rows: number } => {
  const sizes = shape ?? []
  const axis = sizes.length >= 4 ? 1 : sizes.length - 1
  const count = sizes[axis] ?? 1
  const inner = sizes.slice(axis + 1).reduce((size, dim) => size * dim, 1)
  const size = sizes.reduce((product, dim) => product * dim, 1)
  return { count, unitAt: (place) => Math.floor(place / inner) % count, rows: count === 0 ? 0 : size / count }
}

const dead = (
  readings: Readings,
  { node, input, factor, value }: Curve,
  { units, rows: least }: Thresholds,
): Finding | null => {
  const { count, unitAt, rows } = unitsOf(node)
  if (rows < least || count === 0) return null
  const lives = new Uint8Array(count)
  const moves = new Uint8Array(count)
  const first: number[] = []
  let constant: number | null = null
  for (let i = 0; i < factor.length; i++) if (factor[i] !== 0) lives[unitAt(i)] = 1
  for (let i = 0; i < value.length; i++) {
    const unit = unitAt(i)
    // what is given one number always, as by a mask or by units that are dead before it, cannot but give one
    first[unit] ??= input[i]!
    if (input[i] !== first[unit]) moves[unit] = 1
    if (lives[unit] === 1) continue
    constant ??= value[i]!
    // it passes nothing back, and yet says something
    if (value[i] !== constant) lives[unit] = 2
  }
  const found = lives.filter((live, unit) => live === 0 && moves[unit] === 1).length
  if (found === 0 || found < units * count) return null
  return {
    kind: 'dead',
    nodes: [node.name],
    numbers: { units: found, of: count, rows, value: constant! },
    text:
      `${found} of ${count} units of ${readings.step(node)} give ${constant} for all ${rows} rows and pass nothing back: if it is so for all data, they cannot recover. ` +
      'Use a smaller learning rate or smaller weights, or a function with a slope on both sides, such as leakyRelu.',
  }
}

const saturated = (
  readings: Readings,
  { node, factor, value }: Curve,
  { ends, slope }: Levels,
  { slope: flat, saturated: share, units, rows: least }: Thresholds,
): Finding | null => {
  const { count, unitAt, rows } = unitsOf(node)
  const total = sizeOfNode(node)
  if (total === 0) return null
  const isLow = (i: number) => Math.abs(value[i]! - ends[0]) < Math.abs(value[i]! - ends[1])
  // of each unit, at which end it is: 0 not yet known, 3 at both or between
  const stays = new Uint8Array(count)
  let level = 0
  for (let i = 0; i < total; i++) {
    const isLevel = Math.abs(factor[i]!) < flat * slope
    if (isLevel) level++
    stays[unitAt(i)]! |= isLevel ? (isLow(i) ? 1 : 2) : 3
  }
  const stuck = rows < least ? 0 : stays.filter((ends) => ends === 1 || ends === 2).length
  if (level < share * total && !(stuck > 0 && stuck >= units * count)) return null
  const numbers = { level, of: total, stuck, units: count, rows }
  const who =
    level >= share * total
      ? `${percent(level / total)} of the ${total} elements of ${readings.step(node)} lie`
      : `${stuck} of ${count} units of ${readings.step(node)} lie for all ${rows} rows`
  return {
    kind: 'saturated',
    nodes: [node.name],
    numbers,
    text:
      `${who} where it levels off, near ${ends[0]} or ${ends[1]}, with less than ${percent(flat)} of its steepest slope: hardly anything passes back. ` +
      'Make its inputs smaller: smaller initial weights, normalized data, or a normalization before it.',
  }
}

const percent = (share: number): string => `${Math.round(100 * share)}%`
