import * as face from '@adjoint/autograd'
import {
  arange,
  associativeScan,
  checked,
  checker,
  checkpoint,
  closest,
  compile,
  cond,
  configure,
  countOperations,
  customOp,
  defaultDType,
  detectAnomaly,
  dim,
  elementwise,
  eye,
  fori,
  full,
  grad,
  guard,
  hessian,
  hvp,
  implicit,
  jacobian,
  jvp,
  kinds,
  linearize,
  linearSolve,
  linspace,
  noGrad,
  ones,
  onesLike,
  packageCopy,
  parameter,
  Random,
  random,
  refuseForeignTensor,
  refuseInCompiled,
  scan,
  stopGradient,
  switchCase,
  Tensor,
  tensor,
  treeLeaves,
  treeMap,
  treePaths,
  treeUnflatten,
  valueAndGrad,
  verify,
  vjp,
  vmap,
  whileLoop,
  withConfiguration,
  zeros,
  zerosLike,
} from '@adjoint/autograd'
import * as checks from '@adjoint/autograd/gradcheck'
import { assertGradients, gradcheck, gradcheckAll, reportToHtml, taylorTest } from '@adjoint/autograd/gradcheck'
import * as drawn from '@adjoint/autograd/gradcheck/fast-check'
import { assertShapes, checkShapes, tensors } from '@adjoint/autograd/gradcheck/fast-check'
import * as pictures from '@adjoint/autograd/inspect'
import * as scalar from '@adjoint/autograd/scalar'
import { describe, expect, test } from 'vitest'
import { table } from '../../src/ops/index.js'
import { type Subject, things, walk } from './walk.js'

const x = () => tensor([1, 2], { dtype: 'float64' }) as Tensor
const squares = (p: Tensor) => p.square().sum()
const loss = () => (parameter(x()) as Tensor).square().sum() as Tensor
const dtype = { dtype: 'float64' }

const creation: Record<string, Subject> = {
  tensor: { call: tensor, args: () => [[[1, 2]], dtype], may: ['number nan boolean array'] },
  'tensor of an array': { call: tensor, args: () => [new Float64Array(2), { shape: [2], ...dtype }] },
  zeros: { call: zeros, args: () => [[2], dtype], may: ['array'] },
  ones: { call: ones, args: () => [[2], dtype], may: ['array'] },
  full: { call: full, args: () => [[2], 0.5, dtype], may: ['array', 'nan boolean'] },
  zerosLike: { call: zerosLike, args: () => [x(), dtype] },
  onesLike: { call: onesLike, args: () => [x(), dtype] },
  parameter: { call: parameter, args: () => [x(), dtype] },
  eye: { call: eye, args: () => [2, 3, dtype], may: ['', 'undefined'] },
  'eye of a size': { call: eye, args: () => [2, dtype], may: ['', 'number undefined'] },
  'arange to': { call: arange, args: () => [3, dtype], may: ['', 'number'] },
  'arange from to': { call: arange, args: () => [1, 3, 0.5, dtype], may: ['', '', 'undefined'] },
  linspace: { call: linspace, args: () => [0, 1, 5, dtype], may: ['nan', 'nan'] },
  dim: { call: dim, args: () => ['batch', 3], may: ['string'] },
  stopGradient: { call: stopGradient, args: () => [x()] },
}

const draws: Record<string, Subject> = {
  Random: { call: (...args: never[]) => new Random(...args), args: () => [7], may: ['undefined'] },
  'random.uniform': {
    call: random.uniform,
    args: () => [[2], { low: -2, high: 5, ...dtype }],
    may: ['array'],
  },
  'random.normal': {
    call: random.normal,
    args: () => [[2], { mean: 1, standardDeviation: 2, ...dtype }],
    may: ['array'],
  },
  'random.bernoulli': {
    call: random.bernoulli,
    args: () => [[2], { p: 0.3, ...dtype }],
    may: ['array'],
    options: { p: '-number' },
  },
  'random.permutation': { call: (...args: [never]) => random.permutation(...args), args: () => [3] },
  'random.seed': { call: (...args: [never]) => new Random().seed(...args), args: () => [3] },
  'random.split': { call: (...args: []) => new Random().split(...args), args: () => [] },
  'random.state': { call: (...args: []) => new Random().state(...args), args: () => [] },
  'random.restore': {
    call: (...args: [never]) => new Random().restore(...args),
    args: () => [new Random(1).state()],
    may: ['required'],
    options: { key: 'required', counter: 'required' },
  },
  'random.number': { call: (...args: []) => new Random().number(...args), args: () => [] },
}

