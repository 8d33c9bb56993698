/**
 * Universal approximation: a network with a single hidden layer can come as close as one likes to any continuous
 * function, if the layer is wide enough. Here networks of growing width learn two curves from points on them, one of a
 * formula and one drawn by hand; the error falls with the width. (That a good network exists is the theorem; that gradient descent finds it is experience.)
 */
import { linspace, Random, type Tensor, tensor } from '@adjoint/autograd'
import { Adam, fit, init, Linear, mse, type Progress, Sequential, schedules, Tanh } from '@adjoint/nn'
import { heightAt, ridge } from '../data/drawn.js'
import { openCheckpoint, requireFinished } from '../support/checkpoint.js'
import { writePicture } from '../support/picture.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { table } from '../support/table.js'
import type { Fits } from './fits.js'
import { picture } from './picture.js'

const float64 = { dtype: 'float64' } as const
type Column = Tensor<[number, 1]>

export const curve = (x: Column): Column => x.mul(3).sin().add(x.mul(x).mul(0.3)).sub(x.mul(6).cos().mul(0.3))

/** A neuron with tanh is a soft step. They start side by side along the curve, the more, the steeper; training moves, scales and bends them. */
const createModel = (width: number) => {
  const random = new Random(0)
  const slope = Math.max(2, width / 4)
  const first = new Linear(1, width, { random, init: init.constant(slope), ...float64 })
  const centers = Float64Array.from({ length: width }, (_, i) => 4 * ((i + 0.5) / width) - 2)
  first.bias?.assign(tensor(centers).mul(-slope))
  return new Sequential(first, new Tanh(), new Linear(width, 1, { random, ...float64 }))
}

/** How a curve is learned: in rounds of so many steps, each on all of its points, after which the training is saved. */
interface FitSettings extends Pick<RunOptions, 'checkpoint' | 'signal'> {
  readonly steps: number
  /** What the file of the training is called. */
  readonly name: string
  readonly progress?: Progress
  readonly compile?: boolean
}
const round = 50

export const fitWith = async (width: number, x: Column, y: Column, settings: FitSettings) => {
  const { steps, name, checkpoint, signal, progress, compile } = settings
  const model = createModel(width)
  const { saving } = await openCheckpoint(checkpoint, name, {})
  const history = await fit(model, {
    data: Array.from({ length: round }, () => ({ x, y })),
    loss: mse,
    optimizer: new Adam(model, { learningRate: 0.03 }),
    schedule: schedules.linear({ from: 1, to: 0, steps }),
    epochs: steps / round,
    ...saving,
    ...(signal && { signal }),
    ...(progress && { progress }),
    ...(compile !== undefined && { compile }),
  })
  requireFinished(history)
  const fitted = model.forward(x).detach()
  return { error: Math.sqrt(mse(fitted, y).item()), fitted, model }
}

export const run = async (options: RunOptions & { progress?: Progress } = {}) => {
  const { short = false, print = console.log, ...settings } = options
  const widths = short ? [1, 4, 16] : [1, 2, 4, 8, 16, 32, 64]
  const x = linspace(-2, 2, 100, float64).reshape([-1, 1])
  const drawn: Column = tensor(Float64Array.from(x.data, (at) => heightAt(ridge, at))).reshape([-1, 1])
  const curves: Fits[] = []
  for (const [name, y] of Object.entries({ 'a formula': curve(x), 'a ridge drawn by hand': drawn })) {
    const fits: Fits['fits'][number][] = []
    for (const width of widths) {
      const file = `${name.replaceAll(' ', '-')}-${width}`
      fits.push({ width, ...(await fitWith(width, x, y, { ...settings, name: file, steps: short ? 800 : 4_000 })) })
    }
    curves.push({ name, points: Array.from(x.data, (at, i) => [at, y.data[i]!]), fits })
  }

  print('One hidden layer of tanh, trained on 100 points of a curve; the root of the mean squared error:\n')
  print(
    table(
      ['hidden neurons', ...curves.map(({ name }) => name)],
      widths.map((width, i) => [String(width), ...curves.map(({ fits }) => fits[i]!.error.toFixed(5))]),
    ),
  )
  const file = writePicture(import.meta.dirname, 'curve-fit.html', picture(curves))
  print(`\nA picture of it is in ${file}`)
  print(
    '\nTo try next: a curve of your own in examples/data/drawn.ts; ReLU in the place of tanh, which bends at corners; two\n' +
      'hidden layers with as many neurons in all; more steps, for the corners that the wide ones still round off.\n',
  )
  const [{ fits }, ridges] = curves as [Fits, Fits]
  return { fits, ridge: ridges.fits, file }
}

await runAsScript(import.meta.url, (options) => run(options))
