/**
 * Bundle adjustment: pictures of the same things from several places tell where the things are, and where the cameras stood. All that was
 * seen must fit: thousands of residuals, of which each depends on one camera and one point, so that nearly all of the Jacobian is 0.
 *
 * The camera is written as geometry is, number by number, in `camera.ts`. `sparseJacobian` walks back from each residual over the operations
 * that it was made of, and so finds its few derivatives. The steps are Levenberg's and Marquardt's (1944, 1963).
 */
import { Random } from '@adjoint/autograd'
import { constant, type Num, type Scalar, sparseJacobian } from '@adjoint/autograd/scalar'
import { page } from '../report/page.js'
import { panel, panels } from '../report/panels.js'
import { writePicture } from '../support/picture.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { table } from '../support/table.js'
import { type Camera, type Point, project } from './camera.js'
import { dampedStep } from './least-squares.js'
import { guess, type Observation, observe, type Scene, sceneOf } from './scene.js'

/** How many numbers one camera and one point are. */
const [cameraSize, pointSize, known] = [6, 3, 2]

/** What is to be found, as one vector: the cameras that are not known, then the points. */
const packed = ({ cameras, points }: Scene): Float64Array =>
  Float64Array.from([...cameras.slice(known), ...points].flat())
const unpacked = (vector: Float64Array, { cameras }: Scene): Scene => {
  const part = (from: number, size: number) => [...vector.subarray(from, from + size)]
  const start = (cameras.length - known) * cameraSize
  return {
    cameras: cameras.map((camera, i) =>
      i < known ? camera : (part((i - known) * cameraSize, cameraSize) as unknown as Camera<number>),
    ),
    points: Array.from(
      { length: (vector.length - start) / pointSize },
      (_, i) => part(start + i * pointSize, pointSize) as unknown as Point<number>,
    ),
  }
}

/** By how many pixels each observation differs from what would be seen. */
const residualsOf =
  (observations: readonly Observation[], cameras: readonly Camera<number>[]) =>
  (x: readonly Num[]): Num[] =>
    observations.flatMap(({ camera, point, seen }) => {
      const at = (camera - known) * cameraSize
      const own: readonly Scalar[] = camera < known ? cameras[camera]! : x.slice(at, at + cameraSize)
      const from = (cameras.length - known) * cameraSize + point * pointSize
      const [u, v] = project(own as Camera<Scalar>, x.slice(from, from + pointSize) as unknown as Point<Num>)
      return [u.sub(seen[0]), v.sub(seen[1])]
    })

const rootMeanSquare = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, each) => sum + each * each, 0) / values.length)

/** How far points are from where they are, on average. */
const distance = (found: Scene, truth: Scene): number =>
  found.points.reduce((sum, point, i) => sum + Math.hypot(...point.map((each, k) => each - truth.points[i]![k]!)), 0) /
  found.points.length

export const run = ({ short = false, print = console.log }: RunOptions = {}) => {
  const random = new Random(4)
  const truth = short ? sceneOf(4, 30, random) : sceneOf(8, 120, random)
  const pixels = 0.5
  const observations = observe(truth, pixels, random)
  const start = guess(truth, random)
  const residuals = residualsOf(observations, truth.cameras)
  const valuesAt = (x: Float64Array): Float64Array =>
    Float64Array.from(residuals(Array.from(x, (each) => constant(each))), ({ value }) => value)

  let x = packed(start)
  let values = valuesAt(x)
  let damping = 1e-3
  const errors = [rootMeanSquare(values)]
  let share = 0
  const most = 40
  for (let step = 1; step <= most && damping < 1e8; step++) {
    const jacobian = sparseJacobian(residuals)(x)
    share = jacobian.values.length / (jacobian.shape[0] * jacobian.shape[1])
    const change = dampedStep(jacobian, values, damping)
    const next = x.map((each, i) => each + change[i]!)
    const there = valuesAt(next)
    const error = rootMeanSquare(there)
    const gain = errors.at(-1)! - error
    // a step that makes it worse is taken back, and the next is shorter
    damping *= gain > 0 ? 0.2 : 10
    if (gain > 0) [x, values] = [next, there]
    if (gain > 0) errors.push(error)
    if (gain > 0 && gain < 1e-6 * error) break
  }

  const found = unpacked(x, truth)
  const [before, after] = [distance(start, truth), distance(found, truth)]
  print(
    `${truth.cameras.length} cameras see ${truth.points.length} points: ${values.length} residuals of ${x.length} unknowns, and ` +
      `${(100 * share).toFixed(1)} % of the Jacobian is not 0.\n`,
  )
  print(
    table(
      ['step', 'pixels off'],
      errors.map((error, step) => [String(step), error.toFixed(3)]),
    ),
  )
  print(
    `\nPoints were guessed ${before.toFixed(2)} beside where they are, and are found to ${after.toFixed(4)} (the wall is 4 wide). What is left ` +
      `of the residuals, ${errors.at(-1)!.toFixed(2)} pixels, is what the observations are off by themselves.\n`,
  )
  const fromAbove = ({ points }: Scene) => points.map(([across, , deep]) => [across, deep] as const)
  const range = [4.9, 6.6] as const
  const lead =
    `${truth.cameras.length} pictures of one wall, most taken from places that nobody wrote down. Where a point stands and where a camera stood must fit what all ` +
    'pictures show, and that is enough to find both.'
  const body = panels(
    panel([], { title: 'Guessed, from above', x: 'across', y: '↑ depth', dots: fromAbove(start), range }),
    panel([], { title: 'Found', x: 'across', y: '↑ depth', dots: fromAbove(found), range }),
    panel(
      [
        {
          label: 'error',
          points: errors.map((error, step) => [step, error] as const),
          note: errors.at(-1)!.toFixed(2),
        },
      ],
      {
        title: 'Pixels off, by step',
        x: 'step',
        y: '↑ pixels',
        logarithmic: true,
      },
    ),
  )
  const facts = [
    { value: errors[0]!.toFixed(0), label: 'pixels off as guessed' },
    { value: errors.at(-1)!.toFixed(2), label: 'pixels off as found' },
    { value: after.toFixed(3), label: 'is how far points are from where they are; the wall is 4 wide' },
    { value: `${(100 * share).toFixed(1)} %`, label: 'of the Jacobian is not 0' },
  ]
  const text = ['Dots are points of the wall and of the tower before it, seen from above.']
  const file = writePicture(
    import.meta.dirname,
    'bundle-adjustment.html',
    page('Where the cameras stood', lead, facts, [{ title: 'From a guess to the wall', text, body }]),
  )
  print(`The picture is in ${file}\n`)
  return { errors, before, after, share, unknowns: x.length, file }
}

await runAsScript(import.meta.url, run)
