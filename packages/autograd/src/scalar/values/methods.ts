// Written by scripts/scalar-tape.ts from the table of rules: change it there.

import { numbers } from '../../rules/numbers.js'
import { rules } from '../../rules/table.js'
import { general, miscounted, type Num, type Scalar } from '../num.js'
import { one, oneWith, three, two, ValueNode } from './value.js'

/** Where an operand is no Value. */
const elsewhere = {
  add: general(rules.add),
  atan2: general(rules.atan2),
  besselI: general(rules.besselI),
  celu: general(rules.celu),
  clamp: general(rules.clamp),
  copysign: general(rules.copysign),
  div: general(rules.div),
  elu: general(rules.elu),
  equal: general(rules.equal),
  floorDivide: general(rules.floorDivide),
  fmax: general(rules.fmax),
  fmin: general(rules.fmin),
  fmod: general(rules.fmod),
  greater: general(rules.greater),
  greaterEqual: general(rules.greaterEqual),
  hardshrink: general(rules.hardshrink),
  hypot: general(rules.hypot),
  integerMul: general(rules.integerMul),
  integerPow: general(rules.integerPow),
  leakyRelu: general(rules.leakyRelu),
  lerp: general(rules.lerp),
  less: general(rules.less),
  lessEqual: general(rules.lessEqual),
  logAddExp: general(rules.logAddExp),
  logAddExp2: general(rules.logAddExp2),
  logicalAnd: general(rules.logicalAnd),
  logicalOr: general(rules.logicalOr),
  logicalXor: general(rules.logicalXor),
  maximum: general(rules.maximum),
  minimum: general(rules.minimum),
  mul: general(rules.mul),
  notEqual: general(rules.notEqual),
  pow: general(rules.pow),
  psi: general(rules.psi),
  remainder: general(rules.remainder),
  scale: general(rules.scale),
  select: general(rules.select),
  softshrink: general(rules.softshrink),
  sub: general(rules.sub),
  threshold: general(rules.threshold),
  where: general(rules.where),
  xlogy: general(rules.xlogy),
}

const abs = numbers.abs
const acos = numbers.acos
const acosh = numbers.acosh
const asin = numbers.asin
const asinh = numbers.asinh
const atan = numbers.atan
const atan2 = numbers.atan2
const atanh = numbers.atanh
const besselIOfNumbers = rules.besselI.numeric!
const ceil = numbers.ceil
const cos = numbers.cos
const cosh = numbers.cosh
const erf = numbers.erf
const erfc = numbers.erfc
const erfinvOfNumbers = rules.erfinv.numeric!
const exp = numbers.exp
const expm1 = numbers.expm1
const floor = numbers.floor
const fmodOfNumbers = rules.fmod.numeric!
const hypot = numbers.hypot
const integerMul = numbers.integerMul
const integerPow = numbers.integerPow
const lgammaOfNumbers = rules.lgamma.numeric!
const log = numbers.log
const log1p = numbers.log1p
const maximum = numbers.maximum
const minimum = numbers.minimum
const pow = numbers.pow
const psiOfNumbers = rules.psi.numeric!
const remainder = numbers.remainder
const round = numbers.round
const sin = numbers.sin
const sinh = numbers.sinh
const sqrt = numbers.sqrt
const tan = numbers.tan
const tanh = numbers.tanh
const trunc = numbers.trunc

