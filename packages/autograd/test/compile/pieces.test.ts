import {
  concat,
  layerNorm,
  maxWithIndices,
  noGrad,
  parameter,
  Random,
  type Tensor,
  tensor,
  verify,
  where,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { type Compilation, compileTraced } from '../../src/execution/compile/compile.js'
import { Compiled } from '../../src/execution/compile/compiled.js'
import type { Traced } from '../../src/execution/compile/trace.js'
import { runAllEagerly } from '../../src/execution/eager.js'
import type { Plan } from '../../src/execution/plan/plan.js'
import { executorOf } from '../../src/execution/wasm/program/index.js'
import type { Work } from '../../src/execution/work.js'

/** A step of training with many kinds of kernels, again and again. */
const network = (layers: number) => {
  const random = new Random(1)
  const weights = Array.from({ length: layers }, () => parameter(random.normal([4, 4])) as Tensor)
  const layer = (h: Tensor, w: Tensor): Tensor => {
    const product = layerNorm(h.matmul(w)) as Tensor
    const { values: largest } = maxWithIndices(product, -1, { keepDims: true })
    const halves = concat([product.slice(-1, 2, 4), product.slice(-1, 0, 2)], -1)
    return where(halves.greater(largest), halves, product.softmax(-1)).add(h) as Tensor
  }
  return (x: Tensor): Tensor => {
    const loss = weights.reduce(layer, x).square().mean() as Tensor
    verify(loss, () => {})
    for (const w of weights) w.zeroGrad()
    loss.backward()
    noGrad(() => {
      for (const w of weights) w.assign(w.sub((w.grad as Tensor).mul(0.1)))
    })
    return loss
  }
}

/** A thing that counts how often anybody looks at it, or at what the keys lead to. */
const watched = (keys: readonly string[], look: () => void) => {
  const known = new WeakMap<object, object>()
  const watch = <T>(thing: T): T => {
    if (typeof thing !== 'object' || thing === null) return thing
    const proxy =
      known.get(thing) ??
      new Proxy(thing, {
        get: (target, key) => {
          look()
          const found: unknown = Reflect.get(target, key)
          const leads = Array.isArray(target) ? typeof found === 'object' : keys.includes(key as string)
          return leads ? watch(found) : found
        },
      })
    known.set(thing, proxy)
    return proxy as T
  }
  return watch
}

/** Counts also what is written to maps and sets, and read there. */
const watchingMaps = <T>(look: () => void, f: () => T): T => {
  const watched = [Map.prototype, Set.prototype].flatMap((prototype) =>
    (['get', 'set', 'has', 'add'] as const).flatMap((name) => {
      const real = Object.getOwnPropertyDescriptor(prototype, name)
      return real === undefined ? [] : [{ prototype, name, real, call: real.value as (...args: unknown[]) => unknown }]
    }),
  )
  for (const { prototype, name, real, call } of watched) {
    const value = function (this: unknown, ...args: unknown[]): unknown {
      look()
      return call.apply(this, args)
    }
    Object.defineProperty(prototype, name, { ...real, value })
  }
  try {
    return f()
  } finally {
    for (const { prototype, name, real } of watched) Object.defineProperty(prototype, name, real)
  }
}

/** How often each piece of the work looks at the program that it is to compile. */
const looksOf = (f: (x: Tensor) => Tensor): number[] => {
  let looks = 0
  const look = () => {
    looks++
  }
  const term = watched(['args', 'of', 'spec', 'specs', 'shape'], look)
  const plan = watched(['inputs', 'constants', 'steps', 'outputs', 'outs', 'view', 'buffer', 'replaces', 'shape'], look)
  const pieces: number[] = []
  const compile = function* ({ program, outcomes, ...rest }: Traced): Work<Compilation> {
    const { checks } = program.effects
    const effects = { ...program.effects, checks: checks.map((check) => ({ ...check, term: term(check.term) })) }
    const traced: Traced = {
      ...rest,
      program: { ...program, effects },
      outcomes: outcomes.map((outcome) => ({ ...outcome, term: term(outcome.term) })),
    }
    const work = compileTraced(traced, (made: Plan) => executorOf(plan(made), false, runAllEagerly))
    for (let step = watchingMaps(look, () => work.next()); ; ) {
      pieces.push(looks)
      looks = 0
      if (step.done) return step.value
      const module = yield step.value
      step = watchingMaps(look, () => work.next(module))
    }
  }
  new Compiled(f, compile).call([tensor([[1, 2, 3, 4]])])
  return pieces
}

describe('the pieces of the work of compiling', () => {
  const [some, many] = [40, 200].map((layers) => looksOf(network(layers))) as [number[], number[]]
  const total = (pieces: readonly number[]) => pieces.reduce((sum, looks) => sum + looks, 0)

  test('are no longer for a longer program: there are more of them', () => {
    expect(total(some)).toBeGreaterThan(1e5)
    expect(many.length).toBeGreaterThan(4.5 * some.length)
    const bound = 1.2 * Math.max(...some)
    const longer = many.flatMap((looks, i) => (looks > bound ? [`piece ${i} of ${many.length}: ${looks}`] : []))
    expect(longer).toEqual([])
  })
  test('are as much in all as the program is long', () => {
    expect(total(many) / total(some)).toBeLessThan(5.5)
  })
})
