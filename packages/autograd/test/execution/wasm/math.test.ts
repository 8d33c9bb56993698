import { describe, expect, test } from 'vitest'
import { wasmFeatures } from '../../../src/execution/wasm/assembler/index.js'
import { createEager } from '../../../src/execution/wasm/eager/index.js'
import { createRuntime } from '../../../src/execution/wasm/runtime.js'
import { allocate } from '../../../src/graph/dtype.js'
import { denseValue } from '../../../src/graph/value.js'
import { rules } from '../../../src/rules/index.js'
import { numbers } from '../../../src/rules/numbers.js'
import { constant, input } from '../../../src/rules/symbols.js'
import { ulpError } from './ulp.js'

const edges = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  0.625,
  -0.625,
  0.927734375,
  0.9999999,
  -0.9999999,
  1.0000001,
  -1.0000001,
  2,
  NaN,
  Infinity,
  -Infinity,
  1e-45,
  -1e-45,
  1e-38,
  -1e-38,
  2 ** -126,
  5e-324,
  -5e-324,
  2.3e-308,
  3.4e38,
  -3.4e38,
  1.7e308,
  -1.7e308,
  88.722,
  88.7228,
  88.73,
  89,
  -17.3,
  -87.33,
  -87.34,
  -103,
  709.78,
  709.79,
  -708.3,
  -708.4,
  -745.13,
  -745.2,
  1000,
  -1000,
  Math.PI / 2,
  Math.PI,
  2 * Math.PI,
  22,
  355,
  1e6,
  -1e6,
  1e6 + 1,
  -1e6 - 1,
  1e22,
  2 ** 23 + 1,
  0.5 + 2 ** -30,
  2.5,
  -2.5,
]

/** Numbers that lie densely near 0 and 1, sparsely over the whole range, and the edges. */
const samples = (type: 'float32' | 'float64'): number[] => {
  const list = [...edges]
  // where exp gets subnormal, and 0
  for (let i = 0; i <= 2000; i++) list.push(type === 'float32' ? -87 - i / 110 : -708 - i / 50)
  for (let i = -4000; i <= 4000; i++) {
    list.push(i / 1999, i / 97.3, i / 5.31, 1 + i / 1e7, (i / 4000) * (type === 'float32' ? 100 : 760))
    list.push(Math.sign(i) * 2 ** ((i * (type === 'float32' ? 150 : 1074)) / 4000))
  }
  return list.map(type === 'float32' ? Math.fround : Number)
}

const run = (
  name: keyof typeof numbers,
  type: 'float32' | 'float64',
  fused: boolean,
  x: number[],
  exponent?: number,
) => {
  const data = allocate(type, x.length)
  data.set(x)
  const spec = { shape: [x.length], dtype: type }
  const args = exponent === undefined ? [input(0)] : [input(0), constant(exponent)]
  const expression = { kind: 'apply', rule: rules[name as 'exp'], args } as const
  const map = createEager(createRuntime(fused), true)
  return map({ kind: 'map', arity: 1, expression }, [denseValue(data, spec.shape, type)], [spec])![0]!.data
}

const worst = (actual: ArrayLike<number>, exact: readonly number[], type: 'float32' | 'float64') =>
  exact.reduce((error, wanted, i) => Math.max(error, ulpError(actual[i]!, wanted, type)), 0)

/** The bounds that the functions state, and 1 more in float64 for what the numbers themselves are off. */
const bounds = {
  exp: [1, 2],
  expm1: [1.5, 4],
  log: [0.8, 1],
  log1p: [0.8, 1],
  tanh: [1.3, 2],
  sin: [1.5, 1],
  cos: [1.5, 1],
  erf: [1.2, 0],
  sqrt: [0.5, 0],
  abs: [0, 0],
  neg: [0, 0],
  floor: [0, 0],
  ceil: [0, 0],
  round: [0, 0],
  trunc: [0, 0],
  logicalNot: [0, 0],
  tan: [0.5, 0],
  atanh: [0.5, 0],
} as const

const modes = wasmFeatures().relaxedSimd ? [false, true] : [false]

describe.each(modes)('fused: %s', (fused) => {
  describe.each(['float32', 'float64'] as const)('%s', (type) => {
    const x = samples(type)
    test.each(Object.entries(bounds))('%s is within its bound everywhere', (name, [single, double]) => {
      const f = numbers[name as 'exp']
      const actual = run(name as 'exp', type, fused, x)
      expect(worst(actual, x.map(f), type)).toBeLessThanOrEqual(type === 'float32' ? single : double)
    })
    test.each([0.5, -0.5, 1, -1, 2, -2, 3, -3, 4, 2.5, 0])('pow to %d', (exponent) => {
      const actual = run('pow', type, fused, x, exponent)
      const exact = x.map((each) => numbers.pow(each, exponent))
      expect(worst(actual, exact, type)).toBeLessThanOrEqual(4)
    })
  })
})
