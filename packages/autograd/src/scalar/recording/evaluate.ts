import type { NumberFunction } from '../../rules/algebra.js'
import { rules } from '../../rules/table.js'
import { codeOf, constantCode, functionOf, inputCode, lastCode, none } from './codes.js'
import type { Recording } from './recording.js'

const add = codeOf(rules.add)
const sub = codeOf(rules.sub)
const mul = codeOf(rules.mul)

/** Computes nodes in their order between numbers; constants are to be among the values. */
export const evaluatorOf = (
  { code, a, b, c }: Recording,
  order: ArrayLike<number>,
): ((values: Float64Array, inputAt: (index: number) => number) => void) => {
  const functions: NumberFunction[] = []
  for (let at = 0; at < order.length; at++) {
    const each = code[order[at]!]!
    if (each > lastCode) functions[each] ??= functionOf(each)
  }
  const applied = (values: Float64Array, node: number): number => {
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
  return (values, inputAt) => {
    for (let at = 0; at < order.length; at++) {
      const node = order[at]!
      if (code[node] === inputCode) values[node] = inputAt(a[node]!)
      else if (code[node] !== constantCode) values[node] = applied(values, node)
    }
  }
}