/** Trees, most of them without a tensor; but for what may hide one. */
const anything = Object.keys(things)
  .filter((thing) => !['undefined', 'map'].includes(thing))
  .join(' ')

const by = { argument: 0, auxiliary: false }

const transforms: Record<string, Subject> = {
  grad: { call: grad, args: () => [squares, by] },
  valueAndGrad: { call: valueAndGrad, args: () => [squares, by] },
  hessian: { call: hessian, args: () => [squares, by] },
  vmap: {
    call: vmap,
    args: () => [squares, { in: 0, out: 0, size: 2, random: 'same' }],
    // entries are held against the arguments
    options: { in: 'null array object bare', out: 'null array object bare' },
  },
  cond: {
    call: cond as Subject['call'],
    args: () => [tensor(true), (a: Tensor) => a, (a: Tensor) => a, x()],
    may: ['-tensor', '', '', Object.keys(things).join(' ')],
    forwards: true,
  },
  switchCase: {
    call: switchCase as Subject['call'],
    args: () => [tensor(0, { dtype: 'int32' }), [(a: Tensor) => a], x()],
    may: ['-tensor', '', Object.keys(things).join(' ')],
    forwards: true,
  },
  scan: {
    call: scan as Subject['call'],
    args: () => [(h: Tensor) => [h, null], x(), null, { length: 2, reverse: true, save: 1 }],
    may: ['-function', Object.keys(things).join(' '), Object.keys(things).join(' ')],
  },
  fori: {
    call: fori as Subject['call'],
    args: () => [0, 3, (_: Tensor, h: Tensor) => h, x()],
    may: ['', '', '-function', 'null array bare'],
  },
  whileLoop: {
    call: whileLoop as Subject['call'],
    args: () => [() => tensor(false), (h: Tensor) => h, x(), { bound: 9 }],
    may: ['-function', '', 'null array bare'],
    options: { bound: 'number' },
  },
  associativeScan: {
    call: associativeScan as Subject['call'],
    args: () => [(a: Tensor) => a, x(), { reverse: true, axis: 0 }],
    may: ['-function'],
    options: { axis: '-number' },
  },
  checkpoint: { call: checkpoint as Subject['call'], args: () => [squares] },
  jacobian: { call: jacobian, args: () => [squares, { mode: 'forward', ...by }] },
  vjp: {
    call: vjp as Subject['call'],
    args: () => [squares, x()],
    may: ['', Object.keys(things).join(' ')],
    forwards: true,
  },
  'vjp.auxiliary': {
    call: vjp.auxiliary as Subject['call'],
    args: () => [(p: Tensor) => [squares(p), 'more'], x()],
    may: ['', Object.keys(things).join(' ')],
    forwards: true,
  },
  'vjp: the pullback': {
    call: (cotangent: Tensor, ...rest: []) => vjp(squares, x())[1](cotangent as never, ...rest),
    args: () => [tensor(1, { dtype: 'float64' })],
  },
  jvp: { call: jvp as Subject['call'], args: () => [squares, [x()], [x()]], may: ['-function'] },
  linearize: {
    call: linearize as Subject['call'],
    args: () => [squares, x()],
    may: ['', Object.keys(things).join(' ')],
    forwards: true,
  },
  'linearize: the push': {
    call: (tangent: Tensor, ...rest: []) => linearize(squares, x())[1](tangent, ...rest),
    args: () => [x()],
  },
  implicit: {
    call: implicit as Subject['call'],
    args: () => [
      squares,
      squares,
      { fixedPoint: false, tolerance: 1, linear: { method: 'cg', tolerance: 1, maxIterations: 3 }, like: squares },
    ],
    options: { linear: 'bare' },
  },
  linearSolve: {
    call: linearSolve as Subject['call'],
    args: () => [
      (v: Tensor) => v.mul(2),
      x(),
      {
        method: 'cg',
        tolerance: 1e-9,
        maxIterations: 3,
        initial: x(),
        transpose: (v: Tensor) => v.mul(2),
        symmetric: false,
      },
    ],
    may: ['-function'],
    options: { initial: '' },
  },
  hvp: { call: hvp as Subject['call'], args: () => [squares, x(), x()] },
  'grad(f)': { call: grad(squares), args: () => [x()], forwards: true },
  compile: { call: compile, args: () => [squares] },
  name: { call: face.name, args: () => [x(), 'w'], may: ['', 'string'] },
  namedScope: { call: face.namedScope, args: () => ['part', () => 1], may: ['string function'] },
  isTraced: { call: (...more: []) => face.isTraced(...more), args: () => [] },
  'compiled.explain': { call: compile(squares).explain, args: () => [] },
  'compiled.release': { call: compile(squares).release, args: () => [] },
  treeLeaves: { call: treeLeaves, args: () => [x()], may: [anything] },
  treePaths: { call: treePaths, args: () => [x()], may: [anything] },
  treeUnflatten: { call: treeUnflatten as Subject['call'], args: () => [x(), [x()]], may: ['', 'strings'] },
  treeMap: {
    call: treeMap as Subject['call'],
    args: () => [x(), (leaf: Tensor) => leaf.mul(2)],
    may: [`${anything} -function`],
    forwards: true,
  },
  customOp: {
    call: customOp as Subject['call'],
    args: () => [{ name: 'f', forward: (a: Tensor) => a, vjp: (g: Tensor) => [g], jvp: ([d]: Tensor[]) => d }],
    may: ['required'],
    options: { name: 'string required', forward: 'required' },
  },
  elementwise: {
    call: elementwise as Subject['call'],
    args: () => ['f', (m: { tanh: (a: never) => never }, a: never) => m.tanh(a)],
    may: ['string', '-function'],
  },
}

