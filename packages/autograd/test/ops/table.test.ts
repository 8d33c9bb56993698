import { DTypeError, grad, hessian, jvp, linearize, parameter, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { eagerBackends, withBackends } from '../../src/execution/eager.js'
import { createJavaScript } from '../../src/execution/javascript/index.js'
import { reference } from '../../src/execution/reference/index.js'
import { createWasm } from '../../src/execution/wasm/index.js'
import { gradcheck } from '../../src/gradcheck/index.js'
import { materialize } from '../../src/gradcheck/samples.js'
import { type DType, isFloat } from '../../src/graph/dtype.js'
import { Node } from '../../src/graph/node.js'
import type { Facts, Sample, SampleTensor } from '../../src/ops/facts.js'
import { functions, table } from '../../src/ops/index.js'
import { type RuleName, rules } from '../../src/rules/index.js'
import type { Rule } from '../../src/rules/rule.js'
import { tensorsOf } from '../compile/harness.js'
import { type Dense, toDense } from './dense.js'
import { references } from './references.js'
import { eachSample, inTurn } from './samples.js'

const byName = table.map((op) => [op.opName, op] as const)
const composite = byName.filter(([name]) => !(name in rules))
const elementwise = Object.entries<Rule>(rules)
const differentiable = byName.filter(([, op]) => op.differentiable)
const others = byName.filter(([, op]) => !op.differentiable)

const call = (op: unknown, args: readonly unknown[]): Tensor => (op as (...args: readonly unknown[]) => Tensor)(...args)

/** All results of those that have several. */
const called = (op: unknown, args: readonly unknown[]): Tensor[] => tensorsOf(call(op, args))

const expectClose = (got: readonly number[], wanted: readonly number[], tolerance: number): void => {
  expect(got).toHaveLength(wanted.length)
  const off = got.flatMap((x, i) => {
    const y = wanted[i]!
    const isSame = Object.is(x, y) || x === y || Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y))
    return isSame ? [] : [{ place: i, got: x, wanted: y }]
  })
  expect(off).toEqual([])
}

describe('the table', () => {
  test('says of every op whether it has a derivative', () => {
    const withoutRule = others.map(([name]) => name).filter((name) => !(name in rules))
    expect(withoutRule.sort()).toEqual([
      'all',
      'any',
      'argmax',
      'argmin',
      'argsort',
      'countNonzero',
      'nonzero',
      'oneHot',
      'searchSorted',
    ])
    for (const [name, rule] of elementwise)
      expect([name, rule.partials !== 'none']).toEqual([name, functions[name as RuleName].differentiable])
  })

  test('holds every op, each once, with samples', () => {
    expect(table.length).toBeGreaterThan(100)
    expect(new Set(table.map(({ opName }) => opName)).size).toBe(table.length)
    expect(Object.keys(functions)).toEqual(expect.arrayContaining(table.map(({ opName }) => opName)))
    for (const name of Object.keys(rules)) expect(table.map(({ opName }) => opName)).toContain(name)
    expect(table.filter(({ samples }) => samples.length === 0)).toEqual([])
  })

  test('has an independent formula for every op that is not elementwise, and no formula without its op', () => {
    expect(Object.keys(references).sort()).toEqual(composite.map(([name]) => name).sort())
  })
})

/** With WebAssembly also where JavaScript would be faster; its functions may be off by some units in the last place. */
const vectors = [createWasm({ always: true }), createJavaScript(() => false), reference]

const every = [
  ['default', eagerBackends(), 1e-15],
  ['reference', [reference], 1e-15],
  ['WebAssembly and interpreting JavaScript', vectors, 2e-15],
] as const

