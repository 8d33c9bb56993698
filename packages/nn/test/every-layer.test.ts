import { compile, grad, Random, stack, type Tensor, tensor, treeLeaves, treeMap, vmap } from '@adjoint/autograd'
import { assertGradients } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import * as nn from '../src/index.js'
import * as lossModules from '../src/losses/modules.js'
import { samples } from './samples/index.js'
import type { Sample } from './samples/sample.js'

// What holds of every layer: of each class that is exported there is a sample, and each sample is tried in every way.

type Runs = nn.Module & { forward(...inputs: unknown[]): unknown }
type Loose = (...args: unknown[]) => unknown
type State = Record<string, Tensor>

const made = ({ make, evaluated = false }: Sample, seed = 1): Runs =>
  make({ dtype: 'float64', random: new Random(seed) }).train(!evaluated) as Runs
const inputsOf = ({ inputs }: Sample): readonly unknown[] => inputs(new Random(7))

const isFloat = (x: Tensor): boolean => x.dtype === 'float64' || x.dtype === 'float32'
/** A scalar of all that an output has, no two elements alike. */
const loss = (output: unknown): Tensor<[]> =>
  treeLeaves(output)
    .filter(isFloat)
    .map((x, k) => {
      const numbers = Array.from({ length: x.size }, (_, i) => 0.5 + ((7 * i + 3 * k) % 11) / 11)
      const factors = tensor(numbers, { dtype: 'float64' }).reshape([...x.shape])
      return (x.mul(factors as never) as Tensor).sum()
    })
    .reduce((a, b) => a.add(b)) as Tensor<[]>

const numbers = (tree: unknown): [string, number[]][] =>
  treeLeaves(tree).map((x) => [`${x}`, Array.from(x.data)] as [string, number[]])
const expectNear = (got: unknown, wanted: unknown, what: string): void => {
  const [some, others] = [numbers(got), numbers(wanted)]
  expect(
    some.map(([text]) => text),
    what,
  ).toEqual(others.map(([text]) => text))
  for (const [k, [text, other]] of others.entries()) {
    const scale = Math.max(1, ...other.map(Math.abs))
    const worst = other.findIndex(
      (x, i) => !(Math.abs(some[k]![1][i]! - x) <= 1e-10 * scale || Object.is(some[k]![1][i], x)),
    )
    expect(
      worst,
      `${what}: leaf ${k}, ${text}: element ${worst} is ${some[k]![1][worst]} and not ${other[worst]}`,
    ).toBe(-1)
  }
}

/** Buffers are changed by whoever runs a layer in training: each way has its own. */
const fresh = (sample: Sample, seed?: number): Runs => {
  const layer = made(sample, seed)
  return layer
}

const exported = Object.entries(nn as Readonly<Record<string, unknown>>)
  .filter(([, thing]) => typeof thing === 'function' && thing.prototype instanceof nn.Module)
  .map(([name]) => name)
const containers = ['Layer', 'ModuleList', 'ModuleDict']
/** Functions of tensors without a state: compared with them in loss-modules.test.ts. */
const isLoss = (name: string): boolean => name in lossModules

test('every layer has samples', () => {
  expect(Object.keys(samples).sort()).toEqual(
    exported.filter((name) => !containers.includes(name) && !isLoss(name)).sort(),
  )
})

const all = Object.entries(samples).flatMap(([name, list]) =>
  list.map((sample, i) => [list.length === 1 ? name : `${name} ${i}: ${made(sample)}`, name, sample] as const),
)

