/** What `gradientFlow` tells of one module. */
export interface FlowRow {
  /** Where it is in the model; '' for the model itself. */
  readonly path: string
  /** Its class. */
  readonly kind: string
  /** How often its forward ran. */
  readonly calls: number
  /**
   * The size of a typical output: the root of the mean of the squares of all that it gave. null where it gave no floats, and
   * in the body of a loop such as `scan`, whose tensors have no elements.
   */
  readonly activation: number | null
  /** The norm of the derivative of the loss by all that it gave; null where none came back. */
  readonly cotangent: number | null
  /** The norm of its parameters, those of its parts included; null where it has none. */
  readonly weight: number | null
  /** The norm of the derivative of the loss by them; null where it has none, or all are frozen. */
  readonly gradient: number | null
  /**
   * The share of its outputs at which its curve is flat, with a slope below a tenth of the steepest: of Sigmoid, Tanh,
   * Softsign, HardSigmoid, HardTanh, RNN and RNNCell with tanh. null of others.
   */
  readonly saturated: number | null
  /**
   * The share of its units that gave 0 for all examples: of ReLU, ReLU6, RNN and RNNCell with relu; null of others. A unit is
   * a channel behind a convolution, and else a place on the last axis.
   */
  readonly dead: number | null
}

const columns = ['activation', 'cotangent', 'weight', 'gradient', 'saturated', 'dead'] as const

const text = (column: (typeof columns)[number], value: number | null): string => {
  if (value === null) return ''
  if (column === 'saturated' || column === 'dead') return `${(100 * value).toFixed(0)} %`
  return value.toPrecision(3)
}

/** Rows as text, a line each. */
export const tableOf = (rows: readonly FlowRow[]): string => {
  const table = [
    ['module', ...columns],
    ...rows.map((row) => [
      row.path === '' ? row.kind : `${row.path}: ${row.kind}`,
      ...columns.map((column) => text(column, row[column])),
    ]),
  ]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)))
  const lines = table.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
  return [lines[0], '-'.repeat(Math.max(...lines.map(({ length }) => length))), ...lines.slice(1)].join('\n')
}
