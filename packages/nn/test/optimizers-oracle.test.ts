import { readFileSync } from 'node:fs'
import { compile, parameter, type Tensor, tensor, treeMap } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import * as nn from '../src/index.js'

// Where PyTorch's optimizers go (optax's, for Lion), written by scripts/oracle/families/optimizers.py: eager and compiled, in two
// groups with numbers of their own.

interface Case {
  readonly name: string
  readonly class: string
  readonly options: Readonly<Record<string, unknown>>
  /** What the second group has of its own. */
  readonly second: Readonly<Record<string, unknown>>
  /** After which steps `values` are: of weight, bias, scale, second. */
  readonly steps: readonly number[]
  readonly values: readonly (readonly (readonly number[])[])[]
  /** LBFGS alone: how often it computed the loss, and what its steps returned. */
  readonly calls?: number
  readonly losses?: readonly number[]
}
type Names = 'weight' | 'bias' | 'scale' | 'second'
type Parameters = Readonly<Record<Names, Tensor>>
const { start, inputs, cases } = JSON.parse(
  readFileSync(new URL('fixtures/optimizers.json', import.meta.url), 'utf8'),
) as { readonly start: Readonly<Record<Names, number[]>>; readonly inputs: number[][]; readonly cases: readonly Case[] }

const make = (dtype: 'float32' | 'float64' = 'float64'): Parameters =>
  Object.fromEntries(
    Object.entries(start).map(([name, value]) => [name, parameter(tensor(value, { dtype }) as Tensor)]),
  ) as unknown as Parameters

const x = tensor(inputs, { dtype: 'float64' }) as Tensor
/** The loss of the script, of step 1, 2, ... */
const lossOf = (p: Parameters, step: Tensor): Tensor => {
  const hidden = (x.cast(p.weight.dtype) as Tensor).matmul(p.weight).add(p.bias).sin() as Tensor
  const out = hidden.matmul(p.second).mul(p.scale) as Tensor
  const pull = step.remainder(3).add(1).div(4)
  const squares = Object.values(p).reduce((sum, each) => sum.add(each.square().sum()) as Tensor, tensor(0) as Tensor)
  return out.square().sum().add(out.mul(3).add(step).sin().sum().mul(0.5)).add(pull.mul(squares).div(4)) as Tensor
}

/** What torch and optax call our options. */
const words: Readonly<Record<string, string>> = {
  lr: 'learningRate',
  learning_rate: 'learningRate',
  weight_decay: 'weightDecay',
  eps: 'epsilon',
  momentum_decay: 'momentumDecay',
  decoupled_weight_decay: 'decoupled',
  lr_decay: 'rateDecay',
  initial_accumulator_value: 'initial',
  step_sizes: 'sizes',
  t0: 'averageFrom',
  lambd: 'decay',
  d: 'clip',
  max_iter: 'iterations',
  max_eval: 'evaluations',
  history_size: 'history',
}
const translated = (name: string, options: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const { b1, b2, adjust_lr_fn, line_search_fn, beta2_decay, alpha, eps, ...rest } = options
  return {
    ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [words[key] ?? key, value])),
    ...(b1 !== undefined && { betas: [b1, b2] }),
    ...(adjust_lr_fn !== undefined && { likeAdam: true }),
    ...(beta2_decay !== undefined && { decay: -Number(beta2_decay) }),
    ...(alpha !== undefined && { [name === 'RMSprop' ? 'rho' : 'power']: alpha }),
    ...(eps !== undefined && { [name === 'Adafactor' ? 'epsilons' : 'epsilon']: eps }),
    ...(name === 'LBFGS' && { strongWolfe: line_search_fn !== undefined }),
  }
}

type Class = new (parameters: ReadonlyMap<string, Tensor>, options: object) => nn.Optimizer
const build = (one: Case, p: Parameters): nn.Optimizer => {
  const Optimizer = (nn as unknown as Readonly<Record<string, Class>>)[one.class]!
  const isMuon = one.class === 'Muon'
  const trained = Object.entries(p).filter(([name]) => !isMuon || name === 'weight' || name === 'second')
  const options = translated(one.class, one.options)
  if (one.class === 'LBFGS') return new Optimizer(new Map(trained), options)
  const groups = [{ name: 'others', path: isMuon ? 'second' : /bias|scale/, ...translated(one.class, one.second) }]
  return new Optimizer(new Map(trained), { ...options, groups })
}

/** Steps of an optimizer on the problem, one at a call. */
const stepper = (optimizer: nn.Optimizer, p: Parameters, wrap: <F extends (n: Tensor) => Tensor>(f: F) => F) => {
  const step = wrap((n: Tensor) => {
    optimizer.zeroGrad()
    const loss = lossOf(p, n)
    loss.backward()
    optimizer.step()
    return loss
  })
  return (n: number) => step(tensor(n, { dtype: p.weight.dtype as 'float64' }) as Tensor)
}
const ways: readonly (readonly [string, <F extends (n: Tensor) => Tensor>(f: F) => F])[] = [
  ['eagerly', (f) => f],
  ['compiled', (f) => compile(f as never) as never],
]

