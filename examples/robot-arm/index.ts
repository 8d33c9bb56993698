/**
 * A robot arm writes: which angles of its joints bring the tip to each place along a figure? Where the tip is follows from the angles by sines
 * and cosines. The other way there is no formula, but the Jacobian says how the tip moves with each joint, and a step that is turned around,
 * again and again, arrives.
 *
 * Five joints for two numbers are more than enough: of all steps that would do, the least is taken (Wampler 1986, damped least squares).
 */
import { constant, jacobian, type Num } from '@adjoint/autograd/scalar'
import { page } from '../report/page.js'
import { brief, panel, panels } from '../report/panels.js'
import { writePicture } from '../support/picture.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { solve } from '../support/solve.js'
import { table } from '../support/table.js'

type Point = readonly [x: number, y: number]

const lengths = [1, 0.8, 0.6, 0.4, 0.3]

/** Where the joints are, and last the tip: each angle turns all that comes after it. */
const joints = (angles: readonly Num[]): [Num, Num][] => {
  let [x, y, direction] = [constant(0), constant(0), constant(0)]
  return angles.map((angle, i) => {
    direction = direction.add(angle)
    x = x.add(direction.cos().mul(lengths[i]!))
    y = y.add(direction.sin().mul(lengths[i]!))
    return [x, y]
  })
}
const tip = (angles: readonly Num[]) => joints(angles).at(-1)!
const constants = (angles: readonly number[]) => angles.map((angle) => constant(angle))
const shape = (angles: readonly number[]): Point[] => [
  [0, 0],
  ...joints(constants(angles)).map(([x, y]) => [x.value, y.value] as const),
]

const jacobianAt = jacobian((angles: Num[]) => tip(angles))

/** The least step of the joints that brings the tip closer by what it is off: J'(JJ' + damping I)⁻¹ off. */
const stepOf = (angles: readonly number[], off: Point, damping: number): number[] => {
  const rows = jacobianAt(angles)
  const products = rows.map((row, i) =>
    rows.map((other, j) => row.reduce((sum, each, k) => sum + each * other[k]!, i === j ? damping : 0)),
  )
  const weights = solve(products, off)
  return angles.map((_, k) => rows.reduce((sum, row, i) => sum + row[k]! * weights[i]!, 0))
}

/** From angles nearby to those that bring the tip to a place, and how far it was off on the way. */
const reach = (from: readonly number[], [x, y]: Point) => {
  let angles = from
  const errors: number[] = []
  for (let step = 0; step < 100; step++) {
    const [tipX, tipY] = shape(angles).at(-1)!
    const off: Point = [x - tipX, y - tipY]
    const error = Math.hypot(...off)
    errors.push(error)
    if (error < 1e-12) break
    // damped where it is far: near the end of its reach the arm would thrash
    const step = stepOf(angles, off, Math.min(0.1, error ** 2))
    angles = angles.map((angle, i) => angle + step[i]!)
  }
  return { angles, errors }
}

/** A lying eight. */
const figure = (count: number): Point[] =>
  Array.from({ length: count + 1 }, (_, i) => {
    const t = (2 * Math.PI * i) / count
    return [1.1 + 0.7 * Math.cos(t), 1.1 + 0.45 * Math.sin(2 * t)]
  })

export const run = ({ short = false, print = console.log }: RunOptions = {}) => {
  const targets = figure(short ? 24 : 120)
  const first = reach([0.3, 0.3, 0.3, 0.3, 0.3], targets[0]!)
  let { angles } = first
  const written = targets.map((target) => {
    const reached = reach(angles, target)
    angles = reached.angles
    return reached
  })
  const worst = Math.max(...written.map(({ errors }) => errors.at(-1)!))
  const steps = written.slice(1).reduce((sum, { errors }) => sum + errors.length - 1, 0) / (targets.length - 1)

  print(
    `An arm of ${lengths.length} joints, ${lengths.reduce((a, b) => a + b).toFixed(1)} long, goes to where a figure begins:\n`,
  )
  print(
    table(
      ['step', 'tip off by'],
      first.errors.map((error, i) => [String(i), error.toExponential(1)]),
    ),
  )
  print(
    `\nFrom there it follows the figure through ${targets.length - 1} places, ${steps.toFixed(1)} steps to each, and is nowhere off by more than ` +
      `${worst.toExponential(1)}.\n`,
  )

  const poses = ['at the start', 'after a quarter', 'half way', 'after three quarters'].map((label, quarter) => {
    const { angles } = written[(quarter * (targets.length - 1)) / 4]!
    return { label, points: shape(angles) }
  })
  const turns = lengths.map((_, joint) => ({
    label: `joint ${joint + 1}`,
    points: written.map((each, i) => [i / (targets.length - 1), (each.angles[joint]! * 180) / Math.PI] as const),
  }))
  const body = panels(
    panel(poses, { title: 'The arm (dots: the figure)', x: 'x', y: '↑ y', dots: targets }),
    panel(turns, { title: 'The joints on the way', x: 'of the figure', y: '↑ degrees' }),
    panel([{ label: 'tip', points: first.errors.map((error, i) => [i, error] as const) }], {
      title: 'To the first place: off by',
      x: 'step',
      y: '↑ distance',
      logarithmic: true,
    }),
  )
  const facts = [
    { value: String(lengths.length), label: 'joints, for two numbers that are wanted' },
    { value: String(first.errors.length - 1), label: 'steps to where the figure begins' },
    { value: steps.toFixed(1), label: 'steps from each place to the next' },
    { value: brief(worst), label: 'off at most' },
  ]
  const lead =
    'From angles to the tip of the arm it is a matter of sines and cosines. From the tip to angles it takes the Jacobian, a few times.'
  const text = [
    'Five joints for two numbers: of all ways to get there, each step takes the one that turns the joints least.',
  ]
  const file = writePicture(
    import.meta.dirname,
    'robot-arm.html',
    page('An arm that writes', lead, facts, [{ title: 'Along a lying eight', text, body }]),
  )
  print(`The picture is in ${file}\n`)
  return { errors: first.errors, steps, worst, file }
}

await runAsScript(import.meta.url, run)