describe.each(every)('on the backends: %s', (name, backends, ulps) => {
  /** Derivatives of the samples: by default of all, and on each of the others of some. */
  const isTurn = (op: Facts, sample: number) =>
    name === 'default' || inTurn(op, sample, every).some(([each]) => each === name)

  test.each(composite)('%s: the value is that of the independent formula', (name, op) => {
    eachSample(op, (sample) => {
      const args = materialize(sample)
      const results = withBackends(backends, () => called(op, args))
      const wanted = [references[name]!(...args.map(toDense))].flat()
      expect(results.length).toBe(wanted.length)
      results.forEach((result, i) => {
        const got = toDense(result) as Dense
        expect(got.shape).toEqual(wanted[i]!.shape)
        expectClose(got.data, wanted[i]!.data, 1e-13)
      })
    })
  })

  test.each(elementwise)('%s: the known values', (name, rule) => {
    const operands = Array.from({ length: rule.arity }, (_, k) =>
      tensor(
        rule.known.map((row) => row[k]!),
        { dtype: rule.conditions.includes(k) ? 'bool' : 'float64' },
      ),
    )
    const result = withBackends(backends, () => call(functions[name as RuleName], operands))
    expectClose(
      [...result.data],
      rule.known.map((row) => row.at(-1)!),
      ulps,
    )
  })

  // second derivatives are kernels as any, and the reference is slow
  const order = name === 'reference' ? 1 : 2
  test.each(differentiable)(`%s: vjp, jvp and differences agree to order ${order}`, (_name, op) => {
    eachSample(op, (sample, i) => {
      if (!isTurn(op, i)) return
      const report = withBackends(backends, () => gradcheck(op as never, materialize(sample) as never, { order }))
      expect(report.verdict, `${report}`).toBe('pass')
    })
  })

  test.each(differentiable)(
    '%s: tangents are the same with the function and over its graph, to the second order',
    (_, op) => {
      eachSample(op, (sample, i) => {
        if (!isTurn(op, i)) return
        const args = materialize(sample)
        const floats = args.filter((arg): arg is Tensor => arg instanceof Node && isFloat(arg.dtype))
        const along = floats.map((x) => x.cos())
        const f = (...given: Tensor[]) => {
          const rest = [...given]
          return called(
            op,
            args.map((arg) => (floats.includes(arg as Tensor) ? rest.shift() : arg)),
          )
        }
        const slope = (...given: Tensor[]) => jvp(f, given, along)[1]
        for (const g of [f, slope]) {
          const [results, tangents] = withBackends(backends, () => jvp(g, floats, along))
          const [values, push] = withBackends(backends, () => linearize(g, ...floats))
          const pushed = withBackends(backends, () => push(...along))
          expect(tangents.length).toBe(results.length)
          results.forEach((result, i) => {
            expectClose([...result.data], [...values[i]!.data], 0)
            expectClose([...tangents[i]!.data], [...pushed[i]!.data], 0)
          })
        }
      })
    },
  )

  test.each(byName.filter(([, { errors }]) => errors.length > 0))('%s: mistakes are named', (_, op) => {
    for (const { args, error, says } of op.errors) {
      const act = () => withBackends(backends, () => call(op, materialize(args)))
      expect(act).toThrow(error)
      for (const text of says) expect(act).toThrow(text)
    }
  })
})

