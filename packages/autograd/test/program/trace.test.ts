import {
  CompileError,
  type DType,
  grad,
  guard,
  noGrad,
  parameter,
  Random,
  type Tensor,
  tensor,
  valueAndGrad,
  verify,
  zeros,
} from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { atOnce } from '../../src/execution/work.js'
import { isFloat } from '../../src/graph/dtype.js'
import type { Holder } from '../../src/graph/holder.js'
import type { Evaluate } from '../../src/graph/kernel.js'
import { UnknownValue } from '../../src/graph/unknown.js'
import { specOf } from '../../src/graph/value.js'
import { termsInOrder } from '../../src/program/order.js'
import type { Program } from '../../src/program/program.js'
import { simplify } from '../../src/program/simplify.js'
import type { InputTerm, Term } from '../../src/program/term.js'
import { traceProgram } from '../../src/program/trace.js'
import { difference, tensorsOf } from '../compile/harness.js'
import { inputsOf, programs, runProgram } from '../compile/programs.js'
import { evaluateTerms, onReference } from './evaluate.js'

type Tensors = readonly Tensor[]

const standInFor = (x: Tensor): Tensor => x.make(new UnknownValue(specOf(x)))
const trace = (f: (...xs: Tensor[]) => unknown, xs: Tensors): Program =>
  traceProgram('test', (given) => f(...(given as unknown as Tensor[])), xs.map(standInFor))
const roots = ({ outputs }: Program): Term[] => outputs.map(({ term }) => term)

/** What a program gives for tensors, with present values of those that it refers to. */
const evaluate = ({ inputs, captured }: Program, terms: readonly Term[], xs: Tensors): Tensor[] => {
  const given = new Map<InputTerm, Tensor>()
  inputs.forEach((term, i) => {
    if (term !== null) given.set(term, xs[i]!)
  })
  for (const { tensor, term } of captured) given.set(term, tensor as Holder as unknown as Tensor)
  return evaluateTerms(terms, (input) => given.get(input)!.value).map((value) => xs[0]!.make(value))
}

const dtypes = ['float64', 'float32'] as const satisfies readonly DType[]
describe.each(dtypes)('random programs of %s', (dtype) => {
  test('give as data, simplified or not, what the function gives, and so do their derivatives', () => {
    fc.assert(
      fc.property(programs(dtype), (program) => {
        const f = (...xs: Tensor[]): unknown => {
          const loss = (ys: Tensor[]) =>
            runProgram(program, [...ys, ...xs.slice(ys.length)])
              .filter((y) => isFloat(y.dtype))
              .reduce((sum, y) => sum.add(y.tanh().sum()) as Tensor, ys[0]!.sum() as Tensor)
          return [noGrad(() => runProgram(program, xs)), valueAndGrad(loss as never)([xs[0]] as never)]
        }
        const xs = inputsOf(program, 3)
        const traced = trace(f, xs)
        const wanted = f(...xs)
        const tolerance = tensorsOf(wanted).some((x) => x.dtype === 'float32') ? 1e-4 : 1e-10
        const terms = roots(traced)
        expect(difference(evaluate(traced, terms, xs), wanted, tolerance)).toBeNull()
        expect(difference(evaluate(traced, atOnce(simplify(terms, onReference)), xs), wanted, tolerance)).toBeNull()
      }),
      { seed: 8, numRuns: 60 },
    )
  }, 60_000)
})

