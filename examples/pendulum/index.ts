/**
 * A pendulum is swung up by a motor too weak to lift it: which torque at which time? The equation of motion is solved by the classical
 * method of Runge and Kutta, written number by number, and the gradient goes back through all of its steps to the torques. The motor has to
 * swing the pendulum to and fro first, and nobody tells it so.
 *
 * A scalar program is as quick as its tape: a gradient through a thousand evaluations of the equation takes about a millisecond.
 */
import { constant, type Num, type Scalar, valueAndGrad } from '@adjoint/autograd/scalar'
import { page } from '../report/page.js'
import { panel, panels } from '../report/panels.js'
import { writePicture } from '../support/picture.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { table } from '../support/table.js'

const seconds = 6
const friction = 0.05
/** Of the weight's torque when the rod is level: the motor alone holds the rod no higher than this. */
const strength = 0.35

type State = readonly [angle: Num, velocity: Num]

/** What the angle and the velocity change by in a second; the angle is 0 where it hangs. */
const motion = ([angle, velocity]: State, torque: Num): State => [
  velocity,
  angle.sin().neg().mul(9.81).sub(velocity.mul(friction)).add(torque.mul(9.81)),
]

const moved = ([angle, velocity]: State, [da, dv]: State, time: number): State => [
  angle.add(da.mul(time)),
  velocity.add(dv.mul(time)),
]

/** One step of Runge and Kutta's method of order 4. */
const step = (state: State, torque: Num, time: number): State => {
  const first = motion(state, torque)
  const second = motion(moved(state, first, time / 2), torque)
  const third = motion(moved(state, second, time / 2), torque)
  const fourth = motion(moved(state, third, time), torque)
  const mean = (i: 0 | 1) => first[i].add(second[i].mul(2)).add(third[i].mul(2)).add(fourth[i]).div(6)
  return moved(state, [mean(0), mean(1)], time)
}

/** The states that torques lead to, one for each; what a motor is asked for beyond its strength it does not give. */
const motionBy = (asked: readonly Num[]): State[] => {
  let state: State = [constant(0), constant(0)]
  return asked.map((each) => {
    const torque = each.tanh().mul(strength)
    for (let k = 0; k < 2; k++) state = step(state, torque, seconds / asked.length / 2)
    return state
  })
}

/** Upright and at rest at the end, with not much more torque than needed. */
const loss = (asked: readonly Num[]): Num => {
  const states = motionBy(asked)
  const [angle, velocity] = states.at(-1)!
  const effort = asked.map((each) => each.square()).reduce((a, b) => a.add(b))
  return angle
    .cos()
    .add(1)
    .add(velocity.square().mul(0.02))
    .add(effort.mul(0.002 / asked.length))
}

/** Adam (Kingma and Ba 2015). */
const learn = (start: Float64Array, rounds: number, look: (value: number, round: number) => void): Float64Array => {
  const differentiated = valueAndGrad((x: Num[]) => loss(x))
  const [x, mean, square] = [start.slice(), new Float64Array(start.length), new Float64Array(start.length)]
  for (let round = 1; round <= rounds; round++) {
    const [value, gradient] = differentiated(x)
    look(value, round)
    const rate = 0.05 * (1 - (round - 1) / rounds)
    gradient.forEach((g, i) => {
      mean[i] = 0.9 * mean[i]! + 0.1 * g
      square[i] = 0.999 * square[i]! + 0.001 * g * g
      x[i]! -= (rate * mean[i]!) / (1 - 0.9 ** round) / (Math.sqrt(square[i]! / (1 - 0.999 ** round)) + 1e-8)
    })
  }
  return x
}

const degrees = (angle: Scalar): number => ((typeof angle === 'number' ? angle : angle.value) * 180) / Math.PI

export const run = ({ short = false, print = console.log }: RunOptions = {}) => {
  const pieces = short ? 40 : 120
  const rounds = short ? 400 : 1500
  const constants = (x: Float64Array) => Array.from(x, (each) => constant(each))
  // hardly anything: the pendulum must hang a little beside where all directions are alike
  const start = Float64Array.from({ length: pieces }, (_, i) => 0.1 * Math.sin(i))
  const losses: number[] = []
  const began = performance.now()
  const found = learn(start, rounds, (value) => losses.push(value))
  const each = (performance.now() - began) / rounds
  const ways = [
    { label: 'before', x: start },
    { label: 'found', x: found },
  ].map(({ label, x }) => ({
    label,
    torques: constants(x).map((each) => each.tanh().mul(strength).value),
    states: motionBy(constants(x)),
  }))
  const { states, torques } = ways[1]!
  const [angle, velocity] = states.at(-1)!
  const turns = torques.filter((torque, i) => i > 0 && Math.sign(torque) !== Math.sign(torques[i - 1]!)).length
  const off = Math.abs(degrees(angle.value) % 360)
  const fromUpright = Math.abs(off - 180)

  const shown = losses.flatMap((value, i) =>
    (i + 1) % (rounds / 5) === 0 || i === 0 ? [[String(i + 1), value.toFixed(4)]] : [],
  )
  print(
    `A motor of ${100 * strength} % of what would hold the rod level swings it up in ${seconds} s, by ${pieces} torques.\n`,
  )
  print(table(['round', 'loss'], shown))
  print(
    `\nAt the end it stands ${fromUpright.toFixed(1)} degrees from upright, at ${velocity.value.toFixed(2)} rad/s; the torque changed its sign ` +
      `${turns} times.\nA gradient through ${8 * pieces} evaluations of the equation of motion took ${each.toFixed(2)} ms.\n`,
  )
  const time = (i: number) => ((i + 1) * seconds) / pieces
  const lines = (of: (way: (typeof ways)[number]) => readonly number[]) =>
    ways.map((way) => ({ label: way.label, points: of(way).map((y, i) => [time(i), y] as const) }))
  const body = panels(
    panel(
      lines((way) => way.states.map(([angle]) => degrees(angle))),
      { title: 'Angle', x: 'seconds', y: '↑ degrees' },
    ),
    panel(
      lines((way) => way.torques),
      { title: 'Torque', x: 'seconds', y: '↑ of the weight, level' },
    ),
    panel([{ label: 'loss', points: losses.map((value, i) => [i + 1, value] as const) }], {
      title: 'Loss, by round',
      x: 'round',
      y: '↑ loss',
      logarithmic: true,
    }),
  )
  const facts = [
    { value: `${100 * strength} %`, label: 'of the torque that would hold the rod level is all that the motor has' },
    { value: `${fromUpright.toFixed(1)}°`, label: 'from upright at the end' },
    { value: String(turns), label: 'times the torque changed its sign' },
    { value: `${each.toFixed(2)} ms`, label: `a gradient through ${8 * pieces} evaluations of the equation` },
  ]
  const lead =
    'The gradient of how it ends, by each torque on the way, goes back through every step of the solver. It finds out that a weak motor must ' +
    'swing to and fro.'
  const text = ['Degrees from where it hangs: at 180, or at -180, it stands upright.']
  const file = writePicture(
    import.meta.dirname,
    'pendulum.html',
    page('Swung up by a weak motor', lead, facts, [{ title: 'To and fro, and up', text, body }]),
  )
  print(`The picture is in ${file}\n`)
  return { losses, fromUpright, velocity: velocity.value, turns, file }
}

await runAsScript(import.meta.url, run)
