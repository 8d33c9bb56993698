import type { Num } from '@adjoint/autograd/scalar'
import { scalar, valueAndGrad } from '@adjoint/autograd/scalar'
import { Numbers } from './numbers.js'
import { isCompiled, type Workload, workload } from './workload.js'

interface Moons {
  /** For each neuron its bias, then its weights. */
  readonly layers: readonly (readonly Float32Array[])[]
  readonly points: readonly (readonly [number, number])[]
  readonly labels: readonly number[]
  readonly learningRate: number
}

const count = 100
const sizes = [2, 16, 16, 1]

const data = (): Moons => {
  const numbers = new Numbers()
  const layers = sizes
    .slice(1)
    .map((outputs, l) => Array.from({ length: outputs }, () => numbers.uniform(sizes[l]! + 1, 1 / sizes[l]!)))
  const angles = Array.from({ length: count }, () => Math.PI * numbers.next())
  const points = angles.map((angle, i): [number, number] =>
    i % 2 === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)],
  )
  return { layers, points, labels: angles.map((_, i) => (i % 2 === 0 ? 1 : -1)), learningRate: 0.02 }
}

type Model = readonly (readonly (readonly Num[])[])[]

const fire = ([bias, ...weights]: readonly Num[], inputs: readonly (Num | number)[]): Num =>
  weights.reduce((sum, w, i) => sum.add(w.mul(inputs[i]!)), bias!)

const lossOf = (model: Model, { points, labels }: Moons): Num => {
  const losses = points.map((point, i) => {
    const outputs = model.reduce<readonly (Num | number)[]>(
      (inputs, layer, l) => layer.map((neuron) => (l < 2 ? fire(neuron, inputs).relu() : fire(neuron, inputs))),
      point,
    )
    return (outputs[0] as Num).mul(-labels[i]!).add(1).relu()
  })
  const mean = losses.reduce((sum, x) => sum.add(x)).mul(1 / points.length)
  return model.flat(2).reduce((sum, p) => sum.add(p.mul(p).mul(1e-4)), mean)
}

/** 2 * 16 + 16 * 16 + 16 products and sums a point and what the loss takes: as many as are recorded. */
const operations = count * (2 * 304 + 32 + 4) + 3 * 337

const moons: Omit<Workload<Moons>, 'name' | 'title' | 'adjoint'> = {
  unit: 'op',
  per: operations,
  tolerance: 1e-9,
  cases: [{ name: '', data }],
}

/** micrograd's demo: a step of training of 2-16-16-1 on two moons, every number an object. */
export const moonsValues = workload<Moons>({
  ...moons,
  name: 'moons',
  title: 'two moons by scalars, 2-16-16-1, 100 points, a step: values',
  adjoint: (given, wrap) => {
    if (isCompiled(wrap)) return null
    const model = given.layers.map((layer) => layer.map((neuron) => Array.from(neuron, (x) => scalar(x))))
    const parameters = model.flat(2)
    return () => {
      const loss = lossOf(model as unknown as Model, given) as unknown as (typeof parameters)[number]
      for (const p of parameters) p.zeroGrad()
      loss.backward()
      for (const p of parameters) p.value -= given.learningRate * p.grad
      return [loss.value]
    }
  },
})

/** The same by a function of numbers, on the tape. */
export const moonsTape = workload<Moons>({
  ...moons,
  name: 'moons-tape',
  title: 'two moons by scalars, 2-16-16-1, 100 points, a step: valueAndGrad',
  adjoint: (given, wrap) => {
    if (isCompiled(wrap)) return null
    let model = given.layers.map((layer) => layer.map((neuron) => Array.from(neuron)))
    const step = valueAndGrad((layers: Num[][][]) => lossOf(layers, given))
    return () => {
      const [loss, gradient] = step(model)
      model = model.map((layer, l) =>
        layer.map((neuron, n) => neuron.map((x, i) => x - given.learningRate * gradient[l]![n]![i]!)),
      )
      return [loss]
    }
  },
})