const valuesOf = (p: Parameters): number[][] => Object.values(p).map(({ data }) => [...data])
const distance = (got: number[][], wanted: readonly (readonly number[])[]): number =>
  Math.max(
    ...got.flatMap((row, i) =>
      row.map((value, j) => Math.abs(value - wanted[i]![j]!) / Math.max(1, Math.abs(wanted[i]![j]!))),
    ),
  )

const plain = cases.filter((one) => one.class !== 'LBFGS')

describe('optimizers', () => {
  it('are all compared', () => {
    const classes = Object.entries(nn)
      .filter(([, thing]) => typeof thing === 'function' && thing.prototype instanceof nn.Optimizer)
      .map(([name]) => name)
    expect(classes.length).toBeGreaterThan(10)
    expect([...new Set(cases.map((one) => one.class))].sort()).toEqual(classes.sort())
  })

  describe.each(plain)('$name', (one) => {
    it.each(ways)('goes where the oracle goes, %s', (_, wrap) => {
      const p = make()
      const step = stepper(build(one, p), p, wrap)
      let k = 0
      for (let n = 1; n <= one.steps.at(-1)!; n++) {
        step(n)
        if (n !== one.steps[k]) continue
        expect(distance(valuesOf(p), one.values[k]!), `after step ${n}`).toBeLessThan(1e-10)
        k++
      }
      expect(k).toBe(one.steps.length)
    })

    it('goes nearly there in float32', () => {
      const p = make('float32')
      const step = stepper(build(one, p), p, (f) => f)
      for (let n = 1; n <= 3; n++) step(n)
      expect(distance(valuesOf(p), one.values[2]!)).toBeLessThan(2e-3)
    })

    it('goes on from a saved state as if nothing had happened', () => {
      const [whole, cut] = [make(), make()]
      const [first, before] = [build(one, whole), build(one, cut)]
      const [step, stepBefore] = [stepper(first, whole, (f) => f), stepper(before, cut, (f) => f)]
      for (let n = 1; n <= 8; n++) step(n)
      for (let n = 1; n <= 5; n++) stepBefore(n)
      const p = treeMap(cut as unknown as Record<string, Tensor>, (each: Tensor) =>
        parameter(each.detach() as Tensor),
      ) as unknown as Parameters
      const after = build(one, p)
      after.loadStateDict(before.stateDict())
      const stepAfter = stepper(after, p, ways[1]![1])
      for (let n = 6; n <= 8; n++) stepAfter(n)
      expect(distance(valuesOf(p), valuesOf(whole))).toBeLessThan(1e-14)
    })
  })
})

describe.each(cases.filter((one) => one.class === 'LBFGS'))('$name', (one) => {
  const follow = (wrap: (closure: () => Tensor, optimizer: nn.Optimizer) => () => Tensor, cutAt = 0) => {
    let p = make()
    let optimizer = build(one, p) as nn.LBFGS
    let calls = 0
    const n = tensor(1, { dtype: 'float64' }) as Tensor
    const losses: number[] = []
    let closure = wrap(() => lossOf(p, n), optimizer)
    let k = 0
    for (let step = 1; step <= one.steps.at(-1)!; step++) {
      const loss = optimizer.step(() => {
        calls++
        return closure()
      })
      losses.push(loss.item())
      if (step === cutAt) {
        const state = optimizer.stateDict()
        p = Object.fromEntries(
          Object.entries(p).map(([name, each]) => [name, parameter(each.detach() as Tensor)]),
        ) as unknown as Parameters
        optimizer = build(one, p) as nn.LBFGS
        optimizer.loadStateDict(state)
        const now = p
        closure = wrap(() => lossOf(now, n), optimizer)
      }
      if (step !== one.steps[k]) continue
      expect(distance(valuesOf(p), one.values[k]!), `after step ${step}`).toBeLessThan(1e-10)
      k++
    }
    expect(k).toBe(one.steps.length)
    expect(calls).toBe(one.calls)
    for (const [i, loss] of losses.entries()) expect(loss).toBeCloseTo(one.losses![i]!, 10)
  }
  it('goes where PyTorch goes', () => follow((closure) => closure))
  it('goes there with a compiled loss', () =>
    follow(
      (closure, optimizer) =>
        compile((() => {
          optimizer.zeroGrad()
          const loss = closure()
          loss.backward()
          return loss
        }) as never) as never,
    ))
  it('goes there from a saved state', () => follow((closure) => closure, 1))
})
