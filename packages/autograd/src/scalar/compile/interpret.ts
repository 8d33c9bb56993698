import { constantCode, loopCode } from '../recording/codes.js'
import { evaluatorOf } from '../recording/evaluate.js'
import { ran } from '../recording/loop.js'
import { resultAt } from '../recording/recording.js'
import type { Plan } from './plan.js'
import type { Program } from './program.js'

/** A program without generated code: node by node, over a typed array. */
export const interpreted = ({ recording, inputs, outputs, order, loops, guards }: Plan): Program => {
  const { size, code, b, c, value } = recording
  const numbers = new Float64Array(inputs + outputs.length)
  const values = new Float64Array(size)
  for (let node = 0; node < size; node++) if (code[node] === constantCode) values[node] = value[node]!

  const steps: (() => void)[] = []
  const evaluate = (from: number, to: number): void => {
    const computed = evaluatorOf(recording, order.subarray(from, to))
    steps.push(() => computed(values, (index) => numbers[index]!))
  }
  let from = 0
  order.forEach((node, at) => {
    if (code[node] !== loopCode) return
    evaluate(from, at)
    from = at + 1
    const { loop, results } = loops.get(node)!
    steps.push(() => {
      const found = ran(loop, (each) => values[each]!)
      for (const result of results) values[result] = resultAt(found, b[result]!, c[result]!)
    })
  })
  evaluate(from, order.length)
  return {
    numbers: () => numbers,
    run: () => {
      for (let i = 0; i < inputs; i++) values[i] = numbers[i]!
      for (const step of steps) step()
      for (let i = 0; i < guards.length; i++) if ((values[guards[i]!.node] !== 0) !== guards[i]!.outcome) return i
      for (let i = 0; i < outputs.length; i++) numbers[inputs + i] = values[outputs[i]!]!
      return null
    },
  }
}
