import { AdjointError } from '../../graph/errors.js'
import { formatShape } from '../../graph/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { listed } from '../patterns/words.js'
import type { Report, Verdict } from '../report/report.js'
import type { Layout } from './layout.js'

/** The smallest draw that does not pass. */
export interface Counterexample {
  /** The sizes by name. */
  readonly sizes: Readonly<Record<string, number>>
  /** What was drawn. */
  readonly inputs: readonly Tensor[]
  /** What `gradcheck` finds there; null if something was thrown instead. */
  readonly report: Report | null
  /** What was thrown, as text; null if nothing was. */
  readonly threw: string | null
  /** With this path and the seed it is drawn again. */
  readonly path: string
}

/** What `checkShapes` found. As text it is a page to read. */
export interface ShapesReport {
  /** `fail` if a draw fails, otherwise `inconclusive` if one is, otherwise `pass`. */
  readonly verdict: Verdict
  /** How many draws were looked at, shrinking apart. */
  readonly runs: number
  /** The smallest draw that fails, or else is inconclusive; null if all pass. */
  readonly counterexample: Counterexample | null
  /** With this seed the same is drawn. */
  readonly seed: number
  /** The page: one line if all is well. */
  toString(): string
}

/** A gradient is wrong, or could not be checked, at some shape: the message is the report. */
export class ShapesError extends AdjointError {
  override readonly name = 'ShapesError'
  /** All that was found. */
  readonly report: ShapesReport

  constructor(report: ShapesReport) {
    super(`\n${report}`)
    this.report = report
  }
}

/** What only the text tells. */
interface Told {
  readonly layout: Layout
  /** How many draws were inconclusive. */
  readonly inconclusive: number
  readonly shrinks: number
  /** The call to see it again, where no report has it. */
  readonly repro: string
}

export const shapesReportOf = (found: Omit<ShapesReport, 'toString'>, told: Told): ShapesReport => ({
  ...found,
  toString: () => textOf(found, told),
})

const textOf = ({ verdict, runs, counterexample, seed }: Omit<ShapesReport, 'toString'>, told: Told): string => {
  const { layout, inconclusive, shrinks, repro } = told
  if (counterexample === null) {
    const ranges = [...layout.sizes]
      .filter(([name]) => !isNumber(name))
      .map(([name, [least, greatest]]) => `${name} = ${least}${least === greatest ? '' : ` to ${greatest}`}`)
    return `checkShapes: ${verdict} (seed ${seed}): ${runs} draws${ranges.length === 0 ? '' : ` of ${listed(ranges)}`}`
  }
  const { sizes, inputs, report, threw, path } = counterexample
  const named = Object.entries(sizes).filter(([name]) => !isNumber(name))
  const where = named.length === 0 ? '' : ` at ${listed(named.map(([name, size]) => `${name} = ${size}`))}`
  const shapes = inputs.map(({ shape }, i) => `input[${i}] ${formatShape(shape)}`)
  const count = verdict === 'fail' ? `draw ${runs} fails` : `${inconclusive} of ${runs} draws are inconclusive`
  return [
    `checkShapes: ${verdict} (seed ${seed}, path '${path}')${where}: ${listed(shapes)}`,
    `  ${count}${shrinks === 0 ? '' : `; shrunk ${shrinks} time${shrinks === 1 ? '' : 's'} to this`}`,
    ...(report === null
      ? [`  it threw ${threw}`, '  to see it again:', ...repro.split('\n').map((line) => `    ${line}`)]
      : [`${report}`]),
  ].join('\n')
}

const isNumber = (name: string): boolean => /^\d/.test(name)