const rest: Record<string, Subject> = {
  noGrad: { call: noGrad, args: () => [() => 1] },
  countOperations: { call: countOperations, args: () => [() => 1] },
  guard: { call: guard, args: () => [() => 1] },
  refuseInCompiled: { call: refuseInCompiled, args: () => ['a', 'b'], may: ['string', 'string'] },
  configure: { call: configure, args: () => [{ deterministic: false, dtype: 'float32' }] },
  withConfiguration: {
    call: withConfiguration,
    args: () => [{ deterministic: false, dtype: 'float32' }, () => 1],
  },
  detectAnomaly: { call: detectAnomaly as Subject['call'], args: () => [() => 1] },
  defaultDType: { call: defaultDType, args: () => [] },
  verify: { call: verify, args: () => [x(), () => undefined] },
  closest: { call: closest, args: () => ['a', ['b'], 3], may: ['string', 'array strings map', 'undefined'] },
  packageCopy: { call: packageCopy, args: () => ['name', 'go'], may: ['string', 'undefined string'] },
  brand: { call: packageCopy('brand').brand, args: () => [class {}] },
  refuseForeign: {
    call: packageCopy('foreign').refuseForeign,
    args: () => ['what', 1],
    may: ['string', Object.keys(things).join(' ')],
  },
  refuseForeignTensor: {
    call: refuseForeignTensor,
    args: () => ['what', 1],
    may: ['string', Object.keys(things).join(' ')],
  },
  checker: {
    call: checker,
    args: () => ['f', {}, 'go'],
    may: ['string required', '', 'undefined string'],
    forwards: true,
  },
  checked: {
    call: checked,
    args: () => ['f', { y: kinds.number }, () => 1, 'go'],
    may: ['string', '', '', 'undefined string'],
    forwards: true,
  },
  'kinds.kind': { call: kinds.kind, args: () => ['a number', () => true], may: ['string'] },
  'kinds.numberThat': { call: kinds.numberThat, args: () => ['a number', () => true], may: ['string'] },
  'kinds.oneOf': { call: kinds.oneOf, args: () => ['a', 'b'], may: ['string', 'string'], forwards: true },
  'kinds.instance': { call: kinds.instance, args: () => [Random, 'a generator'], may: ['', 'string'] },
  'kinds.optional': { call: kinds.optional, args: () => [kinds.number], may: ['data'] },
  'kinds.rest': { call: kinds.rest, args: () => [kinds.number], may: ['data'] },
  'kinds.required': { call: kinds.required, args: () => [kinds.number], may: ['data'] },
}

