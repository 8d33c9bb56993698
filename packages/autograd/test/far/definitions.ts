import type { RuleName } from '../../src/rules/index.js'
import type { Jet } from './jets.js'
import * as j from './jets.js'
import { ln2, pi } from './precise.js'

const { add, sub, mul, div, neg, number: n } = j
const one = n(1)
const turn = j.constant(pi)
/** An odd function from what it is of positive numbers. */
const odd = (f: (x: Jet) => Jet) => (x: Jet) => (j.isNegative(x) ? neg(f(neg(x))) : f(x))
const select = (condition: boolean, a: () => Jet, b: () => Jet): Jet => (condition ? a() : b())

const sigmoid = (x: Jet) => div(one, add(one, j.exp(neg(x))))
const softplus = (x: Jet) => (j.isNegative(x) ? j.log(add(one, j.exp(x))) : add(x, j.log(add(one, j.exp(neg(x))))))
const tanh = odd((x) => {
  const e = j.exp(mul(n(-2), x))
  return div(sub(one, e), add(one, e))
})
const expm1 = (x: Jet) => sub(j.exp(x), one)
const asinh = odd((x) => j.log(add(x, j.sqrt(add(mul(x, x), one)))))
const asin = (x: Jet) => j.atan(div(x, j.sqrt(sub(one, mul(x, x)))))
const elu = (x: Jet, alpha: Jet) => (j.isLess(n(0), x) ? x : mul(alpha, expm1(x)))
const clamp = (x: Jet, low: number, high: number) => (j.isLess(x, n(low)) ? n(low) : j.isLess(n(high), x) ? n(high) : x)
const hardSigmoid = (x: Jet) => div(clamp(add(x, n(3)), 0, 6), n(6))
const sin = (x: Jet) => j.sinCos(x)[0]
const cos = (x: Jet) => j.sinCos(x)[1]
const cubicGate = (x: Jet) => {
  const inner = add(x, mul(n(0.044715), mul(x, mul(x, x))))
  return sigmoid(mul(mul(n(2), j.sqrt(div(n(2), turn))), inner))
}
const erfc = (x: Jet) => sub(one, j.erf(x))
const pow = (a: Jet, b: Jet) => j.exp(mul(b, j.log(a)))

/** What each function is, from its definition. Ones that only choose among their operands are left to other tests. */
export const definitions: { readonly [Name in RuleName]?: (...operands: Jet[]) => Jet } = {
  add: (a, b) => add(a!, b!),
  sub: (a, b) => sub(a!, b!),
  mul: (a, b) => mul(a!, b!),
  div: (a, b) => div(a!, b!),
  neg: (x) => neg(x!),
  abs: (x) => (j.isNegative(x!) ? neg(x!) : x!),
  square: (x) => mul(x!, x!),
  reciprocal: (x) => div(one, x!),
  sqrt: (x) => j.sqrt(x!),
  rsqrt: (x) => div(one, j.sqrt(x!)),
  pow: (a, b) => pow(a!, b!),
  hypot: (a, b) => j.sqrt(add(mul(a!, a!), mul(b!, b!))),
  remainder: (a, b) => sub(a!, mul(j.floor(div(a!, b!)), b!)),
  lerp: (a, b, t) => add(mul(sub(one, t!), a!), mul(t!, b!)),
  exp: (x) => j.exp(x!),
  exp2: (x) => j.exp(mul(x!, j.constant(ln2))),
  expm1: (x) => expm1(x!),
  log: j.log,
  log2: (x) => div(j.log(x!), j.constant(ln2)),
  log10: (x) => div(j.log(x!), j.log(n(10))),
  log1p: (x) => j.log(add(one, x!)),
  logAddExp: (a, b) => add(a!, softplus(sub(b!, a!))),
  xlogy: (x, y) => mul(x!, j.log(y!)),
  sin: (x) => sin(x!),
  cos: (x) => cos(x!),
  tan: (x) => div(sin(x!), cos(x!)),
  asin: (x) => asin(x!),
  acos: (x) => sub(div(turn, n(2)), asin(x!)),
  atan: (x) => j.atan(x!),
  atan2: (y, x) => {
    const angle = j.atan(div(y!, x!))
    return select(
      j.isNegative(x!),
      () => (j.isNegative(y!) ? sub(angle, turn) : add(angle, turn)),
      () => angle,
    )
  },
  sinc: (x) => div(sin(mul(turn, x!)), mul(turn, x!)),
  sinh: (x) => div(sub(j.exp(x!), j.exp(neg(x!))), n(2)),
  cosh: (x) => div(add(j.exp(x!), j.exp(neg(x!))), n(2)),
  tanh: (x) => tanh(x!),
  asinh: (x) => asinh(x!),
  acosh: (x) => j.log(add(x!, j.sqrt(sub(mul(x!, x!), one)))),
  atanh: (x) => div(j.log(div(add(one, x!), sub(one, x!))), n(2)),
  erf: (x) => j.erf(x!),
  erfc: (x) => erfc(x!),
  sigmoid: (x) => sigmoid(x!),
  softplus: (x) => softplus(x!),
  logSigmoid: (x) => neg(softplus(neg(x!))),
  relu: (x) => clamp(x!, 0, Number.MAX_VALUE),
  relu6: (x) => clamp(x!, 0, 6),
  leakyRelu: (x, slope) => (j.isNegative(x!) ? mul(slope!, x!) : x!),
  elu: (x, alpha) => elu(x!, alpha!),
  celu: (x, alpha) => (j.isLess(n(0), x!) ? x! : mul(alpha!, expm1(div(x!, alpha!)))),
  selu: (x) => mul(n(1.0507009873554805), elu(x!, n(1.6732632423543772))),
  silu: (x) => mul(x!, sigmoid(x!)),
  mish: (x) => mul(x!, tanh(softplus(x!))),
  gelu: (x) => div(mul(x!, erfc(div(neg(x!), j.sqrt(n(2))))), n(2)),
  geluTanh: (x) => mul(x!, cubicGate(x!)),
  hardSigmoid: (x) => hardSigmoid(x!),
  hardSwish: (x) => mul(x!, hardSigmoid(x!)),
  hardTanh: (x) => clamp(x!, -1, 1),
  softsign: (x) => div(x!, add(one, j.isNegative(x!) ? neg(x!) : x!)),
  tanhShrink: (x) => sub(x!, tanh(x!)),
}
