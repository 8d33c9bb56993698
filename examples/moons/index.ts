/**
 * micrograd's demo (Karpathy 2020): two moons that no line parts, and a network of three layers that learns to. Every weight is a number,
 * and so is whatever is computed of them; a step of training is 65,000 of them, forward and back.
 *
 * The network is a tree of numbers and a function of them. Its gradient is a tree of the same form. Compiled, the same function says at each
 * place of the plane what the network takes it for.
 */
import { Random } from '@adjoint/autograd'
import { compile, type Num, type Scalar, valueAndGrad } from '@adjoint/autograd/scalar'
import { fieldPlot } from '../report/field-plot.js'
import { page } from '../report/page.js'
import { panel, panels } from '../report/panels.js'
import { responsive } from '../report/responsive.js'
import { writePicture } from '../support/picture.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { table } from '../support/table.js'

interface Neuron<T> {
  readonly weights: readonly T[]
  readonly bias: T
}
type Network<T> = readonly (readonly Neuron<T>[])[]

/** A place of the plane, and which moon it is of. */
interface Example {
  readonly place: readonly [x: number, y: number]
  readonly label: 1 | -1
}

const draw = (count: number, random: Random): Example[] =>
  Array.from({ length: count }, (_, i) => {
    const [angle, noise] = [Math.PI * random.number(), () => 0.2 * (random.number() - 0.5)]
    const [x, y] = [Math.cos(angle), Math.sin(angle)]
    return i % 2 === 0
      ? { place: [x + noise(), y + noise()], label: 1 }
      : { place: [1 - x + noise(), 0.5 - y + noise()], label: -1 }
  })

const initial = (sizes: readonly number[], random: Random): Network<number> =>
  sizes.slice(1).map((outputs, l) =>
    Array.from({ length: outputs }, () => ({
      weights: Array.from({ length: sizes[l]! }, () => (2 * random.number() - 1) * Math.sqrt(2 / sizes[l]!)),
      bias: 0,
    })),
  )

const fire = ({ weights, bias }: Neuron<Num>, inputs: readonly Scalar[]): Num =>
  weights.reduce((sum, weight, i) => sum.add(weight.mul(inputs[i]!)), bias)

/** Above 0 for the one moon, below for the other. */
const score = (network: Network<Num>, place: readonly Scalar[]): Num => {
  const [last, ...before] = [...network].reverse()
  const hidden = before.reduceRight((inputs, layer) => layer.map((neuron) => fire(neuron, inputs).relu()), place)
  return fire(last![0]!, hidden)
}

const sum = (terms: readonly Num[]): Num => terms.reduce((a, b) => a.add(b))

/** Each score is to be on its side of 0 by 1, with weights that stay small. */
const loss = (network: Network<Num>, examples: readonly Example[]): Num => {
  const hinges = examples.map(({ place, label }) => score(network, place).mul(-label).add(1).relu())
  const squares = network.flat().flatMap(({ weights, bias }) => [...weights, bias].map((each) => each.square()))
  return sum(hinges).div(examples.length).add(sum(squares).mul(1e-4))
}

const stepped = (network: Network<number>, gradient: Network<number>, rate: number): Network<number> =>
  network.map((layer, l) =>
    layer.map(({ weights, bias }, n) => {
      const by = gradient[l]![n]!
      return { weights: weights.map((w, i) => w - rate * by.weights[i]!), bias: bias - rate * by.bias }
    }),
  )

export const run = ({ short = false, print = console.log }: RunOptions = {}) => {
  const random = new Random(7)
  const examples = draw(100, random)
  const steps = short ? 60 : 200
  const gradient = valueAndGrad((network: Network<Num>) => loss(network, examples))
  const scoreAt = compile((network: Network<Num>, place: readonly Num[]) => score(network, place))

  let network = initial([2, 16, 16, 1], random)
  const accuracy = () =>
    examples.filter(({ place, label }) => label * scoreAt(network, place) > 0).length / examples.length
  const learned: { step: number; loss: number; accuracy: number }[] = []
  let milliseconds = 0
  for (let step = 0; step <= steps; step++) {
    const began = performance.now()
    const [value, by] = gradient(network)
    milliseconds += (performance.now() - began) / (steps + 1)
    learned.push({ step, loss: value, accuracy: accuracy() })
    network = stepped(network, by, 1 - (0.9 * step) / steps)
  }

  print(`${examples.length} points of two moons; a network of 2-16-16-1, 337 numbers.\n`)
  print(
    table(
      ['step', 'loss', 'right'],
      learned
        .filter(({ step }) => step % (steps / 10) === 0)
        .map((each) => [String(each.step), each.loss.toFixed(4), `${(100 * each.accuracy).toFixed(0)} %`]),
    ),
  )
  print(`\nA gradient took ${milliseconds.toFixed(1)} ms.\n`)

  const [x, y] = [[-1.5, 2.5] as const, [-1, 1.5] as const]
  const [columns, rows] = [81, 51]
  const between = ([low, high]: readonly [number, number], i: number, count: number) =>
    low + ((high - low) * i) / (count - 1)
  const values = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) =>
      scoreAt(network, [between(x, column, columns), between(y, row, rows)]),
    ),
  )
  const dots = examples.map(({ place, label }) => [...place, label > 0] as const)
  const plane = (width: number) =>
    fieldPlot({ values, x, y }, { x: 'x', y: 'y', width, height: 0.62 * width, levels: [0, 1, 2, 4, 8], dots })
  const curve = (label: string, of: (each: (typeof learned)[number]) => number) =>
    panel([{ label, points: learned.map((each) => [each.step, of(each)] as const) }], {
      title: `${label}, by step`,
      x: 'step',
      y: `↑ ${label}`,
    })
  const last = learned.at(-1)!
  const facts = [
    { value: `${(100 * last.accuracy).toFixed(0)} %`, label: 'of the points on the right side' },
    { value: '337', label: 'numbers are learned, in 33 neurons' },
    { value: String(steps), label: 'steps against the gradient' },
    { value: `${milliseconds.toFixed(1)} ms`, label: 'a gradient through 65,000 operations' },
  ]
  const lead =
    'micrograd’s demo. Each weight is a number, each neuron a line of code, and nothing else is known to the library.'
  const file = writePicture(
    import.meta.dirname,
    'moons.html',
    page('Two moons', lead, facts, [
      {
        title: 'What the network takes each place for',
        text: ['The darker, the surer. The edge between is where the score is 0; it is bent, since neurons are.'],
        body: responsive(plane, 760),
      },
      {
        title: 'How it learned',
        text: [],
        body: panels(
          curve('loss', (each) => each.loss),
          curve('right', (each) => each.accuracy),
        ),
      },
    ]),
  )
  print(`The picture is in ${file}\n`)
  return { losses: learned.map((each) => each.loss), accuracy: last.accuracy, file }
}

await runAsScript(import.meta.url, run)