/** What each rule makes of Values: one that has them, and the partial derivatives by them. */
export const valueMethods = {
  abs(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('abs', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = abs(x)
    const v4 = x < 0 ? 1 : 0
    const v5 = v4 !== 0 ? (-1) : 0
    const v7 = 0 < x ? 1 : 0
    const v8 = v7 !== 0 ? 1 : v5
    return one(rules.abs, v1, a, v8)
  },
  acos(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('acos', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = acos(x)
    const v3 = 1 + x
    const v4 = 1 - x
    const v5 = v4 * v3
    const v6 = sqrt(v5)
    const v7 = 1 / v6
    const v8 = -v7
    return one(rules.acos, v1, a, v8)
  },
  acosh(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('acosh', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = acosh(x)
    const v3 = x + 1
    const v4 = sqrt(v3)
    const v5 = x - 1
    const v6 = sqrt(v5)
    const v7 = v6 * v4
    const v8 = 1 / v7
    return one(rules.acosh, v1, a, v8)
  },
  add(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('add', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = x + y
      return oneWith(rules.add, v2, a, 1, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.add.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = x + y
    return two(rules.add, v2, a, 1, b, 1)
  },
  asin(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('asin', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = asin(x)
    const v3 = 1 + x
    const v4 = 1 - x
    const v5 = v4 * v3
    const v6 = sqrt(v5)
    const v7 = 1 / v6
    return one(rules.asin, v1, a, v7)
  },
  asinh(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('asinh', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = asinh(x)
    const v3 = hypot(x, 1)
    const v4 = 1 / v3
    return one(rules.asinh, v1, a, v4)
  },
  atan(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('atan', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = atan(x)
    const v3 = 1 / x
    const v4 = abs(x)
    const v5 = 1 < v4 ? 1 : 0
    const v6 = v5 !== 0 ? v3 : x
    const v7 = v6 * v6
    const v8 = 1 + v7
    const v9 = v5 !== 0 ? v7 : 1
    const v10 = v9 / v8
    return one(rules.atan, v1, a, v10)
  },
  atan2(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('atan2', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = atan2(x, y)
      const v3 = hypot(x, y)
      const v4 = y / v3
      const v5 = v4 / v3
      const v8 = v3 === Infinity ? 1 : 0
      const v9 = v3 === 0 ? 1 : 0
      const v10 = v9 !== 0 || v8 !== 0 ? 1 : 0
      const v11 = v10 !== 0 ? 0 : v5
      return oneWith(rules.atan2, v2, a, v11, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.atan2.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = atan2(x, y)
    const v3 = hypot(x, y)
    const v4 = y / v3
    const v5 = v4 / v3
    const v8 = v3 === Infinity ? 1 : 0
    const v9 = v3 === 0 ? 1 : 0
    const v10 = v9 !== 0 || v8 !== 0 ? 1 : 0
    const v11 = v10 !== 0 ? 0 : v5
    const v12 = x / v3
    const v13 = v12 / v3
    const v14 = -v13
    const v15 = v10 !== 0 ? 0 : v14
    return two(rules.atan2, v2, a, v11, b, v15)
  },
  atanh(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('atanh', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = atanh(x)
    const v3 = 1 + x
    const v4 = 1 - x
    const v5 = v4 * v3
    const v6 = 1 / v5
    return one(rules.atanh, v1, a, v6)
  },
  besselI(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('besselI', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = besselIOfNumbers(x, y)
      return oneWith(rules.besselI, v2, a, 0, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.besselI.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = besselIOfNumbers(x, y)
    const v5 = x + 1
    const v6 = besselIOfNumbers(v5, y)
    const v7 = x - 1
    const v8 = besselIOfNumbers(v7, y)
    const v9 = v8 + v6
    const v11 = 0.5 * v9
    return two(rules.besselI, v2, a, 0, b, v11)
  },
  ceil(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('ceil', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = ceil(x)
    return one(rules.ceil, v1, a, 0)
  },
  celu(this: ValueNode, y_: Scalar = 1): Num {
    if (arguments.length > 1) throw miscounted('celu', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = x / y
      const v3 = expm1(v2)
      const v4 = y * v3
      const v6 = abs(v2)
      const v7 = v6 < 8.673617379884035e-19 ? 1 : 0
      const v9 = 0 < x ? 1 : 0
      const v10 = v9 !== 0 || v7 !== 0 ? 1 : 0
      const v11 = v10 !== 0 ? x : v4
      const v12 = exp(v2)
      const v14 = v9 !== 0 ? 1 : v12
      return oneWith(rules.celu, v11, a, v14, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.celu.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = x / y
    const v3 = expm1(v2)
    const v4 = y * v3
    const v6 = abs(v2)
    const v7 = v6 < 8.673617379884035e-19 ? 1 : 0
    const v9 = 0 < x ? 1 : 0
    const v10 = v9 !== 0 || v7 !== 0 ? 1 : 0
    const v11 = v10 !== 0 ? x : v4
    const v12 = exp(v2)
    const v14 = v9 !== 0 ? 1 : v12
    const v15 = v2 === 0 || v12 === 0 ? 0 : v2 * v12
    const v16 = v3 - v15
    const v17 = v9 !== 0 ? 0 : v16
    return two(rules.celu, v11, a, v14, b, v17)
  },
  clamp(this: ValueNode, y_: Scalar, z_: Scalar): Num {
    if (arguments.length > 2 || arguments.length < 2) throw miscounted('clamp', 2, arguments.length)
    if (!(y_ instanceof ValueNode) || !(z_ instanceof ValueNode)) {
      return elsewhere.clamp.call(this, y_, z_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const c = z_
    const z = c.known
    const v3 = maximum(x, y)
    const v4 = minimum(v3, z)
    const v7 = x <= z ? 1 : 0
    const v8 = y <= x ? 1 : 0
    const v9 = v8 !== 0 && v7 !== 0 ? 1 : 0
    const v10 = v9 !== 0 ? 1 : 0
    const v11 = y <= z ? 1 : 0
    const v12 = x < y ? 1 : 0
    const v13 = v12 !== 0 && v11 !== 0 ? 1 : 0
    const v14 = v13 !== 0 ? 1 : 0
    const v15 = z < v3 ? 1 : 0
    const v16 = v15 !== 0 ? 1 : 0
    return three(rules.clamp, v4, a, v10, b, v14, c, v16)
  },
  copysign(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('copysign', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v1 = abs(x)
      const v2 = -v1
      const v6 = 1 / y
      const v7 = y === 0 ? 1 : 0
      const v8 = v7 !== 0 ? v6 : y
      const v9 = v8 < 0 ? 1 : 0
      const v10 = v9 !== 0 ? v2 : v1
      const v12 = v9 !== 0 ? 1 : (-1)
      const v13 = x < 0 ? 1 : 0
      const v14 = v13 !== 0 ? v12 : 0
      const v15 = v9 !== 0 ? (-1) : 1
      const v16 = 0 < x ? 1 : 0
      const v17 = v16 !== 0 ? v15 : v14
      return oneWith(rules.copysign, v10, a, v17, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.copysign.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v1 = abs(x)
    const v2 = -v1
    const v6 = 1 / y
    const v7 = y === 0 ? 1 : 0
    const v8 = v7 !== 0 ? v6 : y
    const v9 = v8 < 0 ? 1 : 0
    const v10 = v9 !== 0 ? v2 : v1
    const v12 = v9 !== 0 ? 1 : (-1)
    const v13 = x < 0 ? 1 : 0
    const v14 = v13 !== 0 ? v12 : 0
    const v15 = v9 !== 0 ? (-1) : 1
    const v16 = 0 < x ? 1 : 0
    const v17 = v16 !== 0 ? v15 : v14
    return two(rules.copysign, v10, a, v17, b, 0)
  },
  cos(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('cos', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = cos(x)
    const v2 = sin(x)
    const v3 = -v2
    return one(rules.cos, v1, a, v3)
  },
  cosh(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('cosh', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = cosh(x)
    const v2 = sinh(x)
    return one(rules.cosh, v1, a, v2)
  },
  digamma(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('digamma', 0, arguments.length)
    const a = this
    const x = a.known
    const v2 = psiOfNumbers(0, x)
    const v4 = psiOfNumbers(1, x)
    return one(rules.digamma, v2, a, v4)
  },
  div(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('div', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = x / y
      const v4 = 1 / y
      return oneWith(rules.div, v2, a, v4, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.div.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = x / y
    const v4 = 1 / y
    const v5 = v2 / y
    const v6 = -v5
    return two(rules.div, v2, a, v4, b, v6)
  },
  elu(this: ValueNode, y_: Scalar = 1): Num {
    if (arguments.length > 1) throw miscounted('elu', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v1 = expm1(x)
      const v3 = y * v1
      const v5 = 0 < x ? 1 : 0
      const v6 = v5 !== 0 ? x : v3
      const v7 = exp(x)
      const v8 = y * v7
      const v10 = v5 !== 0 ? 1 : v8
      return oneWith(rules.elu, v6, a, v10, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.elu.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v1 = expm1(x)
    const v3 = y * v1
    const v5 = 0 < x ? 1 : 0
    const v6 = v5 !== 0 ? x : v3
    const v7 = exp(x)
    const v8 = y * v7
    const v10 = v5 !== 0 ? 1 : v8
    const v11 = v5 !== 0 ? 0 : v1
    return two(rules.elu, v6, a, v10, b, v11)
  },
  equal(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('equal', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = x === y ? 1 : 0
      return oneWith(rules.equal, v2, a, 0, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.equal.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = x === y ? 1 : 0
    return two(rules.equal, v2, a, 0, b, 0)
  },
  erf(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('erf', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = erf(x)
    const v2 = x * x
    const v3 = -v2
    const v4 = exp(v3)
    const v6 = 1.1283791670955126 * v4
    return one(rules.erf, v1, a, v6)
  },
  erfc(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('erfc', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = erfc(x)
    const v2 = x * x
    const v3 = -v2
    const v4 = exp(v3)
    const v6 = 1.1283791670955126 * v4
    const v7 = -v6
    return one(rules.erfc, v1, a, v7)
  },
  erfinv(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('erfinv', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = erfinvOfNumbers(x)
    const v2 = v1 * v1
    const v3 = exp(v2)
    const v5 = 0.8862269254527579 * v3
    return one(rules.erfinv, v1, a, v5)
  },
  exp(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('exp', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = exp(x)
    return one(rules.exp, v1, a, v1)
  },
  exp2(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('exp2', 0, arguments.length)
    const a = this
    const x = a.known
    const v2 = pow(2, x)
    const v4 = 0.6931471805599453 * v2
    return one(rules.exp2, v2, a, v4)
  },
  expm1(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('expm1', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = expm1(x)
    const v2 = exp(x)
    return one(rules.expm1, v1, a, v2)
  },
  floor(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('floor', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = floor(x)
    return one(rules.floor, v1, a, 0)
  },
  floorDivide(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('floorDivide', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v3 = y < 0 ? 1 : 0
      const v5 = fmodOfNumbers(x, y)
      const v6 = v5 < 0 ? 1 : 0
      const v7 = v6 === v3 ? 1 : 0
      const v8 = v7 === 0 ? 1 : 0
      const v9 = v5 === 0 ? 1 : 0
      const v10 = v9 === 0 ? 1 : 0
      const v11 = v10 !== 0 && v8 !== 0 ? 1 : 0
      const v12 = v11 !== 0 ? 1 : 0
      const v13 = x - v5
      const v14 = v13 / y
      const v15 = round(v14)
      const v16 = v15 - v12
      const v17 = x / y
      const v18 = y === 0 ? 1 : 0
      const v19 = v18 !== 0 ? v17 : v16
      return oneWith(rules.floorDivide, v19, a, 0, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.floorDivide.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v3 = y < 0 ? 1 : 0
    const v5 = fmodOfNumbers(x, y)
    const v6 = v5 < 0 ? 1 : 0
    const v7 = v6 === v3 ? 1 : 0
    const v8 = v7 === 0 ? 1 : 0
    const v9 = v5 === 0 ? 1 : 0
    const v10 = v9 === 0 ? 1 : 0
    const v11 = v10 !== 0 && v8 !== 0 ? 1 : 0
    const v12 = v11 !== 0 ? 1 : 0
    const v13 = x - v5
    const v14 = v13 / y
    const v15 = round(v14)
    const v16 = v15 - v12
    const v17 = x / y
    const v18 = y === 0 ? 1 : 0
    const v19 = v18 !== 0 ? v17 : v16
    return two(rules.floorDivide, v19, a, 0, b, 0)
  },
  fmax(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('fmax', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = maximum(x, y)
      const v3 = y === y ? 1 : 0
      const v4 = v3 === 0 ? 1 : 0
      const v5 = v4 !== 0 ? x : v2
      const v6 = x === x ? 1 : 0
      const v7 = v6 === 0 ? 1 : 0
      const v8 = v7 !== 0 ? y : v5
      const v11 = x === y ? 1 : 0
      const v12 = v11 !== 0 ? 0.5 : 0
      const v14 = v4 !== 0 && v6 !== 0 ? 1 : 0
      const v15 = y < x ? 1 : 0
      const v16 = v15 !== 0 || v14 !== 0 ? 1 : 0
      const v17 = v16 !== 0 ? 1 : v12
      return oneWith(rules.fmax, v8, a, v17, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.fmax.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = maximum(x, y)
    const v3 = y === y ? 1 : 0
    const v4 = v3 === 0 ? 1 : 0
    const v5 = v4 !== 0 ? x : v2
    const v6 = x === x ? 1 : 0
    const v7 = v6 === 0 ? 1 : 0
    const v8 = v7 !== 0 ? y : v5
    const v11 = x === y ? 1 : 0
    const v12 = v11 !== 0 ? 0.5 : 0
    const v14 = v4 !== 0 && v6 !== 0 ? 1 : 0
    const v15 = y < x ? 1 : 0
    const v16 = v15 !== 0 || v14 !== 0 ? 1 : 0
    const v17 = v16 !== 0 ? 1 : v12
    const v18 = v7 !== 0 && v3 !== 0 ? 1 : 0
    const v19 = x < y ? 1 : 0
    const v20 = v19 !== 0 || v18 !== 0 ? 1 : 0
    const v21 = v20 !== 0 ? 1 : v12
    return two(rules.fmax, v8, a, v17, b, v21)
  },
  fmin(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('fmin', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = minimum(x, y)
      const v3 = y === y ? 1 : 0
      const v4 = v3 === 0 ? 1 : 0
      const v5 = v4 !== 0 ? x : v2
      const v6 = x === x ? 1 : 0
      const v7 = v6 === 0 ? 1 : 0
      const v8 = v7 !== 0 ? y : v5
      const v11 = x === y ? 1 : 0
      const v12 = v11 !== 0 ? 0.5 : 0
      const v14 = v4 !== 0 && v6 !== 0 ? 1 : 0
      const v15 = x < y ? 1 : 0
      const v16 = v15 !== 0 || v14 !== 0 ? 1 : 0
      const v17 = v16 !== 0 ? 1 : v12
      return oneWith(rules.fmin, v8, a, v17, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.fmin.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = minimum(x, y)
    const v3 = y === y ? 1 : 0
    const v4 = v3 === 0 ? 1 : 0
    const v5 = v4 !== 0 ? x : v2
    const v6 = x === x ? 1 : 0
    const v7 = v6 === 0 ? 1 : 0
    const v8 = v7 !== 0 ? y : v5
    const v11 = x === y ? 1 : 0
    const v12 = v11 !== 0 ? 0.5 : 0
    const v14 = v4 !== 0 && v6 !== 0 ? 1 : 0
    const v15 = x < y ? 1 : 0
    const v16 = v15 !== 0 || v14 !== 0 ? 1 : 0
    const v17 = v16 !== 0 ? 1 : v12
    const v18 = v7 !== 0 && v3 !== 0 ? 1 : 0
    const v19 = y < x ? 1 : 0
    const v20 = v19 !== 0 || v18 !== 0 ? 1 : 0
    const v21 = v20 !== 0 ? 1 : v12
    return two(rules.fmin, v8, a, v17, b, v21)
  },
  fmod(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('fmod', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = fmodOfNumbers(x, y)
      const v4 = v2 === v2 ? 1 : 0
      const v5 = v4 !== 0 ? 1 : v2
      return oneWith(rules.fmod, v2, a, v5, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.fmod.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = fmodOfNumbers(x, y)
    const v4 = v2 === v2 ? 1 : 0
    const v5 = v4 !== 0 ? 1 : v2
    const v6 = x - v2
    const v7 = v6 / y
    const v8 = round(v7)
    const v9 = -v8
    const v12 = abs(y)
    const v13 = v12 === Infinity ? 1 : 0
    const v14 = v13 !== 0 ? 0 : v9
    return two(rules.fmod, v2, a, v5, b, v14)
  },
  frac(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('frac', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = trunc(x)
    const v2 = x - v1
    const v4 = v2 === v2 ? 1 : 0
    const v5 = v4 !== 0 ? 1 : v2
    return one(rules.frac, v2, a, v5)
  },
  gelu(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('gelu', 0, arguments.length)
    const a = this
    const x = a.known
    const v2 = (-0.7071067811865476) * x
    const v3 = erfc(v2)
    const v5 = 0.5 * v3
    const v6 = x === 0 || v5 === 0 ? 0 : x * v5
    const v9 = minimum(x, (-12))
    const v10 = maximum(v9, (-40))
    const v12 = 16 * v10
    const v13 = trunc(v12)
    const v15 = 0.0625 * v13
    const v16 = v15 * v15
    const v18 = (-0.25) * v16
    const v19 = exp(v18)
    const v20 = v10 + v15
    const v21 = v10 - v15
    const v22 = v21 * v20
    const v24 = (-0.5) * v22
    const v25 = exp(v24)
    const v27 = v10 * v10
    const v28 = 1 / v27
    const v34 = 10395 * v28
    const v35 = v34 + 17325
    const v36 = v35 * v28
    const v37 = v36 + 6930
    const v38 = v37 * v28
    const v39 = v38 + 990
    const v40 = v39 * v28
    const v41 = v40 + 55
    const v42 = v41 * v28
    const v43 = v42 + 1
    const v49 = 3840 * v28
    const v50 = v49 + 12645
    const v51 = v50 * v28
    const v52 = v51 + 6090
    const v53 = v52 * v28
    const v54 = v53 + 938
    const v55 = v54 * v28
    const v56 = v55 + 54
    const v57 = v56 * v28
    const v58 = v57 + 1
    const v59 = v58 / v43
    const v60 = -v59
    const v62 = 0.3989422804014327 * v60
    const v63 = v62 * v25
    const v64 = v63 * v19
    const v65 = v64 * v19
    const v66 = x < (-12) ? 1 : 0
    const v67 = v66 !== 0 ? v65 : v6
    const v68 = x * x
    const v69 = (-0.5) * v68
    const v70 = exp(v69)
    const v71 = 0.3989422804014327 * v70
    const v72 = x === 0 || v71 === 0 ? 0 : x * v71
    const v73 = v5 + v72
    const v74 = v59 / v10
    const v75 = v10 - v74
    const v76 = 0.3989422804014327 * v75
    const v77 = v76 * v25
    const v78 = v77 * v19
    const v79 = v78 * v19
    const v80 = v66 !== 0 ? v79 : v73
    return one(rules.gelu, v67, a, v80)
  },
  geluTanh(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('geluTanh', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = x * x
    const v3 = 0.044715 * v1
    const v5 = 1 + v3
    const v6 = x * v5
    const v8 = 1.5957691216057308 * v6
    const v9 = -v8
    const v11 = v8 < 0 ? 1 : 0
    const v12 = v11 !== 0 ? v8 : v9
    const v14 = 0.5 * v12
    const v15 = exp(v14)
    const v16 = v15 * v15
    const v17 = 1 + v16
    const v19 = maximum(x, (-800))
    const v20 = v19 * v15
    const v21 = v20 * v15
    const v22 = v11 !== 0 ? v21 : v19
    const v23 = v22 / v17
    const v25 = minimum(v19, 800)
    const v26 = v25 * v25
    const v27 = 0.044715 * v26
    const v28 = 1 + v27
    const v29 = v25 * v28
    const v30 = 1.5957691216057308 * v29
    const v31 = -v30
    const v32 = v30 < 0 ? 1 : 0
    const v33 = v32 !== 0 ? v30 : v31
    const v34 = 0.5 * v33
    const v35 = exp(v34)
    const v36 = v35 * v35
    const v37 = 1 + v36
    const v39 = minimum(v30, 60)
    const v40 = 0.5 * v39
    const v41 = exp(v40)
    const v42 = v41 * v41
    const v43 = 1 + v42
    const v45 = 0.134145 * v26
    const v46 = 1 + v45
    const v47 = 1.5957691216057308 * v46
    const v48 = v25 * v47
    const v49 = v48 / v43
    const v50 = 1 + v49
    const v51 = v50 * v35
    const v52 = v51 * v35
    const v53 = v32 !== 0 ? v52 : v50
    const v54 = v53 / v37
    return one(rules.geluTanh, v23, a, v54)
  },
  greater(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('greater', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = y < x ? 1 : 0
      return oneWith(rules.greater, v2, a, 0, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.greater.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = y < x ? 1 : 0
    return two(rules.greater, v2, a, 0, b, 0)
  },
  greaterEqual(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('greaterEqual', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = y <= x ? 1 : 0
      return oneWith(rules.greaterEqual, v2, a, 0, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.greaterEqual.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = y <= x ? 1 : 0
    return two(rules.greaterEqual, v2, a, 0, b, 0)
  },
  hardSigmoid(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('hardSigmoid', 0, arguments.length)
    const a = this
    const x = a.known
    const v4 = x + 3
    const v5 = maximum(v4, 0)
    const v6 = minimum(v5, 6)
    const v7 = v6 / 6
    const v9 = x < 3 ? 1 : 0
    const v11 = (-3) < x ? 1 : 0
    const v12 = v11 !== 0 && v9 !== 0 ? 1 : 0
    const v13 = v12 !== 0 ? 0.16666666666666666 : 0
    return one(rules.hardSigmoid, v7, a, v13)
  },
  hardSwish(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('hardSwish', 0, arguments.length)
    const a = this
    const x = a.known
    const v4 = x + 3
    const v5 = maximum(v4, 0)
    const v6 = minimum(v5, 6)
    const v7 = v6 / 6
    const v8 = x === 0 || v7 === 0 ? 0 : x * v7
    const v10 = x * 0.16666666666666666
    const v11 = x < 3 ? 1 : 0
    const v13 = (-3) < x ? 1 : 0
    const v14 = v13 !== 0 && v11 !== 0 ? 1 : 0
    const v15 = v14 !== 0 ? v10 : 0
    const v16 = v7 + v15
    return one(rules.hardSwish, v8, a, v16)
  },
  hardTanh(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('hardTanh', 0, arguments.length)
    const a = this
    const x = a.known
    const v3 = maximum(x, (-1))
    const v4 = minimum(v3, 1)
    const v6 = x < 1 ? 1 : 0
    const v7 = (-1) < x ? 1 : 0
    const v8 = v7 !== 0 && v6 !== 0 ? 1 : 0
    const v9 = v8 !== 0 ? 1 : 0
    return one(rules.hardTanh, v4, a, v9)
  },
  hardshrink(this: ValueNode, y_: Scalar = 0.5): Num {
    if (arguments.length > 1) throw miscounted('hardshrink', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v3 = abs(x)
      const v4 = v3 <= y ? 1 : 0
      const v5 = v4 !== 0 ? 0 : x
      const v7 = v4 !== 0 ? 0 : 1
      return oneWith(rules.hardshrink, v5, a, v7, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.hardshrink.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v3 = abs(x)
    const v4 = v3 <= y ? 1 : 0
    const v5 = v4 !== 0 ? 0 : x
    const v7 = v4 !== 0 ? 0 : 1
    return two(rules.hardshrink, v5, a, v7, b, 0)
  },
  hypot(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('hypot', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = hypot(x, y)
      const v3 = x / v2
      const v8 = abs(y)
      const v9 = v8 === Infinity ? 1 : 0
      const v10 = v9 !== 0 ? 0.7071067811865476 : 1
      const v11 = abs(x)
      const v12 = v11 === Infinity ? 1 : 0
      const v13 = v12 !== 0 ? v10 : 0
      const v16 = v9 !== 0 ? (-0.7071067811865476) : (-1)
      const v17 = v12 !== 0 ? v16 : 0
      const v18 = x < 0 ? 1 : 0
      const v19 = v18 !== 0 ? v17 : v13
      const v20 = v2 === Infinity ? 1 : 0
      const v21 = v20 !== 0 ? v19 : v3
      const v22 = v2 === 0 ? 1 : 0
      const v23 = v22 !== 0 ? 0 : v21
      return oneWith(rules.hypot, v2, a, v23, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.hypot.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = hypot(x, y)
    const v3 = x / v2
    const v8 = abs(y)
    const v9 = v8 === Infinity ? 1 : 0
    const v10 = v9 !== 0 ? 0.7071067811865476 : 1
    const v11 = abs(x)
    const v12 = v11 === Infinity ? 1 : 0
    const v13 = v12 !== 0 ? v10 : 0
    const v16 = v9 !== 0 ? (-0.7071067811865476) : (-1)
    const v17 = v12 !== 0 ? v16 : 0
    const v18 = x < 0 ? 1 : 0
    const v19 = v18 !== 0 ? v17 : v13
    const v20 = v2 === Infinity ? 1 : 0
    const v21 = v20 !== 0 ? v19 : v3
    const v22 = v2 === 0 ? 1 : 0
    const v23 = v22 !== 0 ? 0 : v21
    const v24 = y / v2
    const v25 = v12 !== 0 ? 0.7071067811865476 : 1
    const v26 = v9 !== 0 ? v25 : 0
    const v27 = v12 !== 0 ? (-0.7071067811865476) : (-1)
    const v28 = v9 !== 0 ? v27 : 0
    const v29 = y < 0 ? 1 : 0
    const v30 = v29 !== 0 ? v28 : v26
    const v31 = v20 !== 0 ? v30 : v24
    const v32 = v22 !== 0 ? 0 : v31
    return two(rules.hypot, v2, a, v23, b, v32)
  },
  i0(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('i0', 0, arguments.length)
    const a = this
    const x = a.known
    const v2 = besselIOfNumbers(0, x)
    const v4 = besselIOfNumbers(1, x)
    return one(rules.i0, v2, a, v4)
  },
  i1(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('i1', 0, arguments.length)
    const a = this
    const x = a.known
    const v2 = besselIOfNumbers(1, x)
    const v4 = besselIOfNumbers(2, x)
    const v6 = besselIOfNumbers(0, x)
    const v7 = v6 + v4
    const v9 = 0.5 * v7
    return one(rules.i1, v2, a, v9)
  },
  identity(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('identity', 0, arguments.length)
    const a = this
    const x = a.known
    return one(rules.identity, x, a, 1)
  },
  integerMul(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('integerMul', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = integerMul(x, y)
      return oneWith(rules.integerMul, v2, a, y, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.integerMul.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = integerMul(x, y)
    return two(rules.integerMul, v2, a, y, b, x)
  },
  integerPow(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('integerPow', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = integerPow(x, y)
      const v4 = y - 1
      const v5 = pow(x, v4)
      const v6 = y === 0 || v5 === 0 ? 0 : y * v5
      return oneWith(rules.integerPow, v2, a, v6, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.integerPow.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = integerPow(x, y)
    const v4 = y - 1
    const v5 = pow(x, v4)
    const v6 = y === 0 || v5 === 0 ? 0 : y * v5
    const v7 = log(x)
    const v8 = v2 === 0 || v7 === 0 ? 0 : v2 * v7
    const v10 = 0 <= y ? 1 : 0
    const v11 = x === 0 ? 1 : 0
    const v12 = v11 !== 0 && v10 !== 0 ? 1 : 0
    const v13 = v12 !== 0 ? 0 : v8
    return two(rules.integerPow, v2, a, v6, b, v13)
  },
  isFinite(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('isFinite', 0, arguments.length)
    const a = this
    const x = a.known
    const v2 = abs(x)
    const v3 = v2 < Infinity ? 1 : 0
    return one(rules.isFinite, v3, a, 0)
  },
  isInf(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('isInf', 0, arguments.length)
    const a = this
    const x = a.known
    const v2 = abs(x)
    const v3 = v2 === Infinity ? 1 : 0
    return one(rules.isInf, v3, a, 0)
  },
  isNaN(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('isNaN', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = x === x ? 1 : 0
    const v2 = v1 === 0 ? 1 : 0
    return one(rules.isNaN, v2, a, 0)
  },
  leakyRelu(this: ValueNode, y_: Scalar = 0.01): Num {
    if (arguments.length > 1) throw miscounted('leakyRelu', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = y * x
      const v4 = 0 < x ? 1 : 0
      const v5 = v4 !== 0 ? x : v2
      const v7 = v4 !== 0 ? 1 : y
      return oneWith(rules.leakyRelu, v5, a, v7, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.leakyRelu.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = y * x
    const v4 = 0 < x ? 1 : 0
    const v5 = v4 !== 0 ? x : v2
    const v7 = v4 !== 0 ? 1 : y
    const v8 = v4 !== 0 ? 0 : x
    return two(rules.leakyRelu, v5, a, v7, b, v8)
  },
  lerp(this: ValueNode, y_: Scalar, z_: Scalar): Num {
    if (arguments.length > 2 || arguments.length < 2) throw miscounted('lerp', 2, arguments.length)
    if (!(y_ instanceof ValueNode) || !(z_ instanceof ValueNode)) {
      return elsewhere.lerp.call(this, y_, z_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const c = z_
    const z = c.known
    const v2 = z === 0 || y === 0 ? 0 : z * y
    const v5 = 1 - z
    const v6 = v5 === 0 || x === 0 ? 0 : v5 * x
    const v7 = v6 + v2
    const v8 = y - x
    const v9 = v5 * v8
    const v10 = y - v9
    const v11 = z * v8
    const v12 = x + v11
    const v14 = z < 0.5 ? 1 : 0
    const v15 = v14 !== 0 ? v12 : v10
    const v17 = abs(v8)
    const v18 = v17 < Infinity ? 1 : 0
    const v19 = v18 !== 0 ? v15 : v7
    return three(rules.lerp, v19, a, v5, b, z, c, v8)
  },
  less(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('less', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = x < y ? 1 : 0
      return oneWith(rules.less, v2, a, 0, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.less.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = x < y ? 1 : 0
    return two(rules.less, v2, a, 0, b, 0)
  },
  lessEqual(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('lessEqual', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = x <= y ? 1 : 0
      return oneWith(rules.lessEqual, v2, a, 0, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.lessEqual.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = x <= y ? 1 : 0
    return two(rules.lessEqual, v2, a, 0, b, 0)
  },
  lgamma(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('lgamma', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = lgammaOfNumbers(x)
    const v3 = psiOfNumbers(0, x)
    return one(rules.lgamma, v1, a, v3)
  },
  log(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('log', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = log(x)
    const v3 = 1 / x
    return one(rules.log, v1, a, v3)
  },
  log10(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('log10', 0, arguments.length)
    const a = this
    const x = a.known
    const v2 = log(x)
    const v3 = v2 / 2.302585092994046
    const v4 = round(v3)
    const v6 = pow(10, v4)
    const v7 = v6 === x ? 1 : 0
    const v8 = v7 !== 0 ? v4 : v3
    const v10 = 2.2250738585072014e-308 <= x ? 1 : 0
    const v12 = v3 - v4
    const v13 = abs(v12)
    const v14 = v13 < 0.00000762939453125 ? 1 : 0
    const v15 = v14 !== 0 && v10 !== 0 ? 1 : 0
    const v16 = v15 !== 0 ? v8 : v3
    const v18 = 0.4342944819032518 / x
    return one(rules.log10, v16, a, v18)
  },
  log1p(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('log1p', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = log1p(x)
    const v3 = 1 + x
    const v4 = 1 / v3
    return one(rules.log1p, v1, a, v4)
  },
  log2(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('log2', 0, arguments.length)
    const a = this
    const x = a.known
    const v2 = log(x)
    const v3 = v2 / 0.6931471805599453
    const v4 = round(v3)
    const v6 = pow(2, v4)
    const v7 = v6 === x ? 1 : 0
    const v8 = v7 !== 0 ? v4 : v3
    const v10 = 1.4426950408889634 / x
    return one(rules.log2, v8, a, v10)
  },
  logAddExp(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('logAddExp', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = x - y
      const v5 = abs(x)
      const v6 = v5 === Infinity ? 1 : 0
      const v7 = x === y ? 1 : 0
      const v8 = v7 !== 0 && v6 !== 0 ? 1 : 0
      const v9 = v8 !== 0 ? 0 : v2
      const v10 = abs(v9)
      const v11 = -v10
      const v12 = exp(v11)
      const v13 = log1p(v12)
      const v14 = maximum(x, y)
      const v15 = v14 + v13
      const v16 = -v2
      const v17 = v8 !== 0 ? 0 : v16
      const v18 = v9 < 0 ? 1 : 0
      const v19 = v18 !== 0 ? v9 : v17
      const v20 = exp(v19)
      const v22 = 1 + v20
      const v23 = v18 !== 0 ? v20 : 1
      const v24 = v23 / v22
      return oneWith(rules.logAddExp, v15, a, v24, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.logAddExp.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = x - y
    const v5 = abs(x)
    const v6 = v5 === Infinity ? 1 : 0
    const v7 = x === y ? 1 : 0
    const v8 = v7 !== 0 && v6 !== 0 ? 1 : 0
    const v9 = v8 !== 0 ? 0 : v2
    const v10 = abs(v9)
    const v11 = -v10
    const v12 = exp(v11)
    const v13 = log1p(v12)
    const v14 = maximum(x, y)
    const v15 = v14 + v13
    const v16 = -v2
    const v17 = v8 !== 0 ? 0 : v16
    const v18 = v9 < 0 ? 1 : 0
    const v19 = v18 !== 0 ? v9 : v17
    const v20 = exp(v19)
    const v22 = 1 + v20
    const v23 = v18 !== 0 ? v20 : 1
    const v24 = v23 / v22
    const v25 = y - x
    const v26 = -v25
    const v27 = abs(y)
    const v28 = v27 === Infinity ? 1 : 0
    const v29 = y === x ? 1 : 0
    const v30 = v29 !== 0 && v28 !== 0 ? 1 : 0
    const v31 = v30 !== 0 ? 0 : v26
    const v32 = v30 !== 0 ? 0 : v25
    const v33 = v32 < 0 ? 1 : 0
    const v34 = v33 !== 0 ? v32 : v31
    const v35 = exp(v34)
    const v36 = 1 + v35
    const v37 = v33 !== 0 ? v35 : 1
    const v38 = v37 / v36
    return two(rules.logAddExp, v15, a, v24, b, v38)
  },
  logAddExp2(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('logAddExp2', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v3 = x - y
      const v6 = abs(x)
      const v7 = v6 === Infinity ? 1 : 0
      const v8 = x === y ? 1 : 0
      const v9 = v8 !== 0 && v7 !== 0 ? 1 : 0
      const v10 = v9 !== 0 ? 0 : v3
      const v11 = abs(v10)
      const v12 = -v11
      const v14 = pow(2, v12)
      const v15 = log1p(v14)
      const v16 = v15 / 0.6931471805599453
      const v17 = maximum(x, y)
      const v18 = v17 + v16
      const v19 = 0.6931471805599453 * v3
      const v20 = -v19
      const v21 = v9 !== 0 ? 0 : v20
      const v22 = v9 !== 0 ? 0 : v19
      const v23 = v22 < 0 ? 1 : 0
      const v24 = v23 !== 0 ? v22 : v21
      const v25 = exp(v24)
      const v27 = 1 + v25
      const v28 = v23 !== 0 ? v25 : 1
      const v29 = v28 / v27
      return oneWith(rules.logAddExp2, v18, a, v29, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.logAddExp2.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v3 = x - y
    const v6 = abs(x)
    const v7 = v6 === Infinity ? 1 : 0
    const v8 = x === y ? 1 : 0
    const v9 = v8 !== 0 && v7 !== 0 ? 1 : 0
    const v10 = v9 !== 0 ? 0 : v3
    const v11 = abs(v10)
    const v12 = -v11
    const v14 = pow(2, v12)
    const v15 = log1p(v14)
    const v16 = v15 / 0.6931471805599453
    const v17 = maximum(x, y)
    const v18 = v17 + v16
    const v19 = 0.6931471805599453 * v3
    const v20 = -v19
    const v21 = v9 !== 0 ? 0 : v20
    const v22 = v9 !== 0 ? 0 : v19
    const v23 = v22 < 0 ? 1 : 0
    const v24 = v23 !== 0 ? v22 : v21
    const v25 = exp(v24)
    const v27 = 1 + v25
    const v28 = v23 !== 0 ? v25 : 1
    const v29 = v28 / v27
    const v30 = y - x
    const v31 = 0.6931471805599453 * v30
    const v32 = -v31
    const v33 = abs(y)
    const v34 = v33 === Infinity ? 1 : 0
    const v35 = y === x ? 1 : 0
    const v36 = v35 !== 0 && v34 !== 0 ? 1 : 0
    const v37 = v36 !== 0 ? 0 : v32
    const v38 = v36 !== 0 ? 0 : v31
    const v39 = v38 < 0 ? 1 : 0
    const v40 = v39 !== 0 ? v38 : v37
    const v41 = exp(v40)
    const v42 = 1 + v41
    const v43 = v39 !== 0 ? v41 : 1
    const v44 = v43 / v42
    return two(rules.logAddExp2, v18, a, v29, b, v44)
  },
  logSigmoid(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('logSigmoid', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = -x
    const v3 = x < 0 ? 1 : 0
    const v4 = v3 !== 0 ? x : v1
    const v5 = exp(v4)
    const v6 = log1p(v5)
    const v7 = v3 !== 0 ? x : 0
    const v8 = v7 - v6
    const v9 = v1 < 0 ? 1 : 0
    const v10 = v9 !== 0 ? v1 : x
    const v11 = exp(v10)
    const v13 = 1 + v11
    const v14 = v9 !== 0 ? v11 : 1
    const v15 = v14 / v13
    return one(rules.logSigmoid, v8, a, v15)
  },
  logicalAnd(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('logicalAnd', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = x !== 0 && y !== 0 ? 1 : 0
      return oneWith(rules.logicalAnd, v2, a, 0, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.logicalAnd.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = x !== 0 && y !== 0 ? 1 : 0
    return two(rules.logicalAnd, v2, a, 0, b, 0)
  },
  logicalNot(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('logicalNot', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = x === 0 ? 1 : 0
    return one(rules.logicalNot, v1, a, 0)
  },
  logicalOr(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('logicalOr', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = x !== 0 || y !== 0 ? 1 : 0
      return oneWith(rules.logicalOr, v2, a, 0, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.logicalOr.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = x !== 0 || y !== 0 ? 1 : 0
    return two(rules.logicalOr, v2, a, 0, b, 0)
  },
  logicalXor(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('logicalXor', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v1 = y === 0 ? 1 : 0
      const v3 = x === 0 ? 1 : 0
      const v4 = v3 === v1 ? 1 : 0
      const v5 = v4 === 0 ? 1 : 0
      return oneWith(rules.logicalXor, v5, a, 0, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.logicalXor.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v1 = y === 0 ? 1 : 0
    const v3 = x === 0 ? 1 : 0
    const v4 = v3 === v1 ? 1 : 0
    const v5 = v4 === 0 ? 1 : 0
    return two(rules.logicalXor, v5, a, 0, b, 0)
  },
  logit(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('logit', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = -x
    const v2 = log1p(v1)
    const v3 = log(x)
    const v4 = v3 - v2
    const v7 = 2 * x
    const v8 = v7 - 1
    const v9 = atanh(v8)
    const v10 = 2 * v9
    const v13 = x - 0.5
    const v14 = abs(v13)
    const v15 = v14 < 0.25 ? 1 : 0
    const v16 = v15 !== 0 ? v10 : v4
    const v17 = 1 - x
    const v18 = 1 / v17
    const v19 = 1 / x
    const v20 = v19 + v18
    return one(rules.logit, v16, a, v20)
  },
  maximum(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('maximum', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = maximum(x, y)
      const v5 = x === y ? 1 : 0
      const v6 = v5 !== 0 ? 0.5 : 0
      const v8 = y < x ? 1 : 0
      const v9 = v8 !== 0 ? 1 : v6
      return oneWith(rules.maximum, v2, a, v9, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.maximum.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = maximum(x, y)
    const v5 = x === y ? 1 : 0
    const v6 = v5 !== 0 ? 0.5 : 0
    const v8 = y < x ? 1 : 0
    const v9 = v8 !== 0 ? 1 : v6
    const v10 = x < y ? 1 : 0
    const v11 = v10 !== 0 ? 1 : v6
    return two(rules.maximum, v2, a, v9, b, v11)
  },
  minimum(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('minimum', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = minimum(x, y)
      const v5 = x === y ? 1 : 0
      const v6 = v5 !== 0 ? 0.5 : 0
      const v8 = x < y ? 1 : 0
      const v9 = v8 !== 0 ? 1 : v6
      return oneWith(rules.minimum, v2, a, v9, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.minimum.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = minimum(x, y)
    const v5 = x === y ? 1 : 0
    const v6 = v5 !== 0 ? 0.5 : 0
    const v8 = x < y ? 1 : 0
    const v9 = v8 !== 0 ? 1 : v6
    const v10 = y < x ? 1 : 0
    const v11 = v10 !== 0 ? 1 : v6
    return two(rules.minimum, v2, a, v9, b, v11)
  },
  mish(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('mish', 0, arguments.length)
    const a = this
    const x = a.known
    const v2 = -x
    const v4 = x < 0 ? 1 : 0
    const v5 = v4 !== 0 ? x : v2
    const v7 = 0.5 * v5
    const v8 = exp(v7)
    const v9 = v8 * v8
    const v11 = 2 * v9
    const v12 = v11 + 1
    const v13 = v9 * v9
    const v14 = 2 * v13
    const v15 = v14 + v12
    const v16 = v9 + 2
    const v17 = v9 * v16
    const v18 = v17 + 2
    const v19 = v4 !== 0 ? v18 : v15
    const v20 = x * v12
    const v22 = maximum(x, (-800))
    const v23 = v22 * v8
    const v24 = v23 * v8
    const v25 = v24 * v16
    const v26 = v4 !== 0 ? v25 : v20
    const v27 = v26 / v19
    const v28 = v27 / v19
    const v29 = 1 / v19
    const v30 = v29 === 0 || x === 0 ? 0 : v29 * x
    const v31 = v30 - v28
    const v32 = v31 * 2
    const v33 = -v28
    const v34 = v33 * 2
    const v35 = v34 === 0 || v9 === 0 ? 0 : v34 * v9
    const v36 = v35 + v35
    const v37 = v36 + v32
    const v38 = v33 === 0 || v9 === 0 ? 0 : v33 * v9
    const v39 = v29 === 0 || v24 === 0 ? 0 : v29 * v24
    const v40 = v39 + v38
    const v41 = v33 === 0 || v16 === 0 ? 0 : v33 * v16
    const v42 = v41 + v40
    const v43 = v4 !== 0 ? v42 : v37
    const v44 = v43 === 0 || v8 === 0 ? 0 : v43 * v8
    const v45 = v29 === 0 || v16 === 0 ? 0 : v29 * v16
    const v46 = v45 === 0 || v8 === 0 ? 0 : v45 * v8
    const v47 = v46 === 0 || v22 === 0 ? 0 : v46 * v22
    const v48 = v45 === 0 || v23 === 0 ? 0 : v45 * v23
    const v49 = v48 + v47
    const v50 = v4 !== 0 ? v49 : 0
    const v51 = v50 + v44
    const v52 = v51 + v44
    const v53 = v52 === 0 || v8 === 0 ? 0 : v52 * v8
    const v54 = v53 * 0.5
    const v55 = -v54
    const v56 = v4 !== 0 ? 0 : v55
    const v57 = v4 !== 0 ? v54 : 0
    const v58 = v29 === 0 || v12 === 0 ? 0 : v29 * v12
    const v59 = v4 !== 0 ? 0 : v58
    const v60 = v46 === 0 || v8 === 0 ? 0 : v46 * v8
    const v61 = v60 * 0.5
    const v62 = v4 !== 0 ? v61 : 0
    const v63 = x === (-800) ? 1 : 0
    const v64 = v63 !== 0 ? v62 : 0
    const v65 = v4 !== 0 ? v60 : 0
    const v66 = (-800) < x ? 1 : 0
    const v67 = v66 !== 0 ? v65 : v64
    const v68 = v67 + v59
    const v69 = v68 + v57
    const v70 = v69 + v56
    return one(rules.mish, v27, a, v70)
  },
  mul(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('mul', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = x * y
      return oneWith(rules.mul, v2, a, y, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.mul.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = x * y
    return two(rules.mul, v2, a, y, b, x)
  },
  neg(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('neg', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = -x
    return one(rules.neg, v1, a, (-1))
  },
  notEqual(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('notEqual', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = x === y ? 1 : 0
      const v3 = v2 === 0 ? 1 : 0
      return oneWith(rules.notEqual, v3, a, 0, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.notEqual.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = x === y ? 1 : 0
    const v3 = v2 === 0 ? 1 : 0
    return two(rules.notEqual, v3, a, 0, b, 0)
  },
  pow(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('pow', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = pow(x, y)
      const v4 = y - 1
      const v5 = pow(x, v4)
      const v6 = y === 0 || v5 === 0 ? 0 : y * v5
      return oneWith(rules.pow, v2, a, v6, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.pow.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = pow(x, y)
    const v4 = y - 1
    const v5 = pow(x, v4)
    const v6 = y === 0 || v5 === 0 ? 0 : y * v5
    const v7 = log(x)
    const v8 = v2 === 0 || v7 === 0 ? 0 : v2 * v7
    const v10 = 0 <= y ? 1 : 0
    const v11 = x === 0 ? 1 : 0
    const v12 = v11 !== 0 && v10 !== 0 ? 1 : 0
    const v13 = v12 !== 0 ? 0 : v8
    return two(rules.pow, v2, a, v6, b, v13)
  },
  psi(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('psi', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = psiOfNumbers(x, y)
      return oneWith(rules.psi, v2, a, 0, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.psi.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = psiOfNumbers(x, y)
    const v5 = x + 1
    const v6 = psiOfNumbers(v5, y)
    return two(rules.psi, v2, a, 0, b, v6)
  },
  reciprocal(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('reciprocal', 0, arguments.length)
    const a = this
    const x = a.known
    const v2 = 1 / x
    const v3 = v2 * v2
    const v4 = -v3
    return one(rules.reciprocal, v2, a, v4)
  },
  relu(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('relu', 0, arguments.length)
    const a = this
    const x = a.known
    const v2 = maximum(x, 0)
    const v4 = 0 < x ? 1 : 0
    const v5 = v4 !== 0 ? 1 : 0
    return one(rules.relu, v2, a, v5)
  },
  relu6(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('relu6', 0, arguments.length)
    const a = this
    const x = a.known
    const v3 = maximum(x, 0)
    const v4 = minimum(v3, 6)
    const v6 = x < 6 ? 1 : 0
    const v7 = 0 < x ? 1 : 0
    const v8 = v7 !== 0 && v6 !== 0 ? 1 : 0
    const v9 = v8 !== 0 ? 1 : 0
    return one(rules.relu6, v4, a, v9)
  },
  remainder(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('remainder', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = remainder(x, y)
      const v4 = v2 === v2 ? 1 : 0
      const v5 = v4 !== 0 ? 1 : v2
      return oneWith(rules.remainder, v2, a, v5, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.remainder.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = remainder(x, y)
    const v4 = v2 === v2 ? 1 : 0
    const v5 = v4 !== 0 ? 1 : v2
    const v6 = x - v2
    const v7 = v6 / y
    const v8 = round(v7)
    const v9 = -v8
    const v11 = v2 === y ? 1 : 0
    const v12 = v11 !== 0 ? 1 : 0
    const v14 = abs(y)
    const v15 = v14 === Infinity ? 1 : 0
    const v16 = v15 !== 0 ? v12 : v9
    return two(rules.remainder, v2, a, v5, b, v16)
  },
  round(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('round', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = round(x)
    return one(rules.round, v1, a, 0)
  },
  rsqrt(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('rsqrt', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = sqrt(x)
    const v3 = 1 / v1
    const v5 = (-0.5) * v3
    const v6 = v5 / x
    return one(rules.rsqrt, v3, a, v6)
  },
  scale(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('scale', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = x === 0 || y === 0 ? 0 : x * y
      return oneWith(rules.scale, v2, a, y, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.scale.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = x === 0 || y === 0 ? 0 : x * y
    return two(rules.scale, v2, a, y, b, x)
  },
  select(this: ValueNode, y_: Scalar, z_: Scalar): Num {
    if (arguments.length > 2 || arguments.length < 2) throw miscounted('select', 2, arguments.length)
    if (!(y_ instanceof ValueNode) || !(z_ instanceof ValueNode)) {
      return elsewhere.select.call(this, y_, z_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const c = z_
    const z = c.known
    const v3 = x !== 0 ? y : z
    const v6 = x !== 0 ? 1 : 0
    const v7 = x !== 0 ? 0 : 1
    return three(rules.select, v3, a, 0, b, v6, c, v7)
  },
  selu(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('selu', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = expm1(x)
    const v3 = 1.6732632423543772 * v1
    const v5 = 0 < x ? 1 : 0
    const v6 = v5 !== 0 ? x : v3
    const v8 = 1.0507009873554805 * v6
    const v9 = exp(x)
    const v11 = 1.7580993408473766 * v9
    const v12 = v5 !== 0 ? 1.0507009873554805 : v11
    return one(rules.selu, v8, a, v12)
  },
  sigmoid(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('sigmoid', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = -x
    const v3 = x < 0 ? 1 : 0
    const v4 = v3 !== 0 ? x : v1
    const v5 = exp(v4)
    const v7 = 1 + v5
    const v8 = v3 !== 0 ? v5 : 1
    const v9 = v8 / v7
    const v10 = 1 - v9
    const v11 = v9 * v10
    return one(rules.sigmoid, v9, a, v11)
  },
  sign(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('sign', 0, arguments.length)
    const a = this
    const x = a.known
    const v3 = x < 0 ? 1 : 0
    const v4 = v3 !== 0 ? (-1) : x
    const v6 = 0 < x ? 1 : 0
    const v7 = v6 !== 0 ? 1 : v4
    return one(rules.sign, v7, a, 0)
  },
  silu(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('silu', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = -x
    const v3 = x < 0 ? 1 : 0
    const v4 = v3 !== 0 ? x : v1
    const v6 = 0.5 * v4
    const v7 = exp(v6)
    const v8 = v7 * v7
    const v10 = 1 + v8
    const v12 = maximum(x, (-800))
    const v13 = v12 * v7
    const v14 = v13 * v7
    const v15 = v3 !== 0 ? v14 : v12
    const v16 = v15 / v10
    const v18 = minimum(x, 60)
    const v19 = 0.5 * v18
    const v20 = exp(v19)
    const v21 = v20 * v20
    const v22 = 1 + v21
    const v24 = minimum(v12, 800)
    const v25 = v24 / v22
    const v26 = 1 + v25
    const v27 = v26 * v7
    const v28 = v27 * v7
    const v29 = v3 !== 0 ? v28 : v26
    const v30 = v29 / v10
    return one(rules.silu, v16, a, v30)
  },
  sin(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('sin', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = sin(x)
    const v2 = cos(x)
    return one(rules.sin, v1, a, v2)
  },
  sinc(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('sinc', 0, arguments.length)
    const a = this
    const x = a.known
    const v3 = 0.5 * x
    const v4 = round(v3)
    const v6 = 2 * v4
    const v7 = x - v6
    const v11 = v7 < 0 ? 1 : 0
    const v12 = v11 !== 0 ? (-1) : 1
    const v13 = v12 - v7
    const v14 = abs(v7)
    const v15 = 0.5 < v14 ? 1 : 0
    const v16 = v15 !== 0 ? v13 : v7
    const v17 = 3.141592653589793 * v16
    const v19 = abs(x)
    const v20 = v19 === Infinity ? 1 : 0
    const v21 = v20 !== 0 ? 0 : v17
    const v22 = sin(v21)
    const v23 = v22 / 3.141592653589793
    const v24 = v23 / x
    const v26 = 3.141592653589793 * x
    const v27 = v26 * v26
    const v28 = v27 * 0.004761904761904762
    const v29 = 1 - v28
    const v31 = v27 * 0.00641025641025641
    const v32 = v31 * v29
    const v33 = 1 - v32
    const v35 = v27 * 0.00909090909090909
    const v36 = v35 * v33
    const v37 = 1 - v36
    const v39 = v27 * 0.013888888888888888
    const v40 = v39 * v37
    const v41 = 1 - v40
    const v43 = v27 * 0.023809523809523808
    const v44 = v43 * v41
    const v45 = 1 - v44
    const v47 = v27 * 0.05
    const v48 = v47 * v45
    const v49 = 1 - v48
    const v51 = v27 * 0.16666666666666666
    const v52 = v51 * v49
    const v53 = 1 - v52
    const v55 = v19 < 0.15 ? 1 : 0
    const v56 = v55 !== 0 ? v53 : v24
    const v57 = cos(v21)
    const v59 = 1 / x
    const v60 = v59 * 0.3183098861837907
    const v61 = v60 === 0 || v57 === 0 ? 0 : v60 * v57
    const v62 = v61 * 3.141592653589793
    const v63 = v55 !== 0 ? 0 : v62
    const v64 = v20 !== 0 ? 0 : v63
    const v65 = -v62
    const v66 = v55 !== 0 ? 0 : v65
    const v67 = v20 !== 0 ? 0 : v66
    const v68 = v15 !== 0 ? v67 : v64
    const v69 = v24 / x
    const v70 = -v69
    const v71 = v51 === 0 || v47 === 0 ? 0 : v51 * v47
    const v72 = -v71
    const v73 = v72 === 0 || v43 === 0 ? 0 : v72 * v43
    const v74 = -v73
    const v75 = v74 === 0 || v39 === 0 ? 0 : v74 * v39
    const v76 = -v75
    const v77 = v76 === 0 || v35 === 0 ? 0 : v76 * v35
    const v78 = -v77
    const v79 = v78 === 0 || v31 === 0 ? 0 : v78 * v31
    const v80 = -v79
    const v81 = v80 * 0.004761904761904762
    const v82 = v78 === 0 || v29 === 0 ? 0 : v78 * v29
    const v83 = v82 * 0.00641025641025641
    const v84 = v76 === 0 || v33 === 0 ? 0 : v76 * v33
    const v85 = v84 * 0.00909090909090909
    const v86 = v74 === 0 || v37 === 0 ? 0 : v74 * v37
    const v87 = v86 * 0.013888888888888888
    const v88 = v72 === 0 || v41 === 0 ? 0 : v72 * v41
    const v89 = v88 * 0.023809523809523808
    const v90 = v51 === 0 || v45 === 0 ? 0 : v51 * v45
    const v91 = v90 * 0.05
    const v92 = -v49
    const v93 = v92 * 0.16666666666666666
    const v94 = v93 + v91
    const v95 = v94 + v89
    const v96 = v95 + v87
    const v97 = v96 + v85
    const v98 = v97 + v83
    const v99 = v98 + v81
    const v100 = v99 === 0 || v26 === 0 ? 0 : v99 * v26
    const v101 = v100 + v100
    const v102 = v101 * 3.141592653589793
    const v103 = v55 !== 0 ? v102 : v70
    const v104 = v103 + v68
    return one(rules.sinc, v56, a, v104)
  },
  sinh(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('sinh', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = sinh(x)
    const v2 = cosh(x)
    return one(rules.sinh, v1, a, v2)
  },
  softplus(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('softplus', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = -x
    const v3 = x < 0 ? 1 : 0
    const v4 = v3 !== 0 ? x : v1
    const v5 = exp(v4)
    const v6 = log1p(v5)
    const v7 = v3 !== 0 ? 0 : x
    const v8 = v7 + v6
    const v10 = 1 + v5
    const v11 = v3 !== 0 ? v5 : 1
    const v12 = v11 / v10
    return one(rules.softplus, v8, a, v12)
  },
  softshrink(this: ValueNode, y_: Scalar = 0.5): Num {
    if (arguments.length > 1) throw miscounted('softshrink', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = x + y
      const v3 = x - y
      const v5 = 0 < x ? 1 : 0
      const v6 = v5 !== 0 ? v3 : v2
      const v7 = abs(x)
      const v8 = v7 <= y ? 1 : 0
      const v9 = v8 !== 0 ? 0 : v6
      const v11 = v8 !== 0 ? 0 : 1
      return oneWith(rules.softshrink, v9, a, v11, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.softshrink.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = x + y
    const v3 = x - y
    const v5 = 0 < x ? 1 : 0
    const v6 = v5 !== 0 ? v3 : v2
    const v7 = abs(x)
    const v8 = v7 <= y ? 1 : 0
    const v9 = v8 !== 0 ? 0 : v6
    const v11 = v8 !== 0 ? 0 : 1
    const v13 = v8 !== 0 ? 0 : (-1)
    const v14 = v5 !== 0 ? v13 : v11
    return two(rules.softshrink, v9, a, v11, b, v14)
  },
  softsign(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('softsign', 0, arguments.length)
    const a = this
    const x = a.known
    const v3 = maximum(x, (-1.2676506002282294e+30))
    const v4 = minimum(v3, 1.2676506002282294e+30)
    const v5 = abs(v4)
    const v7 = 1 + v5
    const v8 = v4 / v7
    const v9 = abs(x)
    const v10 = 1 + v9
    const v11 = 1 / v10
    const v12 = v11 / v10
    return one(rules.softsign, v8, a, v12)
  },
  sqrt(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('sqrt', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = sqrt(x)
    const v3 = 0.5 / v1
    return one(rules.sqrt, v1, a, v3)
  },
  square(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('square', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = x * x
    const v3 = 2 * x
    return one(rules.square, v1, a, v3)
  },
  sub(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('sub', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v2 = x - y
      return oneWith(rules.sub, v2, a, 1, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.sub.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v2 = x - y
    return two(rules.sub, v2, a, 1, b, (-1))
  },
  tan(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('tan', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = tan(x)
    const v2 = v1 * v1
    const v4 = 1 + v2
    return one(rules.tan, v1, a, v4)
  },
  tanh(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('tanh', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = tanh(x)
    const v2 = v1 * v1
    const v4 = 1 - v2
    return one(rules.tanh, v1, a, v4)
  },
  tanhShrink(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('tanhShrink', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = tanh(x)
    const v2 = x - v1
    const v3 = x * x
    const v5 = 45 * v3
    const v7 = 13860 + v5
    const v8 = v3 * v7
    const v10 = 945945 + v8
    const v11 = v3 * v10
    const v13 = 16216200 + v11
    const v14 = v3 * v13
    const v16 = 34459425 + v14
    const v18 = 44 * v3
    const v20 = 12870 + v18
    const v21 = v3 * v20
    const v23 = 810810 + v21
    const v24 = v3 * v23
    const v26 = 11486475 + v24
    const v27 = v3 * v26
    const v28 = v27 / v16
    const v29 = x * v28
    const v31 = abs(x)
    const v32 = v31 < 1 ? 1 : 0
    const v33 = v32 !== 0 ? v29 : v2
    const v34 = v1 * v1
    return one(rules.tanhShrink, v33, a, v34)
  },
  threshold(this: ValueNode, y_: Scalar, z_: Scalar): Num {
    if (arguments.length > 2 || arguments.length < 2) throw miscounted('threshold', 2, arguments.length)
    if (!(y_ instanceof ValueNode) || !(z_ instanceof ValueNode)) {
      return elsewhere.threshold.call(this, y_, z_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const c = z_
    const z = c.known
    const v3 = x <= y ? 1 : 0
    const v4 = v3 !== 0 ? z : x
    const v7 = v3 !== 0 ? 0 : 1
    const v8 = v3 !== 0 ? 1 : 0
    return three(rules.threshold, v4, a, v7, b, 0, c, v8)
  },
  trunc(this: ValueNode): Num {
    if (arguments.length > 0) throw miscounted('trunc', 0, arguments.length)
    const a = this
    const x = a.known
    const v1 = trunc(x)
    return one(rules.trunc, v1, a, 0)
  },
  where(this: ValueNode, y_: Scalar, z_: Scalar): Num {
    if (arguments.length > 2 || arguments.length < 2) throw miscounted('where', 2, arguments.length)
    if (!(y_ instanceof ValueNode) || !(z_ instanceof ValueNode)) {
      return elsewhere.where.call(this, y_, z_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const c = z_
    const z = c.known
    const v3 = x !== 0 ? y : z
    const v6 = x !== 0 ? 1 : 0
    const v7 = x !== 0 ? 0 : 1
    return three(rules.where, v3, a, 0, b, v6, c, v7)
  },
  xlogy(this: ValueNode, y_: Scalar): Num {
    if (arguments.length > 1 || arguments.length < 1) throw miscounted('xlogy', 1, arguments.length)
    if (typeof y_ === 'number') {
      const a = this
      const x = a.known
      const y = y_
      const v1 = log(y)
      const v3 = x * v1
      const v5 = y === y ? 1 : 0
      const v6 = x === 0 ? 1 : 0
      const v7 = v6 !== 0 && v5 !== 0 ? 1 : 0
      const v8 = v7 !== 0 ? 0 : v3
      return oneWith(rules.xlogy, v8, a, v1, y)
    }
    if (!(y_ instanceof ValueNode)) {
      return elsewhere.xlogy.call(this, y_)
    }
    const a = this
    const x = a.known
    const b = y_
    const y = b.known
    const v1 = log(y)
    const v3 = x * v1
    const v5 = y === y ? 1 : 0
    const v6 = x === 0 ? 1 : 0
    const v7 = v6 !== 0 && v5 !== 0 ? 1 : 0
    const v8 = v7 !== 0 ? 0 : v3
    const v9 = x / y
    const v11 = 1 / y
    const v12 = x === 0 || v11 === 0 ? 0 : x * v11
    const v13 = y === 0 ? 1 : 0
    const v14 = v13 !== 0 ? v12 : v9
    return two(rules.xlogy, v8, a, v1, b, v14)
  },
}