describe('a function as data', () => {
  const x = tensor([1, 2], { dtype: 'float64' })
  const y = tensor([3, 5], { dtype: 'float64' })

  test('has an input for each tensor that it was given and reads, and null for one that it does not', () => {
    const program = trace((a, _b, c) => a.mul(c), [x, y, y])
    expect(program.inputs.map((input) => input?.spec.shape ?? null)).toEqual([[2], null, [2]])
    expect(program.captured).toEqual([])
    const same = standInFor(x)
    const twice = traceProgram('test', ([a, b]) => [(a as Tensor).add(b as Tensor)], [same, same])
    expect(twice.inputs[0]).toBe(twice.inputs[1])
  })

  test('has one value, worked out once, for all that is equal and depends on constants only', () => {
    const program = trace(
      (a) => {
        const mask = tensor([1, 2], { dtype: 'float64' })
        return [2, 3, 4].map((n) => a.mul(n).add(mask.expandDims(0).square().broadcastTo([3, 2])))
      },
      [x],
    )
    const kinds: string[] = []
    const counted: Evaluate = (kernel, inputs, outs) => {
      kinds.push(kernel.kind)
      return onReference(kernel, inputs, outs)
    }
    const simplified = atOnce(simplify(roots(program), counted))
    expect(kinds.length).toBe(new Set(kinds).size)
    const constants = atOnce(termsInOrder(simplified)).filter(({ kind }) => kind === 'constant')
    expect(constants.filter(({ spec }) => spec.shape.length > 0).length).toBe(1)
  })

  test('has tensors that it refers to as further inputs, each once, in the order of being met', () => {
    const [w, b, unread] = [parameter(tensor([2, 2])), tensor([7, 7]), tensor([1])]
    const program = trace(
      (a) => {
        noGrad(() => unread.assign(tensor([5])))
        return a.mul(w).add(b).mul(w)
      },
      [tensor([1, 2])],
    )
    expect(program.captured.map(({ tensor }) => tensor)).toEqual([w, b])
    w.assign(tensor([10, 20]))
    expect(evaluate(program, roots(program), [tensor([1, 2])])[0]!.toArray()).toEqual([170, 940])
  })

  test('tells of what it returns that was there before which tensor it is, and else that it made it', () => {
    const captured = tensor([1])
    const given = standInFor(x)
    const { tree, outputs } = traceProgram('test', ([a]) => ({ a, made: (a as Tensor).neg(), captured, n: 3 }), [given])
    expect(outputs.map(({ cell }) => cell?.argument)).toEqual([0, undefined, null])
    expect(outputs.map(({ tensor }) => tensor)).toEqual([given, (tree as { made: unknown }).made, captured])
    expect((tree as { n: number }).n).toBe(3)
  })

  test('lists what it would do, and does none of it', () => {
    const w = parameter(tensor([2, 3]))
    const old = parameter(tensor([1]))
    old.grad = tensor([4])
    const counter = tensor([0])
    const random = new Random(3)
    const { effects } = trace(
      (a) => {
        w.mul(a)
          .mul(random.normal([2]))
          .sum()
          .backward()
        old.zeroGrad()
        counter.assign(counter.add(1))
        verify(a, () => {
          throw new Error('looked at')
        })
        guard(() => 5)
        return []
      },
      [tensor([1, 1])],
    )
    const changes = effects.changes.map(({ kind, of }) => [kind, of.holder])
    expect(changes).toHaveLength(3)
    expect(changes).toEqual(
      expect.arrayContaining([
        ['gradient', w],
        ['clear', old],
        ['value', counter],
      ]),
    )
    expect([effects.draws.length, effects.checks.length, effects.guards.map(({ value }) => value)]).toEqual([1, 1, [5]])
    expect([w.hasGrad, old.grad.item(), counter.item()]).toEqual([false, 4, 0])
    expect(random.normal([2]).toArray()).toEqual(new Random(3).normal([2]).toArray())
  })

  test('leaves everything as it was where the function throws', () => {
    const w = parameter(tensor([2, 3]))
    const loss = w.square().sum()
    const spoil = () => {
      noGrad(() => w.assign(zeros([2])))
      w.sum().backward()
      throw new RangeError('no')
    }
    expect(() => trace(spoil, [x])).toThrow(RangeError)
    expect([w.toArray(), w.hasGrad]).toEqual([[2, 3], false])
    // it would be refused if the value had been replaced since
    loss.backward()
    expect(w.grad.toArray()).toEqual([4, 6])
  })
})

describe('a function traced within another one', () => {
  const x = tensor([1, 2], { dtype: 'float64' })

  test('captures tensors of the outer one, whose values are terms there', () => {
    let inner: Program | undefined
    const outer = trace(
      (a) => {
        const made = a.exp()
        inner = trace((b) => b.mul(made).add(a), [made as Tensor])
        // what a loop would do with them
        return inner.captured.map(({ tensor }) => (tensor as unknown as Tensor).mul(1))
      },
      [x],
    )
    expect(inner!.captured.map(({ tensor }) => tensor.sizes)).toEqual([[2], [2]])
    const [made, a] = evaluate(outer, roots(outer), [x])
    expect(made!.toArray()).toEqual([Math.exp(1), Math.exp(2)])
    expect(a!.toArray()).toEqual([1, 2])
  })

  test('tells the outer one what it depends on beside tensors', () => {
    const { effects } = trace(
      (a) => {
        trace(() => [guard(() => 'inner')], [a])
        return a
      },
      [x],
    )
    expect(effects.guards.map(({ value }) => value)).toEqual(['inner'])
  })

  test('asks the outer one for gradients, and gives it none', () => {
    const w = parameter(tensor([2, 3], { dtype: 'float64' }))
    let inner: Program | undefined
    const outer = trace(
      (a) => {
        w.mul(a).sum().backward()
        inner = trace((b) => (w.hasGrad ? w.grad.mul(b) : []), [a])
        return []
      },
      [x],
    )
    expect(inner!.outputs).toHaveLength(1)
    expect(inner!.effects.changes).toEqual([])
    expect(outer.effects.changes.map(({ kind }) => kind)).toEqual(['gradient'])
  })

  test('is refused by name where a tensor of its own is used outside', () => {
    const leak = (a: Tensor) => {
      let own: Tensor | undefined
      trace(
        (b) => {
          own = b.exp() as Tensor
          return own
        },
        [a],
      )
      return own!.add(a)
    }
    expect(() => trace(leak, [x])).toThrow(CompileError)
    expect(() => trace(leak, [x])).toThrow(/test: .*float64\[2\].*Return it from there/)
  })

  test('has derivatives of its own, apart from those in which the outer one takes part', () => {
    const slopes = grad((a: Tensor) => {
      const inner = trace((b) => grad((c: Tensor) => c.pow(3).mul(a).sum() as Tensor<[]>)(b), [a.detach()])
      const [slope] = evaluate(inner, roots(inner), [a.detach()])
      expect(slope!.toArray()).toEqual([3, 24])
      return a.sum() as Tensor<[]>
    })(x as Tensor)
    expect(slopes.toArray()).toEqual([1, 1])
  })
})
