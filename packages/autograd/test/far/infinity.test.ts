import { grad, jvp, ones, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { functions } from '../../src/ops/index.js'
import { type RuleName, rules } from '../../src/rules/index.js'
import type { Rule } from '../../src/rules/rule.js'
import { type Fn, ways } from './ways.js'

// What each function tends to at the infinities and at 0, with its derivatives: limits taken by hand.

/** Operands, the value and, by operand, the first and the second derivative; null for what is not said. */
type Row = readonly [operands: readonly number[], value: number, ...(readonly [number, number | null])[]]

const inf = Infinity
const nan = NaN
const rows: { readonly [Name in RuleName]?: readonly Row[] } = {
  silu: [
    [[-inf], 0, [0, 0]],
    [[inf], inf, [1, 0]],
    [[0], 0, [0.5, 0.5]],
  ],
  gelu: [
    [[-inf], 0, [0, 0]],
    [[inf], inf, [1, 0]],
    [[0], 0, [0.5, Math.sqrt(2 / Math.PI)]],
  ],
  geluTanh: [
    [[-inf], 0, [0, 0]],
    [[inf], inf, [1, 0]],
    [[0], 0, [0.5, Math.sqrt(2 / Math.PI)]],
  ],
  mish: [
    [[-inf], 0, [0, 0]],
    [[inf], inf, [1, 0]],
    [[0], 0, [0.6, null]],
  ],
  hardSwish: [
    [[-inf], 0, [0, 0]],
    [[inf], inf, [1, 0]],
    [[0], 0, [0.5, 1 / 3]],
  ],
  hardSigmoid: [
    [[-inf], 0, [0, 0]],
    [[inf], 1, [0, 0]],
  ],
  hardTanh: [
    [[-inf], -1, [0, 0]],
    [[inf], 1, [0, 0]],
  ],
  relu: [
    [[-inf], 0, [0, 0]],
    [[inf], inf, [1, 0]],
  ],
  relu6: [
    [[-inf], 0, [0, 0]],
    [[inf], 6, [0, 0]],
  ],
  leakyRelu: [
    [[-inf, 0.25], -inf, [0.25, 0], [-inf, 0]],
    [[inf, 0.25], inf, [1, 0], [0, 0]],
  ],
  elu: [
    [[-inf, 0.5], -0.5, [0, 0], [-1, 0]],
    [[inf, 0.5], inf, [1, 0], [0, 0]],
  ],
  celu: [
    [[-inf, 0.5], -0.5, [0, 0], [-1, 0]],
    [[inf, 0.5], inf, [1, 0], [0, 0]],
  ],
  selu: [
    [[-inf], -1.0507009873554805 * 1.6732632423543772, [0, 0]],
    [[inf], inf, [1.0507009873554805, 0]],
  ],
  softsign: [
    [[-inf], -1, [0, 0]],
    [[inf], 1, [0, 0]],
    [[0], 0, [1, 0]],
  ],
  softplus: [
    [[-inf], 0, [0, 0]],
    [[inf], inf, [1, 0]],
    [[0], Math.LN2, [0.5, 0.25]],
  ],
  sigmoid: [
    [[-inf], 0, [0, 0]],
    [[inf], 1, [0, 0]],
    [[0], 0.5, [0.25, 0]],
  ],
  logSigmoid: [
    [[-inf], -inf, [1, 0]],
    [[inf], 0, [0, 0]],
    [[0], -Math.LN2, [0.5, -0.25]],
  ],
  tanhShrink: [
    [[-inf], -inf, [1, 0]],
    [[inf], inf, [1, 0]],
    [[0], 0, [0, 0]],
  ],
  tanh: [
    [[-inf], -1, [0, 0]],
    [[inf], 1, [0, 0]],
    [[0], 0, [1, 0]],
  ],
  erf: [
    [[-inf], -1, [0, 0]],
    [[inf], 1, [0, 0]],
    [[0], 0, [2 / Math.sqrt(Math.PI), 0]],
  ],
  erfc: [
    [[-inf], 2, [0, 0]],
    [[inf], 0, [0, 0]],
    [[0], 1, [-2 / Math.sqrt(Math.PI), 0]],
  ],
  erfinv: [
    [[1], inf, [inf, inf]],
    [[-1], -inf, [inf, -inf]],
    [[2], nan, [nan, nan]],
  ],
  logit: [
    [[0], -inf, [inf, -inf]],
    [[1], inf, [inf, inf]],
    [[0.5], 0, [4, 0]],
  ],
  lgamma: [
    [[inf], inf, [inf, 0]],
    [[-inf], inf, [nan, nan]],
    [[0], inf, [-inf, inf]],
    [[-2], inf, [nan, inf]],
    [[1], 0, [-0.5772156649015329, Math.PI ** 2 / 6]],
  ],
  digamma: [
    [[inf], inf, [0, 0]],
    [[0], -inf, [inf, -inf]],
    [[-2], nan, [inf, nan]],
  ],
  i0: [
    [[-inf], inf, [-inf, inf]],
    [[0], 1, [0, 0.5]],
  ],
  i1: [
    [[-inf], -inf, [inf, -inf]],
    [[0], 0, [0.5, 0]],
  ],
  fmod: [
    [[-1, inf], -1, [1, 0], [0, 0]],
    [[5, 0], nan, [nan, null], [nan, null]],
    [[inf, 3], nan, [nan, null], [nan, null]],
  ],
  floorDivide: [
    [[-1, inf], -1, [0, 0], [0, 0]],
    [[-1, 0], -inf, [0, 0], [0, 0]],
    [[inf, 3], nan, [0, 0], [0, 0]],
  ],
  frac: [[[inf], nan, [nan, null]]],
  fmax: [
    [[nan, 1], 1, [0, 0], [1, 0]],
    [[nan, nan], nan, [0, 0], [0, 0]],
    [[inf, inf], inf, [0.5, 0], [0.5, 0]],
  ],
  copysign: [
    [[2, -0], -2, [-1, 0], [0, 0]],
    [[-inf, 1], inf, [-1, 0], [0, 0]],
    [[0, -1], 0, [0, 0], [0, 0]],
  ],
  logAddExp2: [
    [[-inf, -inf], -inf, [0.5, null], [0.5, null]],
    [[inf, 1], inf, [1, 0], [0, 0]],
    [[-inf, 1], 1, [0, 0], [1, 0]],
  ],
  sinc: [
    [[-inf], 0, [0, 0]],
    [[inf], 0, [0, 0]],
    [[0], 1, [0, -(Math.PI ** 2) / 3]],
  ],
  sin: [[[inf], nan, [nan, nan]]],
  atan: [
    [[-inf], -Math.PI / 2, [0, 0]],
    [[inf], Math.PI / 2, [0, 0]],
    [[0], 0, [1, 0]],
  ],
  asinh: [
    [[-inf], -inf, [0, 0]],
    [[inf], inf, [0, 0]],
    [[0], 0, [1, 0]],
  ],
  acosh: [
    [[inf], inf, [0, 0]],
    [[1], 0, [inf, null]],
  ],
  atanh: [
    [[1], inf, [inf, inf]],
    [[-1], -inf, [inf, -inf]],
    [[0], 0, [1, 0]],
  ],
  log: [
    [[inf], inf, [0, 0]],
    [[0], -inf, [inf, -inf]],
  ],
  log2: [
    [[inf], inf, [0, 0]],
    [[0], -inf, [inf, -inf]],
  ],
  log10: [
    [[inf], inf, [0, 0]],
    [[0], -inf, [inf, -inf]],
  ],
  log1p: [
    [[inf], inf, [0, 0]],
    [[-1], -inf, [inf, -inf]],
  ],
  exp: [
    [[-inf], 0, [0, 0]],
    [[inf], inf, [inf, inf]],
  ],
  exp2: [
    [[-inf], 0, [0, 0]],
    [[inf], inf, [inf, inf]],
  ],
  expm1: [
    [[-inf], -1, [0, 0]],
    [[inf], inf, [inf, inf]],
  ],
  sinh: [
    [[-inf], -inf, [inf, -inf]],
    [[inf], inf, [inf, inf]],
  ],
  cosh: [
    [[-inf], inf, [-inf, inf]],
    [[inf], inf, [inf, inf]],
  ],
  sqrt: [
    [[inf], inf, [0, 0]],
    [[0], 0, [inf, null]],
  ],
  rsqrt: [
    [[inf], 0, [0, 0]],
    [[0], inf, [-inf, inf]],
  ],
  reciprocal: [
    [[-inf], 0, [0, 0]],
    [[inf], 0, [0, 0]],
    [[0], inf, [-inf, inf]],
  ],
  square: [
    [[-inf], inf, [-inf, 2]],
    [[inf], inf, [inf, 2]],
  ],
  div: [
    [[1, inf], 0, [0, 0], [0, 0]],
    [[inf, 2], inf, [0.5, 0], [-inf, inf]],
    [[1, 0], inf, [inf, 0], [-inf, inf]],
  ],
  hypot: [
    [[inf, 1], inf, [1, 0], [0, 0]],
    [[1, -inf], inf, [0, 0], [-1, 0]],
    [[inf, -inf], inf, [Math.SQRT1_2, 0], [-Math.SQRT1_2, 0]],
    [[0, 0], 0, [0, 0], [0, 0]],
  ],
  atan2: [
    [[inf, 1], Math.PI / 2, [0, 0], [0, 0]],
    [[1, inf], 0, [0, 0], [0, 0]],
    [[1, -inf], Math.PI, [0, 0], [0, 0]],
    [[inf, inf], Math.PI / 4, [0, 0], [0, 0]],
  ],
  pow: [
    [[inf, 0.5], inf, [0, 0], [inf, null]],
    [[inf, -1], 0, [0, 0], [0, null]],
    [[2, -inf], 0, [0, null], [0, 0]],
    [[2, inf], inf, [inf, null], [inf, inf]],
    [[0, 2], 0, [0, 2], [0, 0]],
    [[0, 0], 1, [0, 0], [0, 0]],
    [[0, -1], inf, [-inf, inf], [-inf, inf]],
  ],
  remainder: [
    [[-1, inf], inf, [1, 0], [1, 0]],
    [[1, inf], 1, [1, 0], [0, 0]],
    [[1, -inf], -inf, [1, 0], [1, 0]],
    [[-1, -inf], -1, [1, 0], [0, 0]],
    [[5, 0], nan, [nan, null], [nan, null]],
    [[inf, 3], nan, [nan, null], [nan, null]],
  ],
  logAddExp: [
    [[-inf, -inf], -inf, [0.5, null], [0.5, null]],
    [[inf, inf], inf, [0.5, null], [0.5, null]],
    [[inf, 1], inf, [1, 0], [0, 0]],
    [[inf, -inf], inf, [1, 0], [0, 0]],
    [[-inf, 1], 1, [0, 0], [1, 0]],
  ],
  xlogy: [
    [[0, 0], 0, [-inf, 0], [0, 0]],
    [[0, inf], 0, [inf, 0], [0, 0]],
    [[2, inf], inf, [inf, 0], [0, 0]],
    [[2, 0], -inf, [-inf, 0], [inf, -inf]],
  ],
  lerp: [
    [[-1.5e308, 1.5e308, 0.5], 0, [0.5, 0], [0.5, 0], [inf, 0]],
    [[inf, 1, 1], 1, [0, 0], [1, 0], [-inf, 0]],
    [[1, inf, 0], 1, [1, 0], [0, 0], [inf, 0]],
    [[1, inf, 0.5], inf, [0.5, 0], [0.5, 0], [inf, 0]],
  ],
}

describe.each(ways)('%s', (_, wrap) => {
  test.each(Object.keys(rows) as RuleName[])('%s', (name) => {
    const rule: Rule = rules[name]
    const op = functions[name] as unknown as Fn
    for (const dtype of ['float64', 'float32'] as const) {
      const fits = rows[name]!.filter(
        ([operands]) => dtype === 'float64' || operands.every((x) => Math.abs(x) !== 1.5e308),
      )
      const operands = Array.from({ length: rule.arity }, (_, i) =>
        tensor(
          fits.map(([list]) => list[i]!),
          { dtype },
        ),
      ) as Tensor[]
      const close = (wanted: number | null) =>
        wanted === null
          ? expect.anything()
          : Number.isFinite(wanted)
            ? expect.closeTo(wanted, dtype === 'float64' ? 14 : 6)
            : wanted
      const check = (what: string, got: Tensor, wanted: readonly (number | null)[]) =>
        expect(
          [...got.data].map((number) => number + 0),
          `${dtype} ${what}`,
        ).toEqual(wanted.map(close))
      check(
        'value',
        wrap(op)(...operands),
        fits.map(([, value]) => value),
      )
      operands.forEach((_, i) => {
        const alongI = (all: Tensor[]) => (x: Tensor) => op(...all.with(i, x))
        const first: Fn = (...all) => grad((x: Tensor) => alongI(all)(x).sum())(all[i]!) as Tensor
        const forward: Fn = (...all) =>
          jvp(alongI(all), [all[i]!], [ones(all[i]!.shape, { dtype }) as Tensor])[1] as Tensor
        const second: Fn = (...all) => grad((x: Tensor) => first(...all.with(i, x)).sum())(all[i]!) as Tensor
        const slopes = fits.map(([, , ...partials]) => partials[i]!)
        check(
          `partial ${i}`,
          wrap(first)(...operands),
          slopes.map(([slope]) => slope),
        )
        check(
          `tangent ${i}`,
          wrap(forward)(...operands),
          slopes.map(([slope]) => slope),
        )
        check(
          `second partial ${i}`,
          wrap(second)(...operands),
          slopes.map(([, curvature]) => curvature),
        )
      })
    }
  })
})
