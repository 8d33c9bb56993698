import { checked } from '../../graph/arguments.js'
import { ArgumentError } from '../../graph/errors.js'
import * as kinds from '../../ops/kinds.js'
import type { Tensor } from '../../tensor/tensor.js'
import { type GradcheckOptions, optionKinds } from '../options.js'
import { nameOf, reproOf } from '../report/repro.js'
import { Draws } from './draws.js'
import { type Described, inputsKind, layoutOf, type Sizes, sizesKind, type TensorsOf } from './layout.js'
import { ShapesError, type ShapesReport, shapesReportOf } from './report.js'
import { type Asked, outcomeOf, smallest } from './search.js'

/** How thorough `checkShapes` is: at each draw as `gradcheck`, with `seed` for what is drawn as well. */
export interface ShapesOptions extends GradcheckOptions {
  /** By name a size, or the least and the greatest that it may have. Default from 1 to 5. */
  readonly sizes?: Sizes
  /** How often sizes and elements are drawn. Default 100. */
  readonly numRuns?: number
  /** The path of a report: with the same seed its counterexample is drawn again, and nothing else. */
  readonly path?: string
}

const takes = {
  f: kinds.function,
  inputs: inputsKind,
  options: {
    ...optionKinds,
    sizes: sizesKind,
    numRuns: kinds.numberThat('an integer of at least 1', (x) => Number.isInteger(x) && x >= 1),
    path: kinds.kind(
      "the path of a report, such as '3:0:1'",
      (thing) => typeof thing === 'string' && /^\d+(:\d+)*$/.test(thing),
    ),
  },
}

/**
 * Checks the derivatives of a function at many shapes, as `gradcheck` does at one. Sizes and elements are drawn by fast-check, and
 * what fails is shrunk: to the smallest sizes at which it fails, then to simple elements. That is what the report is about.
 *
 * @param f the function, of a tensor for each description
 * @param inputs what its arguments are: shapes by the names of sizes, `'b n'`, of floats from -2 to 2; or objects that say more,
 * `{ shape: 'b n', low: 0.1 }`, `{ shape: 'b', dtype: 'int32', high: 'n' }`. The same name is the same size, `'#n'` is n or 1
 * @returns a report; what is wrong is not thrown but told, see `assertShapes`. What f throws is a failure like others
 * @throws ArgumentError for what describes no tensor, or nothing to differentiate by
 * @example checkShapes((x: Tensor, w: Tensor) => x.matmul(w), ['b n', 'n d'], { numRuns: 20 }).verdict   // 'pass'
 */
export const checkShapes = checked(
  'checkShapes',
  takes,
  <const Inputs extends readonly Described[]>(
    f: (...inputs: TensorsOf<Inputs>) => unknown,
    inputs: Inputs,
    { sizes = {}, numRuns = 100, path, ...given }: ShapesOptions = {},
  ): ShapesReport => {
    const layout = layoutOf('checkShapes', inputs, sizes)
    if (layout.tensors.every(({ dtype }) => dtype !== 'float64')) {
      throw new ArgumentError("checkShapes: inputs has no float64 to differentiate by; give one, such as 'b n'.")
    }
    const { seed = 0 } = given
    const options: GradcheckOptions = { ...given, seed }
    const draws = new Draws(layout)
    const asked: Asked = { f: f as (...inputs: Tensor[]) => unknown, draws, options, seed, numRuns, path }
    const failing = smallest(asked, 'fail')
    const verdict = failing.found !== null ? 'fail' : failing.inconclusive > 0 ? 'inconclusive' : 'pass'
    const found = failing.found ?? (verdict === 'pass' ? null : smallest(asked, 'inconclusive').found)
    const told = { layout, inconclusive: failing.inconclusive, shrinks: found?.shrinks ?? 0 }
    if (found === null)
      return shapesReportOf({ verdict, runs: numRuns, counterexample: null, seed }, { ...told, repro: '' })
    const { report, threw } = outcomeOf(asked, found.draw, options, true)
    const tensors = draws.tensors(found.draw)
    const counterexample = {
      sizes: Object.fromEntries(found.draw.sizes),
      inputs: tensors,
      report,
      threw: threw && String(threw.error),
      path: found.path,
    }
    const runs = verdict === 'fail' ? found.runs : numRuns
    const repro = reproOf('gradcheck', nameOf(f), tensors, options)
    return shapesReportOf({ verdict, runs, counterexample, seed }, { ...told, repro })
  },
)

/**
 * Throws unless `checkShapes` passes: for tests.
 *
 * @throws ShapesError whose message is the report
 * @example assertShapes((x) => x.softmax(), ['b n'], { numRuns: 20, sizes: { b: 2, n: [1, 8] } })
 */
export const assertShapes = checked(
  'assertShapes',
  takes,
  <const Inputs extends readonly Described[]>(
    f: (...inputs: TensorsOf<Inputs>) => unknown,
    inputs: Inputs,
    options: ShapesOptions = {},
  ): void => {
    const report = checkShapes(f, inputs, options)
    if (report.verdict !== 'pass') throw new ShapesError(report)
  },
)
