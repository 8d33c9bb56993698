import type { NumberFunction } from '../../rules/algebra.js'
import { rules } from '../../rules/table.js'
import { codeOf, constantCode, functionOf, none } from '../recording/codes.js'
import type { Plan } from './plan.js'
import type { Program } from './program.js'

const add = codeOf(rules.add)
const sub = codeOf(rules.sub)
const mul = codeOf(rules.mul)

/** A program without generated code: node by node, over a typed array. */
export const interpreted = ({ recording, inputs, outputs, order, guards }: Plan): Program => {
  const { size, code, a, b, c, value } = recording
  const numbers = new Float64Array(inputs + outputs.length)
  const values = new Float64Array(size)
  for (let node = 0; node < size; node++) if (code[node] === constantCode) values[node] = value[node]!
  const functions: NumberFunction[] = []
  for (const node of order) functions[code[node]!] ??= functionOf(code[node]!)

  const compute = (node: number): number => {
    const x = values[a[node]!]!
    const second = b[node]!
    if (second === none) return functions[code[node]!]!(x)
    const y = values[second]!
    switch (code[node]) {
      case add:
        return x + y
      case sub:
        return x - y
      case mul:
        return x * y
    }
    const third = c[node]!
    return third === none ? functions[code[node]!]!(x, y) : functions[code[node]!]!(x, y, values[third]!)
  }
  return {
    numbers: () => numbers,
    run: () => {
      for (let i = 0; i < inputs; i++) values[i] = numbers[i]!
      for (let at = 0; at < order.length; at++) values[order[at]!] = compute(order[at]!)
      for (let i = 0; i < guards.length; i++) if ((values[guards[i]!.node] !== 0) !== guards[i]!.outcome) return i
      for (let i = 0; i < outputs.length; i++) numbers[inputs + i] = values[outputs[i]!]!
      return null
    },
  }
}
