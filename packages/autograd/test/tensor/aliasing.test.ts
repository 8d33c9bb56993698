import {
  AdjointError,
  add,
  arange,
  compile,
  customOp,
  grad,
  jvp,
  linearize,
  noGrad,
  ones,
  parameter,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, it, test } from 'vitest'
import { materialize } from '../../src/gradcheck/samples.js'
import { Node } from '../../src/graph/node.js'
import { denseData } from '../../src/graph/value.js'
import type { Sample } from '../../src/ops/facts.js'
import { table } from '../../src/ops/index.js'
import { inJavaScript, inVectors } from '../execution/tiers.js'
import { eachSample } from '../ops/samples.js'

/** What JavaScript may do to the elements, though it should not. */
const overwrite = (x: Tensor, number = 99): void => {
  ;(x.data as Float32Array).fill(number)
}
/** The elements as the library sees them. */
const elements = (x: Node): number[] => [...denseData(x.value)]
const transfer = (x: Tensor): void => {
  structuredClone(0, { transfer: [(x.data as Float32Array<ArrayBuffer>).buffer] })
}
const sizes = [[1], [2, 3], [40, 2]]
const start = (shape: number[]): Tensor =>
  arange(shape.reduce((a, b) => a * b))
    .add(1)
    .reshape(shape)

/** Ways from one tensor to another that must be apart, or a list of several. */
const ways: readonly [string, (x: Tensor) => Tensor | readonly Tensor[]][] = [
  ['parameter(x)', (x) => parameter(x)],
  ['parameter of a view', (x) => parameter(x.reshape([-1]))],
  ['x.detach()', (x) => x.detach()],
  [
    'detach of a parameter',
    (x) => {
      const w = parameter(x)
      return [w, w.detach()]
    },
  ],
  ['detach twice', (x) => [x.detach(), x.detach().detach()]],
  [
    'assign',
    (x) => {
      const w = parameter(zeros([...x.shape]))
      w.assign(x)
      return w
    },
  ],
  [
    'set grad',
    (x) => {
      const w = parameter(zeros([...x.shape]))
      w.grad = x.detach()
      return w.grad
    },
  ],
  [
    'gradients of two parameters',
    (x) => {
      const [a, b] = [parameter(x), parameter(x)]
      a.add(b).sum().backward()
      return [a, b, a.grad, b.grad]
    },
  ],
  ['a gradient and its cotangent', (x) => vjp((y: Tensor) => y.identity(), x)[1](x) as unknown as Tensor[]],
  ['a result that is the argument', (x) => vjp((y: Tensor) => y, x)[0]],
  ['tangents', (x) => jvp((y: Tensor) => y, [x], [x]) as unknown as Tensor[]],
  ['a tangent that was pushed', (x) => [x, linearize((y: Tensor) => y, x)[1](x)]],
  ['tangents of results that move alike', (x) => jvp((y: Tensor) => [y, y.identity()], [x], [x])[1]],
  ['value and gradient', (x) => valueAndGrad((y: Tensor) => y.mul(y).sum())(x) as unknown as Tensor[]],
  [
    'gradients of a sum',
    (x) => Object.values(grad((p: { a: Tensor; b: Tensor }) => p.a.add(p.b).mul(x).sum())({ a: x, b: x })) as Tensor[],
  ],
  [
    'a custom op that returns its argument',
    (x) => customOp({ name: 'same', forward: (y: Tensor) => y, vjp: (g) => [g] })(x),
  ],
  [
    'a custom op that returns another',
    (x) => customOp({ name: 'other', forward: (_: Tensor) => x, vjp: (g) => [g] })(ones([1])),
  ],
  [
    'the rule of a custom op',
    (x) => grad((y: Tensor) => customOp({ name: 'r', forward: (z: Tensor) => z.mul(2), vjp: () => [x] })(y).sum())(x),
  ],
  ['compiled results', (x) => compile((y: Tensor) => [y.mul(1), y.reshape([-1]), y.mul(1)])(x)],
  [
    'a compiled step',
    (x) => {
      const w = parameter(x)
      const step = compile((y: Tensor) => {
        w.zeroGrad()
        w.mul(y).sum().backward()
        noGrad(() => w.assign(w.sub(w.grad)))
        return w.mul(y)
      })
      return [step(x), step(x), w, w.grad]
    },
  ],
  ['plain data', (x) => tensor(x.toPlain())],
]

