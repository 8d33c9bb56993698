/**
 * Newton's method with exact Hessians, beside gradient descent, down a curved valley (Rosenbrock 1960). Far away both only go downhill. Near
 * the minimum the function is what its second derivatives say, and each step of Newton's doubles the digits that are right.
 *
 * `scalar.hessian` gives all second derivatives of a function that is written number by number, to the last digit: no differences,
 * no approximation that is learned on the way.
 */
import type { Num } from '@adjoint/autograd/scalar'
import { page } from '../report/page.js'
import { brief, panel, panels } from '../report/panels.js'
import { writePicture } from '../support/picture.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { table } from '../support/table.js'
import { gradientDescent, newton, type Objective, type Place } from './minimize.js'

/** A valley along y = x², its floor falling slowly to (1, 1). */
const valley: Objective = ([x, y]) => {
  const beside = (y as Num).sub(x!.square())
  return beside.square().mul(100).add(x!.sub(1).square())
}
const start = [-1.2, 1]

const distance = ({ x }: Place): number => Math.hypot(x[0]! - 1, x[1]! - 1)

export const run = ({ short = false, print = console.log }: RunOptions = {}) => {
  const options = { most: short ? 1000 : 20_000, tolerance: 1e-12 }
  const byNewton = newton(valley, start, options)
  const byGradients = gradientDescent(valley, start, options)
  const distances = byNewton.map(distance)

  print(
    table(
      ['step', 'x', 'y', 'off by', 'over the square of the one before', 'gradient descent'],
      byNewton.map(({ x }, i) => [
        String(i),
        x[0]!.toFixed(12),
        x[1]!.toFixed(12),
        distances[i]!.toExponential(1),
        i > 0 && distances[i]! > 1e-14 ? (distances[i]! / distances[i - 1]! ** 2).toFixed(2) : '',
        byGradients[i] === undefined ? '' : distance(byGradients[i]!).toExponential(1),
      ]),
    ),
  )
  const after = byGradients.length - 1
  print(
    `\nNewton's method is there after ${byNewton.length - 1} steps: at the end each error is the square of the one before, times a factor ` +
      `that stays. Gradient descent is still off by ${distance(byGradients.at(-1)!).toExponential(1)} after ${after.toLocaleString('en')} steps.\n`,
  )

  const path = (places: readonly Place[]) => places.map(({ x }) => [x[0]!, x[1]!] as const)
  const errors = (places: readonly Place[]) =>
    places.flatMap((place, i) => (i > 0 ? [[i, Math.max(distance(place), 1e-16)] as const] : []))
  const floor = Array.from({ length: 53 }, (_, i) => -1.3 + i / 20).map((x) => [x, x * x] as const)
  const methods = (of: (places: readonly Place[]) => readonly (readonly [number, number])[]) => [
    { label: 'Newton', points: of(byNewton), note: `${byNewton.length - 1} steps` },
    { label: 'gradient descent', points: of(byGradients), note: `${after.toLocaleString('en')} steps` },
  ]
  const body = panels(
    panel(methods(path), { title: 'Down the valley (dots: its floor)', x: 'x', y: '↑ y', dots: floor }),
    panel(methods(errors), {
      title: 'Off by, by step',
      x: 'step',
      y: '↑ distance',
      logarithmic: true,
      spread: 'tenfold',
    }),
  )
  const facts = [
    { value: String(byNewton.length - 1), label: "steps of Newton's method" },
    { value: brief(distances.at(-1)!), label: 'off by then' },
    { value: after.toLocaleString('en'), label: 'steps of gradient descent' },
    { value: brief(distance(byGradients.at(-1)!)), label: 'off by then' },
  ]
  const lead =
    'Both go downhill. One knows how the slope changes, by all second derivatives, and at the end doubles the digits that are right with each step.'
  const text = [
    'The floor of the valley is all but level, and its sides are steep: the gradient points across, not along.',
  ]
  const file = writePicture(
    import.meta.dirname,
    'newton.html',
    page("Newton's method", lead, facts, [{ title: 'Along a curved valley', text, body }]),
  )
  print(`The picture is in ${file}\n`)
  return { distances, steps: byNewton.length - 1, others: byGradients.map(distance), file }
}

await runAsScript(import.meta.url, run)