const checking = {
  ...{ order: 1, seed: 1, budget: 100, directions: 3, tolerance: 10, captured: true, nearby: 1, modes: ['reverse'] },
}
const gradchecks: Record<string, Subject> = Object.fromEntries(
  Object.entries({ gradcheck, assertGradients }).map(([name, call]) => [
    name,
    {
      call: call as Subject['call'],
      args: () => [squares, [x()], checking],
      may: ['-function'],
      options: { order: '-number' },
    },
  ]),
)
for (const [name, call] of Object.entries({ checkShapes, assertShapes })) {
  gradchecks[name] = {
    call: call as Subject['call'],
    args: () => [(a: Tensor) => a.square(), ['n'], { ...checking, sizes: { n: [1, 2] }, numRuns: 1, path: '0' }],
    // what f throws at a shape is a failure
    may: ['function'],
    options: { order: '-number', sizes: 'bare' },
  }
}
gradchecks.tensors = {
  call: tensors as Subject['call'],
  args: () => [['n'], { sizes: { n: [1, 2] } }],
  may: ['array strings'],
  options: { sizes: 'bare' },
}
gradchecks.taylorTest = {
  call: taylorTest as Subject['call'],
  args: () => [squares, [x()], { seed: 1, mode: 'reverse' }],
}
gradchecks.reportToHtml = {
  call: reportToHtml as Subject['call'],
  args: () => [gradcheck(squares, [x()], { order: 1 })],
  may: ['data'],
}
gradchecks.gradcheckAll = {
  call: gradcheckAll as Subject['call'],
  args: () => [
    { squares: { f: squares, inputs: [x()] } },
    {
      ...checking,
      progress: { start: () => undefined, update: () => undefined, stop: () => undefined },
    },
  ],
  may: ['data'],
  options: { order: '-number' },
}
gradchecks['gradcheck.blackBox'] = {
  call: gradcheck.blackBox as Subject['call'],
  args: () => [
    { value: (a: number[]) => a[0]! ** 2, grad: (a: number[]) => [2 * a[0]!] },
    [3],
    { seed: 1, budget: 100, directions: 3, tolerance: 10, nearby: 1, modes: ['reverse'], dtype: 'float64' },
  ],
  may: ['required', 'number object'],
  options: { value: 'required', grad: '' },
}

const product = ([a, b]: scalar.Num[]) => a!.mul(b!)
const scalars: Record<string, Subject> = {
  'scalar.constant': { call: scalar.constant, args: () => [3], may: ['nan'] },
  'scalar.scalar': { call: scalar.scalar, args: () => [3], may: ['nan'] },
  'scalar.elementwise': { call: scalar.elementwise, args: () => [(x: scalar.Num) => x.exp()] },
  'scalar.rowwise': { call: scalar.rowwise, args: () => [product] },
  'scalar.arraywise': { call: scalar.arraywise, args: () => [product] },
  'scalar.grad': { call: scalar.grad as Subject['call'], args: () => [product] },
  'scalar.valueAndGrad': { call: scalar.valueAndGrad as Subject['call'], args: () => [product] },
  'scalar.compile': { call: scalar.compile as Subject['call'], args: () => [product] },
  'scalar.map': {
    call: scalar.map as Subject['call'],
    args: () => [(x: scalar.Num) => x.exp(), [1, 2]],
    may: ['', 'array'],
  },
  'scalar.scan': {
    call: scalar.scan as Subject['call'],
    args: () => [(s: scalar.Num, x: scalar.Num) => [s, x], 1, [1, 2]],
    may: ['-function', 'nan object', 'array'],
  },
  'scalar.hessian': { call: scalar.hessian as Subject['call'], args: () => [product] },
  'scalar.sparseHessian': { call: scalar.sparseHessian as Subject['call'], args: () => [product] },
  'scalar.sparseJacobian': { call: scalar.sparseJacobian as Subject['call'], args: () => [product] },
  'scalar.jacobian': { call: scalar.jacobian as Subject['call'], args: () => [product, { mode: 'forward' }] },
  'scalar.hvp': { call: scalar.hvp as Subject['call'], args: () => [product, [2, 3], [1, 0]], may: ['-function'] },
  'scalar.jvp': { call: scalar.jvp as Subject['call'], args: () => [product, [[2, 3]], [[1, 0]]], may: ['-function'] },
  'scalar.vjp': {
    call: scalar.vjp as Subject['call'],
    args: () => [product, [2, 3]],
    may: ['-function', Object.keys(things).join(' ')],
    forwards: true,
  },
  'scalar.vjp: the pullback': {
    call: (...args: [number]) => scalar.vjp(product, [2, 3])[1](...args),
    args: () => [1],
    may: ['nan'],
  },
}

