import { checkpoint, noGrad, parameter, type Tensor, tensor } from '@adjoint/autograd'
import { intermediatesOf } from './memory.js'
import { Numbers, type Weights } from './numbers.js'
import { weights } from './tensors.js'
import { workload } from './workload.js'

interface Residual {
  readonly way: Way
  readonly rows: Float32Array
  readonly parameters: readonly Weights[]
}
type Way = 'all is kept' | 'in checkpoints'

const [blocks, width, batch] = [64, 256, 512]
const learningRate = 1e-2

const block = (x: Tensor, a: Tensor, b: Tensor): Tensor => x.add(x.matmul(a).relu().matmul(b))

/** A step of training of what is deep: with each block in a checkpoint, and without. */
export const checkpoints = workload<Residual>({
  name: 'checkpoints',
  title: `${blocks} residual blocks, width ${width}, batch ${batch}, gradient descent`,
  unit: 'step',
  tolerance: 1e-3,
  cases: (['all is kept', 'in checkpoints'] as const).map((way) => ({
    name: way,
    long: true,
    data: (): Residual => {
      const numbers = new Numbers()
      const parameters = Array.from({ length: 2 * blocks }, () => numbers.linear(width, width).weight)
      return { way, rows: numbers.uniform(batch * width), parameters }
    },
  })),
  adjoint: ({ way, rows, parameters }, wrap) => {
    const x = tensor(rows).reshape([batch, width]) as Tensor
    const all = parameters.map((each) => parameter(weights(each)))
    const f = way === 'in checkpoints' ? checkpoint(block) : block
    const step = wrap((x: Tensor) => {
      for (const w of all) w.zeroGrad()
      let y = x
      for (let i = 0; i < blocks; i++) y = f(y, all[2 * i]!, all[2 * i + 1]!)
      const loss = y.square().mean()
      loss.backward()
      noGrad(() => {
        for (const w of all) w.assign(w.sub(w.grad.mul(learningRate)))
      })
      return loss
    })
    return Object.assign(() => [step(x).item()], { memory: () => intermediatesOf(step) })
  },
})
