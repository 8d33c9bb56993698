// Prints a hash of everything that adjoint computes, a line each: see index.mjs.
import { createHash } from 'node:crypto'
import { withBackends } from '../../packages/autograd/src/execution/eager.js'
import { createJavaScript } from '../../packages/autograd/src/execution/javascript/index.js'
import { reference } from '../../packages/autograd/src/execution/reference/index.js'
import { createWasm } from '../../packages/autograd/src/execution/wasm/index.js'
import { materialize } from '../../packages/autograd/src/gradcheck/samples.js'
import { isFloat } from '../../packages/autograd/src/graph/dtype.js'
import { leavesOf, rebuild } from '../../packages/autograd/src/graph/tree.js'
import {
  compile,
  configure,
  jvp,
  noGrad,
  Random,
  random,
  type Tensor,
  tensor,
  vjp,
} from '../../packages/autograd/src/index.js'
import type { Facts, Sample } from '../../packages/autograd/src/ops/facts.js'
import { functions, table } from '../../packages/autograd/src/ops/index.js'
import { rules } from '../../packages/autograd/src/rules/index.js'
import { numbers } from '../../packages/autograd/src/rules/numbers.js'
import {
  Adam,
  Dropout,
  GELU,
  init,
  LayerNorm,
  Linear,
  mse,
  Sequential,
  SGD,
  Tanh,
} from '../../packages/nn/src/index.js'

configure({ deterministic: true })

type Numbers = ArrayLike<number>
const print = (what: string, ...results: Numbers[]): void => {
  const hash = createHash('sha256')
  for (const result of results) {
    // NaN is one value, whatever its bits
    const bits = Float64Array.from(result, (x) => (Number.isNaN(x) ? 0.123456789 : x))
    hash.update(`${bits.length} `).update(new Uint8Array(bits.buffer))
  }
  console.log(`${what}: ${hash.digest('hex').slice(0, 16)}`)
}
const tensorsOf = (tree: unknown): Tensor[] => leavesOf(tree, 'determinism').map(({ node }) => node as Tensor)
const elements = (tree: unknown): Numbers[] => tensorsOf(tree).map(({ data }) => data)

const special = [0, -0, 1, -1, 0.5, 2, 10, Infinity, -Infinity, NaN, 5e-324, 1e-310, 1e308]

/** Operand k: from subnormal to overflowing, of both signs; and at first, over all operands, each special value with each. */
const spread = (count: number, k: number): number[] => {
  const from = new Random(k)
  const uniform = () => from.number() * 2 - 1
  return Array.from({ length: count }, (_, i) => {
    const kinds = [uniform(), 40 * uniform(), 750 * uniform(), uniform() * 2 ** Math.floor(1000 * uniform())]
    return i < special.length ** 2
      ? special[Math.floor(i / special.length ** k) % special.length]!
      : kinds[(i >> k) % 4]!
  })
}

for (const [name, f] of Object.entries(numbers)) {
  if (name === 'apply') continue
  const [a, b, c] = [0, 1, 2].map((k) => spread(20_000, k)) as [number[], number[], number[]]
  print(
    `number ${name}`,
    a.map((x, i) => Number((f as (...x: number[]) => number)(x, b[i]!, c[i]!))),
  )
}

/** Of one result, or several. */
type OnTensors = (...tensors: Tensor[]) => unknown
const call = (op: unknown, args: readonly unknown[]): unknown => (op as (...args: unknown[]) => unknown)(...args)

const everyDerivative = (f: OnTensors, tensors: readonly Tensor[], differentiable: boolean): unknown => {
  const value = f(...tensors)
  if (!differentiable) return [value]
  const floats = tensors.flatMap((x, i) => (isFloat(x.dtype) ? [i] : []))
  const first = (result: unknown): Tensor => tensorsOf(result).find(({ dtype }) => isFloat(dtype))!
  const inner = (...list: Tensor[]) =>
    first(f(...tensors.map((x, i) => (floats.includes(i) ? list[floats.indexOf(i)]! : x))))
  const list = floats.map((i) => tensors[i]!)
  const along = (x: Tensor, seed: number) =>
    tensor(
      Array.from({ length: x.size }, (_, i) => ((i * 7919 + seed * 31) % 17) - 8.3),
      { dtype: x.dtype },
    ).reshape([...x.shape]) as Tensor
  const [, pull] = vjp(inner, ...list)
  return [
    value,
    pull(along(first(value), 3)),
    jvp(
      inner,
      list,
      list.map((x, i) => along(x, 4 + i)),
    ),
  ]
}

