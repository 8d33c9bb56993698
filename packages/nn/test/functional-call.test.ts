import {
  type AnyTensor,
  checkpoint,
  compile,
  grad,
  hvp,
  ones,
  Random,
  scan,
  stack,
  type Tensor,
  tensor,
  treeMap,
  valueAndGrad,
  vmap,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { buffer, Dropout, functionalCall, Linear, Module, ModuleError, Sequential, Tanh } from '../src/index.js'

const random = new Random(4)
const float64 = { dtype: 'float64', random } as const
type State = Record<string, Tensor>

/** Counts what it has seen, and subtracts the mean of that. */
class Centered extends Module {
  readonly linear = new Linear(3, 3, float64)
  readonly mean = buffer(zeros([3], { dtype: 'float64' }))
  forward(x: AnyTensor): Tensor {
    const y = this.linear.forward(x as never) as Tensor
    if (this.training) this.setBuffer('mean', this.mean.mul(0.9).add(y.mean(0).mul(0.1) as never))
    return y.sub(this.mean as never) as Tensor
  }
}
const x = random.normal([4, 3], { dtype: 'float64' }) as Tensor
/** To ten digits: kernels may be merged otherwise. */
const rounded = (t: AnyTensor) => [...t.data].map((e) => +e.toFixed(10) + 0)
const plain = (tree: object) =>
  Object.fromEntries(Object.entries(tree).map(([path, t]) => [path, rounded(t as Tensor)]))

describe('functionalCall', () => {
  it('gives the output and the new buffers, and leaves the model as it is', () => {
    const [model, other] = [new Centered(), new Centered()]
    other.loadStateDict(model.stateDict())
    const before = plain(model.stateDict())
    const [output, buffers] = functionalCall(model, {}, x)
    expect(plain(model.stateDict())).toEqual(before)
    expect(output.toArray()).toEqual(other.forward(x).toArray())
    expect(plain(buffers)).toEqual(plain(Object.fromEntries(other.namedBuffers())))
    // once more, from there
    const [, next] = functionalCall(model, buffers, x)
    other.forward(x)
    expect(plain(next)).toEqual(plain(Object.fromEntries(other.namedBuffers())))
  })

  it('uses each update where the same module runs twice', () => {
    class Twice extends Module {
      readonly part = new Centered()
      forward(x: AnyTensor) {
        return this.part.forward(this.part.forward(x))
      }
    }
    const model = new Twice()
    const [output, buffers] = functionalCall(model, {}, x)
    expect(model.forward(x).toArray()).toEqual(output.toArray())
    expect(plain(Object.fromEntries(model.namedBuffers()))).toEqual(plain(buffers))
  })

  it('is a function of its state for grad, hvp, vmap, compile, checkpoint and scan', () => {
    const model = new Centered()
    const state = { ...model.stateDict() } as State
    const loss = (s: State) => {
      const [output, buffers] = functionalCall(model, s, x)
      return [output.square().sum(), buffers] as const
    }
    const [value, gradient] = valueAndGrad((s: State) => loss(s)[0] as Tensor<[]>)(state)
    expect(value.item()).toBeCloseTo(loss(state)[0].item(), 12)
    expect(Object.keys(gradient).sort()).toEqual(['linear.bias', 'linear.weight', 'mean'])
    expect(plain(compile(grad((s: State) => loss(s)[0] as Tensor<[]>))(state))).toEqual(plain(gradient))
    const through = checkpoint((s: State) => functionalCall(model, s, x)[0])
    expect(plain(grad((s: State) => through(s).square().sum() as Tensor<[]>)(state))).toEqual(plain(gradient))
    const direction = treeMap(state, (t) => t.mul(0).add(1)) as State
    const curved = hvp((s: State) => loss(s)[0] as Tensor<[]>, state, direction)
    expect(curved['linear.weight']!.abs().sum().item()).toBeGreaterThan(0)

    const many = stack([x, x.mul(2), x.mul(-1)]) as Tensor
    const { mean, ...parameters } = state
    const all = (rows: Tensor) => functionalCall(model, parameters, rows)
    const [outputs, means] = vmap(all)(many)
    const loop = [0, 1, 2].map((i) => all(many.at(i) as Tensor))
    expect(rounded(outputs)).toEqual(loop.flatMap(([y]) => rounded(y)))
    expect(rounded(means.mean!)).toEqual(loop.flatMap(([, b]) => rounded(b.mean!)))

    const step = (buffers: State, row: Tensor) => {
      const [y, next] = functionalCall(model, { ...parameters, ...buffers }, row)
      return [next, y] as const
    }
    const [last] = scan(step as never, { mean } as never, many as never) as unknown as [State]
    for (const i of [0, 1, 2]) model.forward(many.at(i))
    expect(rounded(last.mean!)).toEqual(rounded(model.mean))
  })

  it('keeps modes, shared parameters and frozen ones', () => {
    class Tied extends Module {
      readonly first = new Linear(3, 3, { bias: false, ...float64 })
      readonly last = { weight: this.first.weight }
      readonly dropout = new Dropout(0.5)
      forward(x: AnyTensor) {
        return this.dropout
          .forward(this.first.forward(x as never) as Tensor)
          .matmul(this.last.weight as never) as Tensor
      }
    }
    const tied = new Tied().eval()
    tied.first.freeze()
    const weight = random.normal([3, 3], { dtype: 'float64' })
    const [output] = functionalCall(tied, { 'first.weight': weight }, x)
    expect(output.toArray()).toEqual((x.matmul(weight as never) as Tensor).matmul(weight as never).toArray())
  })

  it('refuses what the model does not have, and other shapes and dtypes', () => {
    const model = new Sequential(new Linear(3, 2), new Tanh())
    const call = (state: object) => () => functionalCall(model, state as never, ones([1, 3]) as never)
    expect(call({ '0.wieght': ones([3, 2]) })).toThrow(ModuleError)
    expect(call({ '0.wieght': ones([3, 2]) })).toThrow(
      "Sequential has no parameter or buffer '0.wieght'; did you mean '0.weight'?",
    )
    expect(call({ '0.weight': ones([5, 3, 2]) })).toThrow(
      "'0.weight' is float32[5, 3, 2], and Sequential has float32[3, 2] there; give a tensor of that shape and dtype (stacked",
    )
    expect(call({ '0.weight': ones([3, 2], { dtype: 'float64' }) })).toThrow('float64[3, 2]')
    expect(call({ '0.weight': [[1]] })).toThrow("'0.weight' is no tensor; give one, float32[3, 2]")
    expect(() => functionalCall(model, tensor([1]) as never, ones([1, 3]) as never)).toThrow('use tensors by path')
  })
})
