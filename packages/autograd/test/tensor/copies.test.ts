import * as own from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { materialize } from '../../src/gradcheck/samples.js'
import { table } from '../../src/ops/index.js'
import { eachSample } from '../ops/samples.js'

const { ArgumentError, compile, customOp, grad, jvp, linearize, noGrad, ones, parameter, tensor, vjp } = own
type Tensor = own.Tensor

/** Another copy of the library, as a program has it that meets two versions, or the ES module and CommonJS. */
let other: typeof own
let foreign: Tensor
beforeAll(async () => {
  vi.resetModules()
  other = await import('@adjoint/autograd')
  foreign = other.tensor([[1, 2]]) as Tensor
})

const x = tensor([[1, 2]]) as Tensor
const refused = (act: () => unknown, what: RegExp): void => {
  // of the class of the copy that refuses
  expect(act).toThrow(expect.objectContaining({ name: 'ArgumentError' }))
  expect(act).toThrow(what)
  expect(act).toThrow(/float32\[.*\].*another copy of @adjoint\/autograd.*npm ls.*tensor\(x\.toPlain\(\)\)/)
}
const scaled = (rule: (g: Tensor) => Tensor) =>
  customOp({ name: 'scaled', forward: (y: Tensor) => y.mul(2), vjp: (g) => [rule(g)] })

describe('a tensor of another copy of the library', () => {
  it('is none of ours', () => {
    expect(other.Tensor).not.toBe(own.Tensor)
    expect(foreign).not.toBeInstanceOf(own.Tensor)
    expect(x).toBeInstanceOf(own.Tensor)
  })

  it.each<[string, () => unknown, RegExp]>([
    ['an operand', () => x.add(foreign), /^add: operand 2/],
    ['the first operand', () => own.add(foreign, x), /^add: operand 1/],
    ['the only operand', () => own.tanh(foreign), /^tanh: operand 1/],
    ['a condition', () => own.where(foreign, x, 0), /^where: operand 1/],
    ['matmul', () => x.transpose().matmul(foreign), /^matmul: b/],
    ['one of a list', () => own.concat([x, foreign]), /^concat: /],
    ['ours, in the op of another copy', () => foreign.mul(x), /^mul: operand 2/],
    ['ours, in a product of another copy', () => foreign.transpose().matmul(x), /^matmul: b/],
    ['tensor(...)', () => tensor(foreign as never), /^tensor: data/],
    ['parameter(...)', () => parameter(foreign), /^parameter: /],
    ['assign', () => parameter(x).assign(foreign), /^assign: /],
    ['a gradient', () => Object.assign(parameter(x), { grad: foreign }), /^grad: /],
    ['the result of noGrad', () => noGrad(() => foreign), /^noGrad: the result/],
    ['one of the results of noGrad', () => noGrad(() => [x, foreign]), /^noGrad: the result/],
    [
      'an argument of grad',
      () => grad((p: { a: Tensor }) => p.a.sum())({ a: foreign }),
      /^grad: the first argument\.a/,
    ],
    [
      'beside others',
      () => grad((p: { b: Tensor }) => p.b.sum())({ a: [foreign], b: x } as never),
      /^grad: the first argument\.a\[0\]/,
    ],
    ['what is differentiated', () => grad((_: Tensor) => foreign.sum())(x), /^grad: the result/],
    ['an argument of vjp', () => vjp((y: Tensor) => y, foreign), /^vjp: argument\[0\]/],
    ['a cotangent', () => vjp((y: Tensor) => y.mul(2), x)[1](foreign), /^vjp: the cotangent/],
    ['a tangent', () => jvp((y: Tensor) => y, [x], [foreign]), /^jvp: tangents\[0\]/],
    ['a tangent that is pushed', () => linearize((y: Tensor) => y, x)[1](foreign), /^linearize: tangents\[0\]/],
    ['a result of jvp', () => jvp((_: Tensor) => foreign, [x], [x]), /^jvp: the result/],
    ['an argument of a compiled function', () => compile((y: Tensor) => y)(foreign), /^compile: an argument/],
    [
      'a later argument',
      () => compile((y: Tensor, p: { z: Tensor }) => y.add(p.z))(x, { z: foreign }),
      /^compile: an argument/,
    ],
    ['the result of a compiled function', () => compile((_: Tensor) => ({ y: foreign }))(x), /^compile: .*\.y/],
    ['what a compiled function refers to', () => compile((y: Tensor) => y.mul(foreign))(x), /^mul: operand 2/],
    ['an argument of a custom op', () => scaled((g) => g)(foreign), /^scaled: argument 1/],
    [
      'the result of a custom op',
      () => customOp({ name: 'same', forward: (_: Tensor) => foreign, vjp: (g) => [g] })(x),
      /^same.forward: the result/,
    ],
    ['the result of a rule', () => grad((y: Tensor) => scaled(() => foreign)(y).sum())(x), /^scaled\.vjp: the result/],
    ['an input of gradcheck', () => gradcheck((y: Tensor) => y.exp(), [foreign]), /^gradcheck: /],
    [
      'the result that gradcheck checks',
      () => gradcheck((_: Tensor) => foreign, [ones([2], { dtype: 'float64' })]),
      /^gradcheck: /,
    ],
  ])('is refused by name: %s', (_name, act, what) => refused(act, what))

  it.each(table.map((op) => [op.opName, op] as const))('is refused by every op in every place: %s', (name, op) => {
    const call = (own as unknown as Record<string, (...args: unknown[]) => unknown>)[name]
    if (call === undefined) return
    eachSample(op, (sample) => {
      const args = materialize(sample)
      for (const [i, arg] of args.entries()) {
        if (arg instanceof own.Tensor) {
          const stranger = other.tensor(arg.toPlain())
          expect(() => call(...args.with(i, stranger))).toThrow(ArgumentError)
          expect(() => call(...args.with(i, stranger))).toThrow(/another copy/)
        }
      }
    })
  })

  it('hands over its values as plain data', () => {
    expect(tensor(foreign.toPlain()).toArray()).toEqual([[1, 2]])
  })
})
