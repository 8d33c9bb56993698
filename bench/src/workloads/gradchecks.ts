import { customOp, type Tensor, tensor } from '@adjoint/autograd'
import { gradcheck, type Report } from '@adjoint/autograd/gradcheck'
import { checkOp } from '../../../packages/autograd/src/gradcheck/samples.js'
import { table } from '../../../packages/autograd/src/ops/index.js'
import { Numbers } from './numbers.js'
import { isCompiled, workload } from './workload.js'

const float64 = { dtype: 'float64' } as const
const drawn = (numbers: Numbers, shape: number[], bound = 1): Tensor =>
  tensor(
    numbers.uniform(
      shape.reduce((a, b) => a * b, 1),
      bound,
    ),
    float64,
  ).reshape(shape) as Tensor

/** Layers of tanh up to logits of ten classes, and what each of a batch of images costs. */
const perceptron = (sizes: readonly number[], order: 1 | 2) => (): Report[] => {
  const numbers = new Numbers()
  const images = drawn(numbers, [16, sizes[0]!])
  const labels = tensor(numbers.integers(16, 10)).as([16]).oneHot(10)
  const layers = sizes.slice(1).flatMap((to, i) => {
    const from = sizes[i]!
    return [drawn(numbers, [from, to], 1 / Math.sqrt(from)), drawn(numbers, [to], 1 / Math.sqrt(from))]
  })
  const loss = (...given: Tensor[]): Tensor => {
    let x = images
    for (let i = 0; i < given.length; i += 2) {
      x = x.matmul(given[i]!).add(given[i + 1]!)
      if (i + 2 < given.length) x = x.tanh()
    }
    return x.logSoftmax().mul(labels).sum(1).mean().neg()
  }
  return [gradcheck(loss, layers, { order })]
}

/** A rule that has one element of many wrong, by half of it. */
const oneWrong = (count: number) => (): Report[] => {
  const rows = count / 100
  const numbers = new Numbers()
  const w = drawn(numbers, [rows, 100], 1 / Math.sqrt(rows))
  const x = drawn(numbers, [4, rows])
  const factors = new Float64Array(count).fill(1)
  factors[Math.floor(0.37 * count)] = 0.5
  const mask = tensor(factors).reshape([rows, 100])
  const wrong = customOp({
    name: 'wrong',
    forward: (a: Tensor) => a.tanh(),
    vjp: (g, [a]) => [g.mul(a.tanh().square().neg().add(1)).mul(mask)],
  })
  return [gradcheck((a: Tensor) => x.matmul(wrong(a)).square().mean(), [w], { order: 1 })]
}

interface Check {
  readonly run: () => readonly Report[]
}
const cases: readonly (readonly [name: string, run: Check['run'], long: boolean])[] = [
  ['an op', () => [gradcheck((x: Tensor) => x.tanh(), [drawn(new Numbers(), [3, 4])])], false],
  ['op table', () => table.filter(({ differentiable }) => differentiable).flatMap((op) => checkOp(op)), true],
  ['MLP 784-128-10, both orders', perceptron([784, 128, 10], 2), true],
  ['MLP 784-1200-50-10, order 1', perceptron([784, 1200, 50, 10], 1), true],
  ...[1e4, 1e5, 1e6].map((count) => [`one of ${count} wrong`, oneWrong(count), true] as const),
]

/** What it takes to check gradients, of which other work on the machine is no part. */
export const gradchecks = workload<Check>({
  name: 'gradcheck',
  title: 'gradcheck, in seconds of the processor',
  unit: 'check',
  tolerance: 0,
  isProcessorTime: true,
  cases: cases.map(([name, run, long]) => ({ name, long, data: () => ({ run }) })),
  adjoint: ({ run }, wrap) =>
    isCompiled(wrap) ? null : () => run().map(({ verdict }) => ['pass', 'inconclusive', 'fail'].indexOf(verdict)),
})
