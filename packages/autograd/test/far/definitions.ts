import type { RuleName } from '../../src/rules/index.js'
import { brought, erfc, expm1, lifted, type Precise, precise, tanh, trunc } from './algebra.js'
import { besselI, psi } from './gamma.js'
import type { Jet } from './jets.js'
import * as j from './jets.js'
import { ln2, pi } from './precise.js'

const { add, sub, mul, div, neg, number: n } = j
const one = n(1)
const turn = j.constant(pi)
const select = (condition: boolean, a: () => Jet, b: () => Jet): Jet => (condition ? a() : b())

const sigmoid = (x: Jet) => div(one, add(one, j.exp(neg(x))))
const softplus = (x: Jet) => (j.isNegative(x) ? j.log(add(one, j.exp(x))) : add(x, j.log(add(one, j.exp(neg(x))))))
const elu = (x: Jet, alpha: Jet) => (j.isLess(n(0), x) ? x : mul(alpha, expm1(x)))
const clamp = (x: Jet, low: number, high: number) => (j.isLess(x, n(low)) ? n(low) : j.isLess(n(high), x) ? n(high) : x)
const hardSigmoid = (x: Jet) => div(clamp(add(x, n(3)), 0, 6), n(6))
const sin = (x: Jet) => j.sinCos(x)[0]
const cubicGate = (x: Jet) => {
  const inner = add(x, mul(n(0.044715), mul(x, mul(x, x))))
  return sigmoid(mul(mul(n(2), j.sqrt(div(n(2), turn))), inner))
}

const primitives = [
  ...(['add', 'sub', 'mul', 'div', 'neg', 'abs', 'sqrt', 'pow', 'hypot', 'remainder', 'exp', 'expm1', 'log'] as const),
  ...([
    'log1p',
    'sin',
    'cos',
    'tan',
    'asin',
    'acos',
    'atan',
    'atan2',
    'sinh',
    'cosh',
    'tanh',
    'asinh',
    'acosh',
  ] as const),
  ...(['atanh', 'erf', 'erfc'] as const),
]

/** What composites are, each from its definition. */
const composites: { readonly [Name in RuleName]?: (...operands: Jet[]) => Jet } = {
  square: (x) => mul(x!, x!),
  reciprocal: (x) => div(one, x!),
  rsqrt: (x) => div(one, j.sqrt(x!)),
  floorDivide: (a, b) => j.floor(div(a!, b!)),
  frac: (x) => sub(x!, trunc(x!)),
  lerp: (a, b, t) => add(mul(sub(one, t!), a!), mul(t!, b!)),
  exp2: (x) => j.exp(mul(x!, j.constant(ln2))),
  log2: (x) => div(j.log(x!), j.constant(ln2)),
  log10: (x) => div(j.log(x!), j.log(n(10))),
  logAddExp: (a, b) => add(a!, softplus(sub(b!, a!))),
  logAddExp2: (a, b) => {
    const log2 = j.constant(ln2)
    return add(a!, div(softplus(mul(log2, sub(b!, a!))), log2))
  },
  logit: (x) => j.log(div(x!, sub(one, x!))),
  xlogy: (x, y) => mul(x!, j.log(y!)),
  sinc: (x) => div(sin(mul(turn, x!)), mul(turn, x!)),
  digamma: (x) => psi(0, x!),
  i0: (x) => besselI(0, x!),
  i1: (x) => besselI(1, x!),
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
  softshrink: (x, lambda) => {
    const [down, up] = [sub(x!, lambda!), add(x!, lambda!)]
    return select(
      j.isLess(n(0), x!),
      () => (j.isLess(n(0), down) ? down : n(0)),
      () => (j.isNegative(up) ? up : n(0)),
    )
  },
}

/** What each function is, from its definition. Ones that only choose among their operands are left to other tests. */
export const definitions: { readonly [Name in RuleName]?: (...operands: Precise[]) => Precise } = {
  ...Object.fromEntries(primitives.map((name) => [name, precise[name]])),
  ...{ fmod: brought.fmod, erfinv: brought.erfinv, lgamma: brought.lgamma },
  ...Object.fromEntries(Object.entries(composites).map(([name, f]) => [name, lifted(f)])),
}
