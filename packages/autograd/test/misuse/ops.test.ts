import { Tensor } from '@adjoint/autograd'
import { describe } from 'vitest'
import { materialize } from '../../src/gradcheck/samples.js'
import { functions, table } from '../../src/ops/index.js'
import { rules } from '../../src/rules/index.js'
import { type Subject, walk } from './walk.js'

type Op = (...args: unknown[]) => Tensor

/** Where arguments may be left out, or be of several kinds. */
const axes = ['', 'undefined null number array']
const axis = ['', 'undefined']
const anyAxis = ['', 'undefined null']
const exceptions: Readonly<Record<string, readonly string[]>> = {
  ...{ sum: axes, mean: axes, prod: axes, max: axes, min: axes, any: axes, all: axes, norm: axes, logSumExp: axes },
  ...{ variance: axes, standardDeviation: axes, argmax: anyAxis, argmin: anyAxis, softmax: axis, logSoftmax: axis },
  ...{ cumSum: axis, cumProd: axis, cumMax: axis, cumMin: axis, logCumSumExp: axis },
  ...{ cumMaxWithIndices: axis, cumMinWithIndices: axis },
  ...{ countNonzero: axes, nanSum: axes, nanMean: axes, median: axes },
  ...{ diff: axis, sort: axis, sortWithIndices: axis, argsort: axis },
  ...{ topk: ['', '', 'undefined'], kthValue: ['', '', 'undefined'] },
  quantile: ['', 'number array', 'undefined null number array'],
  ...{ squeeze: axis, stack: axis, concat: axis, indexSelect: ['', '', 'undefined'] },
  ...{ leakyRelu: axis, elu: axis, celu: axis, avgPool2d: ['', 'number'] },
  ...{ softshrink: axis, hardshrink: axis, glu: axis, normalize: axis },
  ...{ einsum: ['string'], tensordot: ['', '', 'number'], cross: ['', '', 'undefined'] },
  ...{ trace: axis, diagonal: axis, diag: axis, tril: axis, triu: axis },
  slice: ['', 'array', 'undefined null', 'undefined null'],
  ...{ at: ['', 'null array', 'null array', 'null array', 'null array'] },
  ...{ set: ['', 'null array', 'nan'], addAt: ['', 'null array', 'nan'], indexPut: ['', 'array', 'number nan'] },
  ...{ scatter: ['', '', 'number nan'], maskedFill: ['', '', 'nan'], flip: ['', 'array'], tile: ['', 'array'] },
  ...{
    flatten: ['', 'undefined', 'undefined'],
    rot90: ['', 'undefined', 'undefined'],
    roll: ['', '', 'undefined array'],
  },
  ...{ split: ['', '', 'undefined'], chunk: ['', '', 'undefined'], unbind: axis },
}
const options: Readonly<Record<string, string>> = {
  bins: 'number tensor',
  axes: 'number array',
  correction: 'nan',
  value: 'nan',
  ...{ nan: 'nan', posInf: 'nan', negInf: 'nan' },
  ...{ stride: 'number', padding: 'number', dilation: 'number' },
}

const subjectOf = (name: string, samples: readonly (readonly unknown[])[]): Subject => {
  const sample = samples.reduce((longest, next) => (next.length > longest.length ? next : longest))
  const args = () => materialize(sample)
  const isElementwise = name in rules && sample.length > 1
  const may = sample.map((_, i) => `${isElementwise ? 'number nan boolean ' : ''}${exceptions[name]?.[i] ?? ''}`)
  // an index has as many entries as there are axes
  const forwards = name === 'at'
  return { call: functions[name as keyof typeof functions] as unknown as Op, args, may, options, forwards }
}

const subjects = Object.fromEntries(table.map(({ opName, samples }) => [opName, subjectOf(opName, samples)]))

describe('every op', () => {
  walk(subjects)
})

describe('every op that is a method', () => {
  const methods = Object.entries(subjects).filter(
    ([name, { args }]) => name in Tensor.prototype && args()[0] instanceof Tensor,
  )
  walk(
    Object.fromEntries(
      methods.map(([name, { args, may = [] }]): [string, Subject] => {
        const call = (...given: unknown[]) => (args()[0] as Record<string, Op>)[name]!(...given)
        return [name, { call, args: () => args().slice(1), may: may.slice(1), options, forwards: name === 'at' }]
      }),
    ),
  )
})