describe('dtypes', () => {
  test.each(byName)('%s: float32 in, float32 out, near the float64 values', (name, op) => {
    eachSample(op, (sample) => {
      const wides = called(op, materialize(sample))
      for (const [i, narrow] of called(op, materialize(sample, 0, 'float32')).entries()) {
        const wide = wides[i]!
        const expected = isFloat(wide.dtype) && name !== 'cast' ? 'float32' : wide.dtype
        expect(narrow.dtype).toBe(expected)
        expectClose([...narrow.data], [...wide.data], 1e-5)
      }
    })
  })

  // where integers become floats; all others keep them
  const floating = [
    'mean',
    'nanMean',
    'median',
    'quantile',
    'variance',
    'standardDeviation',
    'norm',
    'logSumExp',
    'logCumSumExp',
    'softmax',
    'logSoftmax',
    'oneHot',
    ...[
      'layerNorm',
      'rmsNorm',
      'groupNorm',
      'instanceNorm',
      'batchNorm',
      'batchNormWithStatistics',
      'localResponseNorm',
    ],
    'normalize',
    'cdist',
    'scaledDotProductAttention',
    'glu',
    'prelu',
    'polygamma',
  ]
  const truths = ['any', 'all']
  const onIntegers = (name: string, sample: readonly unknown[]): DType => {
    if (name === 'cast') return sample[1] as DType
    if (name in rules) {
      const { result } = rules[name as RuleName]
      return result === 'float' ? 'float32' : result === 'bool' ? 'bool' : 'int32'
    }
    return floating.includes(name) ? 'float32' : truths.includes(name) ? 'bool' : 'int32'
  }
  /** Of floats only. */
  const refusing = /Pool|interpolate|gridSample/
  const hasMaskOfFloats = (sample: Sample) =>
    sample.some((argument) => {
      const mask = (argument as { readonly mask?: SampleTensor } | null)?.mask
      return mask !== undefined && mask.dtype !== 'bool'
    })
  test.each(byName)('%s: what it makes of int32, which carries no gradient', (name, op) => {
    eachSample(op, (sample) => {
      if (refusing.test(name) || hasMaskOfFloats(sample)) {
        expect(() => call(op, materialize(sample, 0, 'int32'))).toThrow(DTypeError)
        return
      }
      for (const [i, result] of called(op, materialize(sample, 0, 'int32')).entries()) {
        // the edges of bins lie between integers
        expect(result.dtype).toBe(name === 'histogram' && i === 1 ? 'float32' : onIntegers(name, sample))
        expect(result.requiresGrad).toBe(false)
      }
    })
  })

  const tracked = (thing: unknown): unknown => {
    if (thing instanceof Node) return isFloat(thing.dtype) ? parameter(thing as Tensor) : thing
    if (Array.isArray(thing)) return thing.map(tracked)
    if (typeof thing !== 'object' || thing === null) return thing
    return Object.fromEntries(Object.entries(thing).map(([name, option]) => [name, tracked(option)]))
  }
  test.each(others)('%s: the result is no float and carries no gradient', (name, op) => {
    eachSample(op, (sample) => {
      const result = call(op, materialize(sample).map(tracked))
      expect(isFloat(result.dtype)).toBe(name === 'oneHot')
      expect(result.requiresGrad).toBe(false)
    })
  })
  test.each(differentiable)('%s: the result of parameters requires a gradient', (_, op) => {
    eachSample(op, (sample) => {
      for (const result of called(op, materialize(sample).map(tracked))) {
        expect(result.requiresGrad).toBe(isFloat(result.dtype))
      }
    })
  })
})

describe('cast', () => {
  const triple = (x: Tensor) => x.cast('float64').mul(3)
  const x = tensor([1, 2]) as Tensor

  test('gives gradients back in the dtype that came', () => {
    const gradient = grad((p: Tensor) => triple(p).sum())(x)
    expect([gradient.dtype, gradient.toArray()]).toEqual(['float32', [3, 3]])
    const [, tangent] = jvp(triple, [x], [tensor([1, -1]) as Tensor])
    expect([tangent.dtype, tangent.toArray()]).toEqual(['float64', [3, -3]])
    expect(hessian((p: Tensor) => triple(p).square().sum())(x).dtype).toBe('float32')
  })

  test('lets no gradient through integers and truth values', () => {
    expect(parameter(x).cast('int32').requiresGrad).toBe(false)
    expect(grad((p: Tensor) => p.mul(p.cast('int32')).sum())(x).toArray()).toEqual([1, 2])
    expect(grad((p: Tensor) => p.mul(p.cast('bool')).sum())(x).toArray()).toEqual([1, 1])
  })
})

describe('broadcasting', () => {
  const several = elementwise.filter(([, { arity, partials }]) => arity > 1 && partials !== 'none')
  test.each(several)('%s: derivatives sum over what was stretched', (name, rule) => {
    const operands = rule.samples.map((list, k) => {
      const dtype = rule.conditions.includes(k) ? 'bool' : 'float64'
      return k === rule.arity - 1 ? tensor([[list[1]!]], { dtype }) : tensor([...list], { dtype })
    })
    const f = (...args: Tensor[]) => call(functions[name as RuleName], args)
    const report = gradcheck(f, operands as Tensor[])
    expect(report.verdict, `${report}`).toBe('pass')
    expect(f(...(operands as Tensor[])).shape).toEqual([1, rule.samples[0]!.length])
  })
})
