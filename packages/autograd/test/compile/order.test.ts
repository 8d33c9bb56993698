import { noGrad, parameter, type Tensor, tensor, verify } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { compileTraced } from '../../src/execution/compile/compile.js'
import { Compiled } from '../../src/execution/compile/compiled.js'
import { runAllEagerly } from '../../src/execution/eager.js'
import type { Executor } from '../../src/execution/plan/executor.js'
import { interpreter } from '../../src/execution/plan/interpreter.js'
import type { Plan } from '../../src/execution/plan/plan.js'
import type { Work } from '../../src/execution/work.js'
import { ways } from './harness.js'
import { inOrder } from './in-order.js'

/** Calls of an executor of w -> w + x, x -> x + 1, one after the other: `hold 0` makes x, and `hold 1` w an input. */
const calling = (calls: readonly string[]): number[] => {
  let executor: Executor | undefined
  const w = parameter(tensor([1])) as Tensor
  const f = (x: Tensor) => {
    noGrad(() => w.assign(w.add(x)))
    return x.add(1)
  }
  const x = tensor([2]) as Tensor
  const compile = function* (plan: Plan): Work<Executor> {
    yield null
    executor = inOrder(plan, interpreter(plan, runAllEagerly))
    return executor
  }
  new Compiled(f, (traced) => compileTraced(traced, compile)).call([x])
  for (const call of calls) {
    const [name, number] = call.split(' ')
    const method = executor![name as keyof Executor] as unknown as (...args: unknown[]) => void
    const tensors: Record<string, unknown> = {
      hold: number === '0' ? x : w,
      load: x.value,
      claim: w,
      give: w,
      gradient: w,
    }
    method(...(number === undefined ? [] : [Number(number), tensors[name!]]))
  }
  return [...w.data]
}

describe('an executor that checks the order', () => {
  const inputs = ['hold 0', 'hold 1']
  const whole = [...inputs, 'claim 0', 'run', 'read 1', 'finish', 'give 0']

  test('takes the order that is written down, call after call', () => {
    expect(calling([...whole, ...whole, 'release'])).toEqual([7])
    expect(calling(['load 0', 'hold 1', 'claim 0', 'run', 'finish', 'gradient 0', ...whole])).toEqual([5])
  })

  test.each<readonly [string, readonly string[]]>([
    ['a run without inputs', ['run']],
    ['a run without all inputs', ['hold 0', 'run']],
    ['an input twice', ['hold 0', 'load 0']],
    ['a claim before the inputs', ['claim 0']],
    ['a run without claims', [...inputs, 'run']],
    ['a claim of what no tensor keeps', [...inputs, 'claim 1']],
    ['a claim after the run', [...inputs, 'claim 0', 'run', 'claim 0']],
    ['a run after the run', [...inputs, 'claim 0', 'run', 'run']],
    ['a result before the run', [...inputs, 'claim 0', 'read 1']],
    ['a result after finish', [...inputs, 'claim 0', 'run', 'finish', 'read 1']],
    ['a new value before finish', [...inputs, 'claim 0', 'run', 'give 0']],
    ['a new value twice', [...whole, 'gradient 0']],
    ['a call before the last one is over', [...inputs, 'claim 0', 'run', 'finish', 'hold 0']],
    ['finish twice', [...inputs, 'claim 0', 'run', 'finish', 'finish']],
    ['release in the midst of a call', [...inputs, 'release']],
    ['a call after release', ['release', 'hold 0']],
  ])('refuses %s', (_, calls) => {
    expect(() => calling(calls)).toThrow(`was asked to ${calls.at(-1)!.split(' ')[0]} `)
  })
})

describe('the order holds', () => {
  test.each(ways)('after a call that throws, %s', (_, wrap) => {
    const w = parameter(tensor([1]))
    const step = wrap((x: Tensor) => {
      verify(x, ([element]) => {
        if (element! < 0) throw new RangeError('negative')
      })
      noGrad(() => w.assign(w.add(x) as Tensor<[1]>))
      return x.add(1)
    })
    step(tensor([1]) as unknown as Tensor)
    expect(() => step(tensor([-1]) as unknown as Tensor)).toThrow(RangeError)
    step(tensor([1]) as unknown as Tensor)
    expect(w.toArray()).toEqual([3])
  })
})
