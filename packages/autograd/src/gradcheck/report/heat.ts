import { gridsOf } from '../../inspect/drawing/grid.js'
import type { WrongTensor } from './wrong.js'

const most = { rows: 20, columns: 60 }
/** Between right elements, which are 0, and wrong ones, which are 1 to 9. */
const unknown = 0.5

/** Errors over the last two axes, the worst of all others: 0 is right, 1 to 9 is how many digits an error in bars has before its point. */
export const levelsOf = ({
  shape,
  errors,
  tolerance,
}: WrongTensor): { rows: number; columns: number; levels: number[] } => {
  const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1]
  const levels = new Array<number>(rows * columns).fill(0)
  errors.forEach((error, position) => {
    const level = Number.isNaN(error) ? unknown : error > tolerance ? Math.max(1, Math.min(9, exponentOf(error))) : 0
    const cell = position % levels.length
    levels[cell] = Math.max(levels[cell]!, level)
  })
  return { rows, columns, levels }
}

const exponentOf = (x: number): number => (Number.isFinite(x) ? Number(x.toExponential().split('e')[1]) : 9)

/** A map of the errors for terminals: dots are right, digits are how large the error is. */
export const heatText = (wrong: WrongTensor): string[] => {
  const { shape } = wrong
  const { rows, columns, levels } = levelsOf(wrong)
  const values = { shape: [rows, columns], data: levels, dtype: 'float64' as const }
  const { grids, block } = gridsOf('gradcheck', values, most.rows, most.columns, 1)
  const [{ cells, columns: width }] = grids as [(typeof grids)[0]]
  const marks = cells.map((level) => (level === 0 ? '.' : level === unknown ? '?' : String(level)))
  const lines = Array.from({ length: cells.length / width }, (_, i) => marks.slice(i * width, (i + 1) * width).join(''))
  const others = shape.length > 2 ? `, over the last two axes of [${shape.join(', ')}], the worst along the others` : ''
  const blocks = block[0] * block[1] > 1 ? `, ${block[0]} x ${block[1]} elements a cell` : ''
  const key = [
    '. right',
    ...(marks.includes('?') ? ['? not compared'] : []),
    '1 to 9 an error of 10^1 to 10^9 bars or more',
  ]
  return [`${wrong.path}${others}${blocks}: ${key.join(', ')}`, ...lines.map((line) => `  ${line}`)]
}

/** Whether a map shows more than a sentence: not all elements are wrong. */
export const hasMap = (wrong: WrongTensor): boolean => levelsOf(wrong).levels.some((level) => level < 1)