const small = { title: 'w', quantity: 'adjoint', width: 400, characters: 60, ansi: false }
const smallMay = { title: 'string', width: '-number', characters: '-number' }

const inspects: Record<string, Subject> = {
  heatmap: {
    call: pictures.heatmap,
    args: () => [[1, 2], { ...small, rows: ['r'], columns: ['a', 'b'], numbers: true, largest: 2 }],
    may: ['tensor number nan array'],
    options: { ...smallMay, rows: 'strings' },
  },
  barChart: {
    call: pictures.barChart,
    args: () => [[1, 2], { ...small, labels: ['a', 'b'], scale: 'log', most: 5 }],
    may: ['tensor number nan array bare'],
    options: smallMay,
  },
  explain: {
    call: pictures.explain,
    args: () => [
      loss(),
      { names: { x: x() }, steps: 10, backward: false, values: true, digits: 5, plumbing: true, source: false },
    ],
    options: { names: 'bare', digits: 'string' },
    may: ['data'],
  },
  diagnose: {
    call: pictures.diagnose,
    args: () => {
      const w = parameter(tensor([1, 2]))
      return [w.square().sum(), { names: {}, parameters: { w }, thresholds: { rows: 4 } }]
    },
    may: ['data tensor'],
    options: { names: 'bare array', parameters: '-array bare', thresholds: 'bare' },
  },
  paths: {
    call: pictures.paths,
    args: () => {
      const w = parameter(tensor([1, 2]))
      return [w.square().sum(), w, { names: { w }, top: 3 }]
    },
    may: ['data tensor', 'string tensor'],
    options: { names: 'bare' },
  },
  trace: {
    call: pictures.trace as Subject['call'],
    args: () => [loss(), { names: { x: x() }, limit: 10, locals: true, tangents: {} }],
    options: { names: 'bare', tangents: 'bare' },
  },
  'trace with': {
    call: (...options: [never]) => pictures.trace.with(...options)(squares, x()),
    args: () => [{ names: { x: x() }, limit: 10, locals: true, tangents: {}, source: false, loops: 'whole' }],
    options: { names: 'bare', tangents: 'bare' },
  },
  tracePrograms: {
    call: pictures.tracePrograms,
    args: () => [compile(squares), { names: { x: x() } }],
    may: ['-function'],
    options: { names: 'bare' },
  },
  toDot: {
    call: pictures.toDot,
    args: () => [
      loss(),
      { names: { x: x() }, values: true, gradients: true, locals: false, group: 'open', plumbing: true },
    ],
    options: { names: 'bare', group: 'array' },
  },
  toHtml: {
    call: pictures.toHtml,
    args: () => [
      loss(),
      {
        names: { x: x() },
        values: true,
        gradients: true,
        locals: false,
        order: true,
        group: 'open',
        plumbing: true,
        title: 'w',
      },
    ],
    options: { names: 'bare', group: 'array', title: 'string' },
  },
  derivative: {
    call: pictures.derivative as Subject['call'],
    args: () => [(y: Tensor) => y.tanh(), { names: ['y'], by: 'y', order: 1 }],
    may: ['-function'],
    options: { names: 'strings', by: 'string array strings' },
  },
  toSvg: {
    call: pictures.toSvg,
    args: () => [
      loss(),
      {
        names: { x: x() },
        values: true,
        gradients: true,
        locals: false,
        order: true,
        group: 'open',
        plumbing: true,
        width: 400,
        title: 'w',
      },
    ],
    options: { names: 'bare', group: 'array', width: '-number', title: 'string' },
  },
  toMermaid: {
    call: pictures.toMermaid,
    args: () => [
      loss(),
      { names: { x: x() }, values: true, gradients: true, locals: false, group: 'open', plumbing: true },
    ],
    options: { names: 'bare', group: 'array' },
  },
}

