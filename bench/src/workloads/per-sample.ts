import { grad, stack, type Tensor, tensor, vmap } from '@adjoint/autograd'
import { Numbers, type Weights } from './numbers.js'
import { weights } from './tensors.js'
import { workload } from './workload.js'

interface Samples {
  readonly way: Way
  readonly sizes: Sizes
  readonly images: Float32Array
  readonly labels: Int32Array
  readonly parameters: readonly Weights[]
}
type Way = 'vmap' | 'one at a time'
type Sizes = readonly [inputs: number, hidden: number]
type Model = readonly [Tensor, Tensor, Tensor, Tensor]

const batch = 128
const classes = 10
/** Images of 8 x 8 pixels; and the model of examples/digits, whose gradients for each image take 39 MB. */
const models: readonly Sizes[] = [
  [64, 32],
  [784, 96],
]

const loss = ([w1, b1, w2, b2]: Model, x: Tensor, y: Tensor): Tensor =>
  x.matmul(w1).add(b1).relu().matmul(w2).add(b2).logSoftmax().mul(y.oneHot(classes)).sum().neg()

/** How large the gradient of a sample is. */
const sizeOfGradient = (model: Model, x: Tensor, y: Tensor): Tensor =>
  grad(loss)(model, x, y)
    .map((gradient) => gradient.square().sum())
    .reduce((a, b) => a.add(b))
    .sqrt()

const axes = { in: [null, 0, 0] } as const

/** The gradient of each sample of a batch, of which only the size is kept. */
export const perSample = workload<Samples>({
  name: 'per-sample',
  title: `sizes of the gradients of ${batch} samples`,
  unit: 'batch',
  tolerance: 1e-4,
  cases: models.flatMap((sizes) =>
    (['vmap', 'one at a time'] as const).map((way) => ({
      name: `${sizes[0]}-${sizes[1]}-${classes}, ${way}`,
      long: sizes !== models[0],
      data: (): Samples => {
        const numbers = new Numbers()
        const layers = [numbers.linear(sizes[0], sizes[1]), numbers.linear(sizes[1], classes)]
        return {
          way,
          sizes,
          images: numbers.uniform(batch * sizes[0]),
          labels: numbers.integers(batch, classes),
          parameters: layers.flatMap(({ weight, bias }) => [weight, bias]),
        }
      },
    })),
  ),
  adjoint: ({ way, sizes, images, labels, parameters }, wrap) => {
    const x = tensor(images).reshape([batch, sizes[0]]) as Tensor
    const y = tensor(labels, { dtype: 'int32' }) as Tensor
    const model = parameters.map(weights) as unknown as Model
    if (way === 'vmap') {
      const all = wrap(vmap(sizeOfGradient, axes) as unknown as typeof sizeOfGradient)
      return () => [...all(model, x, y).data]
    }
    const one = wrap(sizeOfGradient)
    const samples = Array.from({ length: batch }, (_, i) => [x.at(i) as Tensor, y.at(i) as Tensor] as const)
    return () => [...(stack(samples.map(([image, label]) => one(model, image, label))) as Tensor).data]
  },
})