const atSample = (op: Facts, sample: Sample, dtype: 'float32' | 'float64', seed: number) => {
  const args = materialize(sample, seed, dtype)
  return [(...list: Tensor[]) => call(op, rebuild(args, list) as unknown[]), tensorsOf(args)] as const
}

const backends = [
  ['eager', undefined],
  ['vectors', [createWasm({ always: true, deterministic: true }), createJavaScript(() => false), reference]],
] as const
for (const op of table) {
  for (const dtype of ['float32', 'float64'] as const) {
    const results: { [way: string]: Numbers[] } = { eager: [], vectors: [], compiled: [] }
    for (const [seed, sample] of op.samples.flatMap((sample) => [0, 1].map((seed) => [seed, sample] as const))) {
      const [f, tensors] = atSample(op, sample, dtype, seed)
      const all = (...given: Tensor[]) => everyDerivative(f, given, op.differentiable)
      for (const [way, list] of backends) {
        results[way]!.push(
          ...elements(list === undefined ? all(...tensors) : withBackends(list, () => all(...tensors))),
        )
      }
      results.compiled!.push(...elements(noGrad(() => compile(all)(...tensors))))
    }
    for (const [way, list] of Object.entries(results)) print(`${op.opName} ${dtype} ${way}`, ...list)
  }
}

// elementwise functions over the whole range, where vectors compute them
for (const [name, rule] of Object.entries(rules)) {
  const op = functions[name as keyof typeof rules]
  for (const dtype of ['float32', 'float64'] as const) {
    const operands = Array.from({ length: rule.arity }, (_, k) => {
      const isCondition = rule.conditions.includes(k)
      const list = spread(4000, k)
      return tensor(isCondition ? list.map((x) => Number(x > 0)) : list, { dtype: isCondition ? 'bool' : dtype })
    })
    const f = (...list: Tensor[]) => call(op, list)
    const all = (...list: Tensor[]) => everyDerivative(f, list, op.differentiable)
    print(`${name} ${dtype} large`, ...elements(all(...(operands as Tensor[]))))
    print(`${name} ${dtype} large, compiled`, ...elements(noGrad(() => compile(all)(...(operands as Tensor[])))))
  }
}

random.seed(5)
for (const dtype of ['float32', 'float64'] as const) {
  print(`uniform ${dtype}`, random.uniform([10_001], { low: -3, high: 7, dtype }).data)
  print(`normal ${dtype}`, random.normal([100_001], { mean: 1, standardDeviation: 2, dtype }).data)
  print(`bernoulli ${dtype}`, random.bernoulli([10_001], { p: 0.3, dtype }).data)
}
print('permutation', random.permutation(1000).data)
for (const name of ['kaimingUniform', 'kaimingNormal', 'xavierUniform', 'xavierNormal', 'lecunNormal'] as const) {
  print(`init.${name}`, init[name]()([30, 40]).data)
}

for (const width of [3, 60]) {
  for (const way of ['eager', 'compiled'] as const) {
    random.seed(9)
    const layers = () => [new Linear(4, width), new LayerNorm(width), new GELU(), new Dropout(0.2)] as const
    const model = new Sequential(...layers(), new Linear(width, width), new Tanh(), new Linear(width, 2))
    const parameters = [...model.parameters()]
    const optimizers = [
      new Adam(parameters.slice(0, 4), { learningRate: 0.01 }),
      new SGD(parameters.slice(4), { learningRate: 0.01, momentum: 0.9 }),
    ]
    const [x, y] = [random.normal([50, 4]), random.normal([50, 2])]
    const take = () => {
      for (const optimizer of optimizers) optimizer.zeroGrad()
      const loss = mse(model.forward(x), y)
      loss.backward()
      for (const optimizer of optimizers) optimizer.step()
      return loss
    }
    const step = way === 'compiled' ? compile(take) : take
    const losses = Array.from({ length: 40 }, () => step().item())
    print(`training, width ${width}, ${way}`, losses, ...elements(Object.values(model.stateDict())))
  }
}