const methods: Record<string, Subject> = {
  'new Tensor': {
    call: (...args: never[]) => Reflect.construct(Tensor, args),
    args: () => [x().value],
    may: ['data'],
    forwards: true,
  },
  backward: {
    call: (options: never, ...more: []) => loss().backward(options, ...more),
    args: () => [{ createGraph: true }],
  },
  item: { call: (...more: []) => loss().item(...more), args: () => [] },
  toPlain: { call: (...more: []) => x().toPlain(...more), args: () => [] },
  // JSON.stringify passes the key
  toJSON: { call: (...more: []) => x().toJSON(...more), args: () => [], forwards: true },
  toArray: { call: (...more: []) => x().toArray(...more), args: () => [] },
  detach: { call: (...more: []) => x().detach(...more), args: () => [] },
  zeroGrad: { call: (...more: []) => x().zeroGrad(...more), args: () => [] },
  assign: { call: (next: Tensor, ...more: []) => x().assign(next, ...more), args: () => [x()] },
  as: { call: (shape: [2], ...more: []) => x().as(shape, ...more), args: () => [[2]] },
  'grad =': {
    call: (gradient: never) => {
      x().grad = gradient
    },
    args: () => [x()],
    may: ['null'],
    forwards: true,
  },
  'requiresGrad =': {
    call: (required: boolean) => {
      x().requiresGrad = required
    },
    args: () => [true],
    forwards: true,
  },
}

describe('creation', () => walk(creation))
describe('randomness', () => walk(draws))
describe('transforms', () => walk(transforms))
describe('gradcheck', () => walk(gradchecks))
describe('scalar programs', () => walk(scalars))
describe('inspect', () => walk(inspects))
describe('methods', () => walk(methods))
describe('the rest', () => walk(rest))

describe('the walk', () => {
  const walked = { ...creation, ...draws, ...transforms, ...rest, ...gradchecks, ...inspects }
  const names = new Set(Object.keys(walked).map((name) => name.split(' ')[0]))
  const isError = (thing: unknown) => typeof thing === 'function' && thing.prototype instanceof Error

  test('comes by everything that can be called', () => {
    const ops = new Set(table.map(({ opName }) => opName))
    const all = Object.entries<unknown>({ ...face, ...checks, ...drawn, ...pictures })
    const callable = all.filter(([, thing]) => typeof thing === 'function' && !isError(thing) && thing !== Tensor)
    expect(callable.length).toBeGreaterThan(150)
    expect(callable.map(([name]) => name).filter((name) => !ops.has(name) && !names.has(name))).toEqual([])
    for (const [name, thing] of Object.entries<unknown>(kinds)) {
      if (typeof thing === 'function') expect(names).toContain(`kinds.${name}`)
    }
  })

  test('comes by every function of scalar programs', () => {
    const callable = Object.entries<unknown>(scalar).filter(
      ([name, thing]) => typeof thing === 'function' && name !== 'Num',
    )
    expect(callable.map(([name]) => `scalar.${name}`).filter((name) => !(name in scalars))).toEqual([])
  })

  test('comes by every method', () => {
    const own = [
      'constructor',
      'forget',
      'make',
      'run',
      'runAll',
      'runSum',
      'toString',
      'lookUp',
      'replaceValue',
      'requireLeaf',
      'requireLike',
    ]
    const found: string[] = []
    for (let type = Tensor.prototype; type !== Object.prototype; type = Object.getPrototypeOf(type)) {
      for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(type))) {
        if (typeof value === 'function') found.push(name)
      }
    }
    const ops = new Set(table.map(({ opName }) => opName))
    const left = found.filter((name) => !ops.has(name) && !own.includes(name) && !(name in methods) && !names.has(name))
    expect(left).toEqual([])
    for (const name of Object.keys({ ...Object.getOwnPropertyDescriptors(Random.prototype), ...random })) {
      if (name !== 'constructor') expect(names).toContain(`random.${name}`)
    }
  })
})