describe.each(all)('%s', (_, name, sample) => {
  const inputs = inputsOf(sample)

  test('shows its class, and its parts', () => {
    const layer = fresh(sample)
    // a lazy layer has become the other by its first input
    expect(`${layer}`).toMatch(new RegExp(`^${name === 'Activation' ? 'cube' : `${name.replace(/^Lazy/, '')}\\(`}`))
  })

  test('passes gradcheck as a module, parameters and inputs', () => {
    const layer = fresh(sample)
    if (layer.parameters().length === 0 && !treeLeaves(inputs).some(isFloat)) return
    assertGradients(
      ((model: Runs, ...given: unknown[]) => loss(nn.functionalCall(model, {}, ...given)[0])) as never,
      [layer, ...inputs] as never,
    )
  })

  test('gives the same eagerly, compiled, and as a function of its state', () => {
    const wanted = fresh(sample)
    const output = wanted.forward(...inputs)
    const buffers = Object.fromEntries(wanted.namedBuffers())
    const compiled = fresh(sample)
    const program = compile(((...given: unknown[]) => compiled.forward(...given)) as never) as unknown as Loose
    expectNear(program(...inputs), output, 'compiled')
    expectNear(Object.fromEntries(compiled.namedBuffers()), buffers, 'buffers, compiled')
    const called = fresh(sample)
    const before = called.stateDict()
    const [result, changed] = nn.functionalCall(called, called.stateDict(), ...inputs)
    expectNear(result, output, 'functionalCall')
    expectNear(changed, buffers, 'buffers of functionalCall')
    expectNear(called.stateDict(), before, 'the state after functionalCall')
  })

  test('has the gradients of backward by grad of the module and of its state, eagerly and compiled', () => {
    const layer = fresh(sample)
    if (layer.parameters().length === 0) return
    loss(layer.forward(...inputs)).backward()
    const wanted = Object.fromEntries([...layer.namedParameters()].map(([path, { grad }]) => [path, grad]))
    const ofModule = ((model: Runs, ...given: unknown[]) => loss(model.forward(...given))) as never
    const ofState = (model: Runs) =>
      ((state: State, ...given: unknown[]) => loss(nn.functionalCall(model, state, ...given)[0])) as never
    for (const wrap of [(f: unknown) => f, compile as unknown as (f: unknown) => unknown] as const) {
      const model = fresh(sample)
      const state = Object.fromEntries([...model.namedParameters()].map(([path, p]) => [path, p.detach()]))
      expectNear((wrap(grad(ofModule)) as Loose)(fresh(sample), ...inputs), wanted, 'of the module')
      expectNear((wrap(grad(ofState(model))) as Loose)(state, ...inputs), wanted, 'of the state')
    }
  })

  test.skipIf(sample.alone !== undefined)('equals the loop as an ensemble by vmap', () => {
    const models = [1, 2, 3].map((seed) => fresh(sample, seed))
    const states = models.map((model) => model.stateDict())
    if (Object.keys(states[0]!).length === 0) return
    const [model] = models as [Runs]
    const stacked = treeMap(states[0]!, ((...rows: Tensor[]) => stack(rows)) as never, ...(states.slice(1) as never[]))
    const call = (state: State) => nn.functionalCall(model, state, ...inputs)
    const slope = (state: State) =>
      grad(((s: State) => loss(nn.functionalCall(model, s, ...inputs)[0])) as never)(state as never)
    const parametersOf = (state: State) =>
      Object.fromEntries([...model.namedParameters().keys()].map((path) => [path, state[path]!]))
    const ways = model.parameters().length === 0 ? [call] : [call, (state: State) => slope(parametersOf(state))]
    for (const f of ways) {
      const loop = states.map((state) => treeLeaves(f(state)))
      const wanted = loop[0]!.map((_, k) => stack(loop.map((leaves) => leaves[k]!) as never))
      expectNear(treeLeaves((vmap(f as never) as unknown as Loose)(stacked)), wanted, 'eagerly')
      expectNear(treeLeaves((compile(vmap(f as never) as never) as unknown as Loose)(stacked)), wanted, 'compiled')
    }
  })

  test('takes over the state of another', () => {
    const [one, other] = [fresh(sample, 1), fresh(sample, 2)]
    other.loadStateDict(JSON.parse(JSON.stringify(one.stateDict())))
    expectNear(other.forward(...inputs), one.forward(...inputs), 'the output')
  })
})
