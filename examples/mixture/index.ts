/**
 * Maximum likelihood: two groups were measured together, and nobody wrote down who was of which. How large is each, where, and how wide? The
 * answer is where the logarithm of the likelihood is greatest, which Newton's method finds in a few steps.
 *
 * The same second derivatives say how certain it is: the inverse of the Hessian there is the covariance of what was found (Fisher 1925).
 */
import { Random } from '@adjoint/autograd'
import { constant, hessian, type Num } from '@adjoint/autograd/scalar'
import { newton } from '../newton/minimize.js'
import { page } from '../report/page.js'
import { panel, panels } from '../report/panels.js'
import { writePicture } from '../support/picture.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { solve } from '../support/solve.js'
import { table } from '../support/table.js'

/** Any five numbers: the logit of the first group's share, and of each group the mean and the logarithm of its deviation. */
type Mixture = readonly Num[]

/** How the geyser's eruptions were drawn: minutes, short ones and long ones. */
const truth = { share: 0.35, means: [2.2, 4.1], deviations: [0.5, 0.7] } as const

const draw = (count: number, random: Random): number[] =>
  Array.from({ length: count }, () => {
    const group = random.number() < truth.share ? 0 : 1
    // of two even numbers one that is normal (Box and Muller 1958)
    const normal = Math.sqrt(-2 * Math.log(1 - random.number())) * Math.cos(2 * Math.PI * random.number())
    return truth.means[group] + truth.deviations[group] * normal
  })

/** The logarithm of the density of a normal distribution. */
const logNormal = (x: number, mean: Num, logDeviation: Num): Num =>
  mean
    .sub(x)
    .div(logDeviation.exp())
    .square()
    .mul(-0.5)
    .sub(logDeviation)
    .sub(0.5 * Math.log(2 * Math.PI))

/** The logarithms of the densities of both groups at x, each times its share. */
const groups = ([logit, mean0, width0, mean1, width1]: Mixture, x: number): [Num, Num] => [
  logNormal(x, mean0!, width0!).sub(logit!.neg().softplus()),
  logNormal(x, mean1!, width1!).sub(logit!.softplus()),
]

/** What is to be least: by how much what was seen surprises, on average the entropy. */
const surprise =
  (seen: readonly number[]) =>
  (mixture: Mixture): Num =>
    seen
      .map((x) => {
        const [a, b] = groups(mixture, x)
        return a.logAddExp(b).neg()
      })
      .reduce((a, b) => a.add(b))

export const run = ({ short = false, print = console.log }: RunOptions = {}) => {
  const seen = draw(short ? 150 : 400, new Random(2))
  const loss = surprise(seen)
  const steps = newton(loss, [0, 2.5, 0, 3.5, 0], { most: 50, tolerance: 1e-8 })
  const { x } = steps.at(-1)!

  // how far each may be off: the roots of the diagonal of the inverse Hessian
  const curvature = hessian((at: Num[]) => loss(at))(x)
  const errors = x.map((_, i) =>
    Math.sqrt(
      solve(
        curvature,
        x.map((_, j) => Number(i === j)),
      )[i]!,
    ),
  )
  const share = 1 / (1 + Math.exp(-x[0]!))
  const found = [
    { what: 'share of short ones', is: truth.share, value: share, error: errors[0]! * share * (1 - share) },
    ...['short', 'long'].flatMap((which, group) => {
      const [mean, width] = [1 + 2 * group, 2 + 2 * group]
      const deviation = Math.exp(x[width]!)
      return [
        { what: `mean of ${which} ones`, is: truth.means[group]!, value: x[mean]!, error: errors[mean]! },
        {
          what: `deviation of ${which} ones`,
          is: truth.deviations[group]!,
          value: deviation,
          error: errors[width]! * deviation,
        },
      ]
    }),
  ]

  print(`${seen.length} eruptions, short and long, drawn from two normal distributions.\n`)
  print(
    table(
      ['step', 'surprise', 'slope'],
      steps.map(({ value, slope }, i) => [String(i), value.toFixed(6), slope.toExponential(1)]),
    ),
  )
  print('')
  print(
    table(
      ['', 'true', 'found', 'may be off by'],
      found.map(({ what, is, value, error }) => [what, is.toFixed(2), value.toFixed(3), error.toFixed(3)]),
    ),
  )
  const outside = found.filter(({ is, value, error }) => Math.abs(value - is) > 2 * error).length
  print(
    `\n${outside === 0 ? 'All are' : `${found.length - outside} of ${found.length} are`} within two of these of what is true.\n`,
  )

  const grid = Array.from({ length: 193 }, (_, i) => 0.5 + i / 32)
  const mixture = x.map((each) => constant(each))
  const densities = grid.map((at) => groups(mixture, at).map((each) => Math.exp(each.value)) as [number, number])
  const line = (label: string, of: (pair: readonly [number, number]) => number) => ({
    label,
    points: grid.map((at, i) => [at, of(densities[i]!)] as const),
  })
  const body = panels(
    panel([line('both', ([a, b]) => a + b), line('short', ([a]) => a), line('long', ([, b]) => b)], {
      title: 'Found (dots: what was seen)',
      x: 'minutes',
      y: '↑ density',
      dots: seen.map((at, i) => [at, 0.01 + 0.02 * (i % 3)]),
    }),
    panel([{ label: 'slope', points: steps.map(({ slope }, i) => [i, slope] as const) }], {
      title: 'Slope of the likelihood, by step',
      x: 'step',
      y: '↑ length of the gradient',
      logarithmic: true,
    }),
  )
  const facts = [
    ...found
      .filter(({ what }) => !what.startsWith('deviation'))
      .map(({ what, value, error }) => ({ value: value.toFixed(2), label: `${what}, ± ${error.toFixed(2)}` })),
    { value: String(steps.length - 1), label: "steps of Newton's method" },
  ]
  const lead =
    'Short and long eruptions of a geyser, measured together. The likelihood tells them apart, and its second derivatives tell how surely.'
  const text = [`${seen.length} numbers were drawn; nothing says which is of which group.`]
  const file = writePicture(
    import.meta.dirname,
    'mixture.html',
    page('Two groups in one list', lead, facts, [{ title: 'Where the likelihood is greatest', text, body }]),
  )
  print(`The picture is in ${file}\n`)
  return { steps: steps.length - 1, slope: steps.at(-1)!.slope, found, file }
}

await runAsScript(import.meta.url, run)