describe('what a user writes to data stays in that tensor', () => {
  test.each(ways)('%s', (_name, way) => {
    for (const shape of sizes) {
      // from any of them to any other, looked at before or after
      for (const early of [false, true]) {
        const made = () => {
          const x = start(shape)
          if (early) void x.data
          const others = way(x)
          return [x, ...(Array.isArray(others) ? others : [others])] as Tensor[]
        }
        for (let from = 0; from < made().length; from++) {
          const all = made()
          const before = all.map(elements)
          overwrite(all[from]!)
          for (const [to, other] of all.entries()) {
            if (other !== all[from]) expect([early, from, to, elements(other)]).toEqual([early, from, to, before[to]])
          }
        }
      }
    }
  })

  test.each(table.map((op) => [op.opName, op] as const))('the results of %s, and its operands', (_name, op) => {
    const call = op as unknown as (...args: unknown[]) => unknown
    const tensorsIn = (thing: unknown): Tensor[] =>
      thing instanceof Node
        ? [thing as Tensor]
        : typeof thing === 'object' && thing !== null
          ? Object.values(thing).flatMap(tensorsIn)
          : []
    const check = (sample: Sample): void => {
      for (const early of [false, true]) {
        const args = materialize(sample)
        const operands = tensorsIn(args)
        if (early) for (const operand of operands) void operand.data
        const before = tensorsIn(call(...args)).map((result) => {
          const was = elements(result)
          for (const operand of operands) {
            if (operand === result) continue
            const given = elements(operand)
            overwrite(result, 1)
            expect(elements(operand)).toEqual(given)
          }
          return was
        })
        const again = tensorsIn(call(...args))
        for (const operand of operands) if (!again.includes(operand)) overwrite(operand, 0)
        again.forEach((result, i) => {
          if (!operands.includes(result)) expect(elements(result)).toEqual(before[i])
        })
      }
    }
    for (const tier of [inJavaScript, inVectors]) eachSample(op, (sample) => tier(() => check(sample)))
  })

  it('and the array is the same until the tensor is used', () => {
    for (const x of [start([2, 3]), start([40, 2]).transpose(), parameter(start([3]))]) expect(x.data).toBe(x.data)
  })

  it('and constants that numbers stand for are nobody’s', () => {
    overwrite(grad((x: Tensor) => x.sum())(tensor(2)))
    overwrite(vjp((x: Tensor) => x.sum(), tensor(2))[1](tensor(1))[0])
    expect(tensor(2).mul(1).item()).toBe(2)
    expect(add(tensor(0), 1).item()).toBe(1)
  })
})

describe('a buffer that was transferred', () => {
  const gone = (): Tensor => {
    const x = start([3])
    transfer(x)
    return x
  }
  const double = compile((y: Tensor) => y.mul(2))
  const w: Tensor = parameter(ones([3]))
  it.each<[string, (x: Tensor) => unknown]>([
    ['elementwise', (x) => x.add(1)],
    ['as the other operand', (x) => ones([3]).mul(x)],
    ['a product', (x) => ones([2, 3]).matmul(x.expandDims(-1))],
    ['a view', (x) => x.reshape([3, 1])],
    ['a reduction', (x) => x.sum()],
    ['data', (x) => x.data],
    ['toArray', (x) => x.toArray()],
    ['an element', (x) => x.slice(0, 1, 2)],
    ['at', (x) => x.at(0)],
    ['toPlain', (x) => x.toPlain()],
    ['JSON', (x) => JSON.stringify(x)],
    ['detach', (x) => x.detach()],
    ['parameter', (x) => parameter(x)],
    ['assign', (x) => w.assign(x)],
    ['grad', (x) => grad((y: Tensor) => y.square().sum())(x)],
    ['backward', (x) => w.mul(x).sum().backward()],
    ['a compiled argument', (x) => double(x)],
    ['what a compiled function refers to', (x) => compile((y: Tensor) => y.mul(x))(ones([3]))],
  ])('is an error, not NaN: %s', (_name, act) => {
    const x = gone()
    // and stays one
    for (let i = 0; i < 2; i++) {
      expect(() => act(x)).toThrow(AdjointError)
      expect(() => act(x)).toThrow(/float32\[3\].*gone.*transferred.*x\.toPlain\(\)/)
    }
  })

  it('takes nothing else along', () => {
    const x = start([40])
    const [view, model, product] = [x.reshape([4, 10]), parameter(x), x.mul(2)]
    double(x)
    transfer(x)
    expect([view.at(0).at(1).item(), model.at(1).item(), product.at(1).item()]).toEqual([2, 2, 4])
    const v = start([40])
    void v.data
    const later = v.detach()
    transfer(v)
    expect(later.at(1).item()).toBe(2)
    v.assign(later)
    expect(v.at(1).item()).toBe(2)
  })

  it('is no matter of what is empty', () => {
    const x = zeros([0])
    transfer(x)
    expect(x.add(1).toArray()).toEqual([])
  })
})
