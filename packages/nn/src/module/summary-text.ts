import type { Shape } from '@adjoint/autograd'
import { formatShape } from '../shapes.js'

/** What `summary` tells of one module. */
export interface SummaryRow {
  /** Where it is in the model; '' for the model itself. */
  readonly path: string
  /** Its class. */
  readonly kind: string
  /** As it is shown: `Linear(4, 3)`; of one with parts its class alone. */
  readonly name: string
  /** The shapes of the tensors that its forward was given last. */
  readonly inputs: readonly Shape[]
  /** The shapes of those that it gave. */
  readonly outputs: readonly Shape[]
  /** How often its forward ran: 0 for one that this input does not come to. */
  readonly calls: number
  /** Numbers in its parameters, and those of its parts. */
  readonly parameters: number
  /** Of these, the ones that are not frozen. */
  readonly trainable: number
  /** Operations on elements in all its calls, those of its parts included: a multiplication and an addition are two. */
  readonly flops: number
  /** Of its parameters and buffers, and those of its parts. */
  readonly stateBytes: number
  /** Of all that it gave. */
  readonly outputBytes: number
}

/** The rows of a summary as text, a line each, parts indented under what they are parts of. */
export const tableOf = (rows: readonly SummaryRow[]): string => {
  const head = ['module', 'output', 'parameters', 'flops', 'bytes']
  const lines = rows.map((row) => [
    labelOf(row, rows),
    outputOf(row),
    count(row.parameters),
    count(row.flops),
    bytes(row.outputBytes),
  ])
  const table = [head, ...lines]
  const widths = head.map((_, column) => Math.max(...table.map((line) => line[column]!.length)))
  const text = table.map((line) =>
    line
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
  const [model] = rows
  const frozen = model!.parameters - model!.trainable
  const total =
    `${model!.parameters} parameters${frozen === 0 ? '' : `, ${frozen} of them frozen`}, ${bytes(model!.stateBytes)} with ` +
    `buffers; ${count(model!.flops)} flops`
  return [text[0], '-'.repeat(Math.max(...text.map(({ length }) => length))), ...text.slice(1), '', total].join('\n')
}

const labelOf = ({ path, name }: SummaryRow, rows: readonly SummaryRow[]): string => {
  if (path === '') return name
  const owners = rows.filter((other) => other.path !== '' && path.startsWith(`${other.path}.`))
  const owner = owners.at(-1)?.path
  return `${'  '.repeat(owners.length + 1)}${owner === undefined ? path : path.slice(owner.length + 1)}: ${name}`
}

const outputOf = ({ calls, outputs }: SummaryRow): string => {
  if (calls === 0) return 'not called'
  const shapes = outputs.map(formatShape).join(' ')
  return calls === 1 ? shapes : `${shapes}, ${calls} times`
}

const scaled = (amount: number, base: number, units: readonly string[]): string => {
  let unit = 0
  while (amount >= base && unit < units.length - 1) {
    amount /= base
    unit++
  }
  return `${unit === 0 ? amount : amount.toPrecision(3)} ${units[unit]}`.trim()
}
const count = (number: number): string => scaled(number, 1000, ['', 'k', 'M', 'G', 'T'])
const bytes = (number: number): string => scaled(number, 1024, ['B', 'KiB', 'MiB', 'GiB'])
