import {
  CompileError,
  compile,
  conv2d,
  maxPool2d,
  noGrad,
  ones,
  parameter,
  Random,
  type Tensor,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { compileTraced } from '../../src/execution/compile/compile.js'
import { Compiled } from '../../src/execution/compile/compiled.js'
import { runAllEagerly } from '../../src/execution/eager.js'
import { interpreter } from '../../src/execution/plan/interpreter.js'
import { type Buffer, mayFail, type Plan } from '../../src/execution/plan/plan.js'
import { store } from '../../src/execution/wasm/program/storage.js'
import { atOnce } from '../../src/execution/work.js'
import { bytesPerElement } from '../../src/graph/dtype.js'
import { sizeOf } from '../../src/graph/shape.js'
import { numbersOf } from './harness.js'

/** The plan of a call, which is run too. */
const planOf = (f: (...args: never[]) => unknown, args: readonly Tensor[]): Plan => {
  const plans: Plan[] = []
  const executorOf = function* (plan: Plan) {
    plans.push(plan)
    yield null
    return interpreter(plan, runAllEagerly)
  }
  new Compiled(f, (traced) => compileTraced(traced, executorOf)).call(args)
  return plans[0]!
}

const bytesOf = ({ shape, dtype }: Buffer): number => sizeOf(shape) * bytesPerElement(dtype)

/** At most how many bytes of these buffers are needed at once, step by step. */
const mostLive = ({ steps, outputs }: Plan, buffers: ReadonlySet<Buffer>): number => {
  const isNeededAfter = (buffer: Buffer, step: number) =>
    outputs.some(({ view }) => view.buffer === buffer) ||
    steps.some(({ inputs }, i) => i > step && inputs.some((view) => view.buffer === buffer))
  let live: Buffer[] = []
  let most = 0
  steps.forEach(({ outs }, i) => {
    live.push(...outs.filter((out) => buffers.has(out)))
    most = Math.max(
      most,
      live.reduce((sum, buffer) => sum + bytesOf(buffer), 0),
    )
    live = live.filter((buffer) => isNeededAfter(buffer, i))
  })
  return most
}

/** One step of training of a small convolutional network with momentum. */
const convolutional = () => {
  const random = new Random(1)
  const weights = [[8, 1, 3, 3], [16, 8, 3, 3], [16 * 7 * 7, 10], [10]].map((shape) =>
    parameter(random.normal(shape, { standardDeviation: 0.1 }) as Tensor),
  )
  const velocities = weights.map(({ shape }) => zeros([...shape]) as Tensor)
  const step = (x: Tensor, labels: Tensor) => {
    const [first, second, last, bias] = weights as [Tensor, Tensor, Tensor, Tensor]
    const one = maxPool2d(conv2d(x, first as never, { padding: 1 }).relu(), 2)
    const two = maxPool2d(conv2d(one as Tensor, second as never, { padding: 1 }).relu(), 2)
    const scores = (two.reshape([x.shape[0]!, -1]).matmul(last as never) as Tensor).add(bias) as Tensor
    const loss = scores
      .logSoftmax()
      .gather(labels.expandDims(1) as never, 1 as never)
      .mean()
      .neg() as Tensor<[]>
    for (const weight of weights) weight.zeroGrad()
    loss.backward()
    noGrad(() => {
      weights.forEach((weight, i) => {
        velocities[i]!.assign(velocities[i]!.mul(0.9).add(weight.grad) as Tensor)
        weight.assign(weight.sub(velocities[i]!.mul(0.1)) as Tensor)
      })
    })
    return loss
  }
  const x = random.normal([16, 1, 28, 28]) as Tensor
  const labels = random.uniform([16], { low: 0, high: 10, dtype: 'int32' }) as Tensor
  return { step, args: [x, labels] as const }
}

/** One step of training of layers with momentum, in which nothing can fail. */
const dense = () => {
  const random = new Random(2)
  const weights = [
    [30, 40],
    [40, 20],
    [20, 5],
  ].map((shape) => parameter(random.normal(shape) as Tensor))
  const velocities = weights.map(({ shape }) => zeros([...shape]) as Tensor)
  const step = (x: Tensor, y: Tensor) => {
    const out = weights.reduce((h, weight) => h.matmul(weight as never).tanh() as Tensor, x)
    const loss = out.sub(y).square().mean() as Tensor<[]>
    loss.backward()
    noGrad(() => {
      weights.forEach((weight, i) => {
        velocities[i]!.assign(velocities[i]!.mul(0.9).add(weight.grad) as Tensor)
        weight.assign(weight.sub(velocities[i]!.mul(0.1)) as Tensor)
        weight.zeroGrad()
      })
    })
    return loss
  }
  return { step, args: [random.normal([16, 30]) as Tensor, random.normal([16, 5]) as Tensor] as const }
}

describe('memory', () => {
  test('hundreds of compiled functions are made, and dropped or kept, without running out of it', () => {
    const w = parameter(ones([3])) as Tensor
    const kept: (() => unknown)[] = []
    for (let i = 0; i < 500; i++) {
      const f = compile((x: Tensor) => {
        w.assign(w.add(x.mul(i)) as Tensor)
        return w.sum()
      })
      f(ones([3]) as Tensor)
      if (i % 2 === 0) kept.push(() => f(ones([3]) as Tensor))
    }
    kept[0]!()
    // w was passed on from each to the next
    expect(numbersOf(w)).toEqual(new Array<number>(3).fill(1 + (500 * 499) / 2))
  })

  test('is reused within a step of training: the arena is hardly larger than what is needed at once', () => {
    const { step, args } = convolutional()
    const plan = planOf(step, args)
    const { arena, addresses, bytes } = atOnce(store(plan, 0, plan.steps.findLastIndex(mayFail) + 1))
    const produced = plan.steps.flatMap(({ outs }) => [...outs])
    const inArena = new Set(produced.filter((buffer) => addresses.get(buffer)! >= bytes - arena))
    const needed = mostLive(plan, inArena)
    expect(needed).toBeGreaterThan(2 ** 20)
    expect(arena).toBeGreaterThanOrEqual(needed)
    expect(arena).toBeLessThanOrEqual(1.5 * needed)
    // and much smaller than all of it
    expect(arena).toBeLessThan(produced.reduce((sum, buffer) => sum + bytesOf(buffer), 0) / 2)
  })

  test.each([
    ['that may fail', convolutional()],
    ['that cannot fail, where new values take the place of old ones', dense()],
  ])('no two buffers that are needed at once overlap in a step %s', (_, { step, args }) => {
    const plan = planOf(step, args)
    const { addresses } = atOnce(store(plan, 0, plan.steps.findLastIndex(mayFail) + 1))
    const lives = [...addresses].map(([buffer, start]) => {
      const made = plan.steps.findIndex(({ outs }) => outs.some((out) => out === buffer))
      const read = plan.steps.findLastIndex(({ inputs }) => inputs.some((view) => view.buffer === buffer))
      const successor = plan.outputs.find(({ replaces }) => replaces === buffer)?.view.buffer
      // inputs, constants and outputs stay until the next call
      const stays = made < 0 || plan.outputs.some(({ view }) => view.buffer === buffer)
      const size = plan.constants.find((constant) => constant.buffer === buffer)?.data.byteLength ?? bytesOf(buffer)
      return { buffer, successor, made, read, last: stays ? plan.steps.length : read, start, end: start + size }
    })
    type Life = (typeof lives)[number]
    const takesPlace = (a: Life, b: Life) => a.successor === b.buffer && a.start === b.start && a.read <= b.made
    const clashes = lives.flatMap((a, i) =>
      lives
        .slice(i + 1)
        .filter((b) => a.start < b.end && b.start < a.end && a.made <= b.last && b.made <= a.last)
        .filter((b) => !takesPlace(a, b) && !takesPlace(b, a))
        .map((b) => [a, b]),
    )
    expect(clashes).toEqual([])
    const mayAnyFail = plan.steps.some(mayFail)
    if (!mayAnyFail) expect(lives.filter((a) => lives.some((b) => takesPlace(a, b))).length).toBeGreaterThan(2)
  })

  test('of parameters is written in place: their indices have been checked by then', () => {
    const { step, args } = convolutional()
    const plan = planOf(step, args)
    const safeFrom = plan.steps.findLastIndex(mayFail) + 1
    expect(safeFrom).toBeLessThan(plan.steps.length)
    expect(atOnce(store(plan, 0, safeFrom)).commits).toEqual([])
  })

  test('that WebAssembly does not have is asked for in vain, and the error says what takes it', () => {
    const w = parameter(ones([40_000, 1])) as Tensor
    const f = compile((x: Tensor) => {
      const square = x.matmul(w.transpose() as never)
      w.assign(w.mul(2) as Tensor)
      return square
        .exp()
        .matmul(square.transpose() as never)
        .sum()
    })
    const act = () => f(zeros([40_000, 1]) as Tensor)
    expect(act).toThrow(CompileError)
    expect(act).toThrow(/needs \d\d\.\d GiB of memory/)
    expect(act).toThrow('a result of contract, float32[40000, 40000] (5.96 GiB)')
    expect(act).toThrow(/smaller batches/)
    expect(w.sum().item()).toBe(40_000)
    expect(f(ones([1, 1]) as Tensor).shape).toEqual([])
  })
})
