// Written by scripts/scalar-tape.ts from the table of rules: change it there.

import { numbers } from '../../rules/numbers.js'
import { rules } from '../../rules/table.js'
import { general, miscounted, type Num, type Scalar } from '../num.js'
import type { Core } from './core.js'

type Place = InstanceType<Core['Var']>

/** Where an operand is no place of the tape. */
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

/** What each rule records: its value, and its partial derivatives by the operands that have places. */
export const tapeMethods = ({ Var, values, indexOf, none, one, two, three }: Core) => {
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
  return {
    abs(this: Place): Num {
      if (arguments.length > 0) throw miscounted('abs', 0, arguments.length)
      const a = indexOf(this, 'abs')
      const x = values[a]!
      const v1 = abs(x)
      const v4 = x < 0 ? 1 : 0
      const v5 = v4 !== 0 ? (-1) : 0
      const v7 = 0 < x ? 1 : 0
      const v8 = v7 !== 0 ? 1 : v5
      return one(v1, a, v8)
    },
    acos(this: Place): Num {
      if (arguments.length > 0) throw miscounted('acos', 0, arguments.length)
      const a = indexOf(this, 'acos')
      const x = values[a]!
      const v1 = acos(x)
      const v3 = 1 + x
      const v4 = 1 - x
      const v5 = v4 * v3
      const v6 = sqrt(v5)
      const v7 = 1 / v6
      const v8 = -v7
      return one(v1, a, v8)
    },
    acosh(this: Place): Num {
      if (arguments.length > 0) throw miscounted('acosh', 0, arguments.length)
      const a = indexOf(this, 'acosh')
      const x = values[a]!
      const v1 = acosh(x)
      const v3 = x + 1
      const v4 = sqrt(v3)
      const v5 = x - 1
      const v6 = sqrt(v5)
      const v7 = v6 * v4
      const v8 = 1 / v7
      return one(v1, a, v8)
    },
    add(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('add', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'add')
        const x = values[a]!
        const y = y_
        const v2 = x + y
        return one(v2, a, 1)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.add.call(this, y_)
      }
      const a = indexOf(this, 'add')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'add')
      const y = values[b]!
      const v2 = x + y
      return two(v2, a, 1, b, 1)
    },
    asin(this: Place): Num {
      if (arguments.length > 0) throw miscounted('asin', 0, arguments.length)
      const a = indexOf(this, 'asin')
      const x = values[a]!
      const v1 = asin(x)
      const v3 = 1 + x
      const v4 = 1 - x
      const v5 = v4 * v3
      const v6 = sqrt(v5)
      const v7 = 1 / v6
      return one(v1, a, v7)
    },
    asinh(this: Place): Num {
      if (arguments.length > 0) throw miscounted('asinh', 0, arguments.length)
      const a = indexOf(this, 'asinh')
      const x = values[a]!
      const v1 = asinh(x)
      const v3 = hypot(x, 1)
      const v4 = 1 / v3
      return one(v1, a, v4)
    },
    atan(this: Place): Num {
      if (arguments.length > 0) throw miscounted('atan', 0, arguments.length)
      const a = indexOf(this, 'atan')
      const x = values[a]!
      const v1 = atan(x)
      const v3 = 1 / x
      const v4 = abs(x)
      const v5 = 1 < v4 ? 1 : 0
      const v6 = v5 !== 0 ? v3 : x
      const v7 = v6 * v6
      const v8 = 1 + v7
      const v9 = v5 !== 0 ? v7 : 1
      const v10 = v9 / v8
      return one(v1, a, v10)
    },
    atan2(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('atan2', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'atan2')
        const x = values[a]!
        const y = y_
        const v2 = atan2(x, y)
        const v3 = hypot(x, y)
        const v4 = y / v3
        const v5 = v4 / v3
        const v8 = v3 === Infinity ? 1 : 0
        const v9 = v3 === 0 ? 1 : 0
        const v10 = v9 !== 0 || v8 !== 0 ? 1 : 0
        const v11 = v10 !== 0 ? 0 : v5
        return one(v2, a, v11)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.atan2.call(this, y_)
      }
      const a = indexOf(this, 'atan2')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'atan2')
      const y = values[b]!
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
      return two(v2, a, v11, b, v15)
    },
    atanh(this: Place): Num {
      if (arguments.length > 0) throw miscounted('atanh', 0, arguments.length)
      const a = indexOf(this, 'atanh')
      const x = values[a]!
      const v1 = atanh(x)
      const v3 = 1 + x
      const v4 = 1 - x
      const v5 = v4 * v3
      const v6 = 1 / v5
      return one(v1, a, v6)
    },
    besselI(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('besselI', 1, arguments.length)
      if (typeof y_ === 'number') {
        const x = values[indexOf(this, 'besselI')]!
        const y = y_
        const v2 = besselIOfNumbers(x, y)
        return none(v2)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.besselI.call(this, y_)
      }
      const x = values[indexOf(this, 'besselI')]!
      const b = indexOf(y_ as Place, 'besselI')
      const y = values[b]!
      const v2 = besselIOfNumbers(x, y)
      const v4 = x + 1
      const v5 = besselIOfNumbers(v4, y)
      const v6 = x - 1
      const v7 = besselIOfNumbers(v6, y)
      const v8 = v7 + v5
      const v10 = 0.5 * v8
      return one(v2, b, v10)
    },
    ceil(this: Place): Num {
      if (arguments.length > 0) throw miscounted('ceil', 0, arguments.length)
      const x = values[indexOf(this, 'ceil')]!
      const v1 = ceil(x)
      return none(v1)
    },
    celu(this: Place, y_: Scalar = 1): Num {
      if (arguments.length > 1) throw miscounted('celu', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'celu')
        const x = values[a]!
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
        return one(v11, a, v14)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.celu.call(this, y_)
      }
      const a = indexOf(this, 'celu')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'celu')
      const y = values[b]!
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
      return two(v11, a, v14, b, v17)
    },
    clamp(this: Place, y_: Scalar, z_: Scalar): Num {
      if (arguments.length > 2 || arguments.length < 2) throw miscounted('clamp', 2, arguments.length)
      if (!(y_ instanceof Var) || !(z_ instanceof Var)) {
        return elsewhere.clamp.call(this, y_, z_)
      }
      const a = indexOf(this, 'clamp')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'clamp')
      const y = values[b]!
      const c = indexOf(z_ as Place, 'clamp')
      const z = values[c]!
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
      return three(v4, a, v10, b, v14, c, v16)
    },
    copysign(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('copysign', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'copysign')
        const x = values[a]!
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
        return one(v10, a, v17)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.copysign.call(this, y_)
      }
      const a = indexOf(this, 'copysign')
      const x = values[a]!
      const y = values[indexOf(y_ as Place, 'copysign')]!
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
      return one(v10, a, v17)
    },
    cos(this: Place): Num {
      if (arguments.length > 0) throw miscounted('cos', 0, arguments.length)
      const a = indexOf(this, 'cos')
      const x = values[a]!
      const v1 = cos(x)
      const v2 = sin(x)
      const v3 = -v2
      return one(v1, a, v3)
    },
    cosh(this: Place): Num {
      if (arguments.length > 0) throw miscounted('cosh', 0, arguments.length)
      const a = indexOf(this, 'cosh')
      const x = values[a]!
      const v1 = cosh(x)
      const v2 = sinh(x)
      return one(v1, a, v2)
    },
    digamma(this: Place): Num {
      if (arguments.length > 0) throw miscounted('digamma', 0, arguments.length)
      const a = indexOf(this, 'digamma')
      const x = values[a]!
      const v2 = psiOfNumbers(0, x)
      const v4 = psiOfNumbers(1, x)
      return one(v2, a, v4)
    },
    div(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('div', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'div')
        const x = values[a]!
        const y = y_
        const v2 = x / y
        const v4 = 1 / y
        return one(v2, a, v4)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.div.call(this, y_)
      }
      const a = indexOf(this, 'div')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'div')
      const y = values[b]!
      const v2 = x / y
      const v4 = 1 / y
      const v5 = v2 / y
      const v6 = -v5
      return two(v2, a, v4, b, v6)
    },
    elu(this: Place, y_: Scalar = 1): Num {
      if (arguments.length > 1) throw miscounted('elu', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'elu')
        const x = values[a]!
        const y = y_
        const v1 = expm1(x)
        const v3 = y * v1
        const v5 = 0 < x ? 1 : 0
        const v6 = v5 !== 0 ? x : v3
        const v7 = exp(x)
        const v8 = y * v7
        const v10 = v5 !== 0 ? 1 : v8
        return one(v6, a, v10)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.elu.call(this, y_)
      }
      const a = indexOf(this, 'elu')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'elu')
      const y = values[b]!
      const v1 = expm1(x)
      const v3 = y * v1
      const v5 = 0 < x ? 1 : 0
      const v6 = v5 !== 0 ? x : v3
      const v7 = exp(x)
      const v8 = y * v7
      const v10 = v5 !== 0 ? 1 : v8
      const v11 = v5 !== 0 ? 0 : v1
      return two(v6, a, v10, b, v11)
    },
    equal(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('equal', 1, arguments.length)
      if (typeof y_ === 'number') {
        const x = values[indexOf(this, 'equal')]!
        const y = y_
        const v2 = x === y ? 1 : 0
        return none(v2)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.equal.call(this, y_)
      }
      const x = values[indexOf(this, 'equal')]!
      const y = values[indexOf(y_ as Place, 'equal')]!
      const v2 = x === y ? 1 : 0
      return none(v2)
    },
    erf(this: Place): Num {
      if (arguments.length > 0) throw miscounted('erf', 0, arguments.length)
      const a = indexOf(this, 'erf')
      const x = values[a]!
      const v1 = erf(x)
      const v2 = x * x
      const v3 = -v2
      const v4 = exp(v3)
      const v6 = 1.1283791670955126 * v4
      return one(v1, a, v6)
    },
    erfc(this: Place): Num {
      if (arguments.length > 0) throw miscounted('erfc', 0, arguments.length)
      const a = indexOf(this, 'erfc')
      const x = values[a]!
      const v1 = erfc(x)
      const v2 = x * x
      const v3 = -v2
      const v4 = exp(v3)
      const v6 = 1.1283791670955126 * v4
      const v7 = -v6
      return one(v1, a, v7)
    },
    erfinv(this: Place): Num {
      if (arguments.length > 0) throw miscounted('erfinv', 0, arguments.length)
      const a = indexOf(this, 'erfinv')
      const x = values[a]!
      const v1 = erfinvOfNumbers(x)
      const v2 = v1 * v1
      const v3 = exp(v2)
      const v5 = 0.8862269254527579 * v3
      return one(v1, a, v5)
    },
    exp(this: Place): Num {
      if (arguments.length > 0) throw miscounted('exp', 0, arguments.length)
      const a = indexOf(this, 'exp')
      const x = values[a]!
      const v1 = exp(x)
      return one(v1, a, v1)
    },
    exp2(this: Place): Num {
      if (arguments.length > 0) throw miscounted('exp2', 0, arguments.length)
      const a = indexOf(this, 'exp2')
      const x = values[a]!
      const v2 = pow(2, x)
      const v4 = 0.6931471805599453 * v2
      return one(v2, a, v4)
    },
    expm1(this: Place): Num {
      if (arguments.length > 0) throw miscounted('expm1', 0, arguments.length)
      const a = indexOf(this, 'expm1')
      const x = values[a]!
      const v1 = expm1(x)
      const v2 = exp(x)
      return one(v1, a, v2)
    },
    floor(this: Place): Num {
      if (arguments.length > 0) throw miscounted('floor', 0, arguments.length)
      const x = values[indexOf(this, 'floor')]!
      const v1 = floor(x)
      return none(v1)
    },
    floorDivide(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('floorDivide', 1, arguments.length)
      if (typeof y_ === 'number') {
        const x = values[indexOf(this, 'floorDivide')]!
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
        return none(v19)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.floorDivide.call(this, y_)
      }
      const x = values[indexOf(this, 'floorDivide')]!
      const y = values[indexOf(y_ as Place, 'floorDivide')]!
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
      return none(v19)
    },
    fmax(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('fmax', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'fmax')
        const x = values[a]!
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
        return one(v8, a, v17)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.fmax.call(this, y_)
      }
      const a = indexOf(this, 'fmax')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'fmax')
      const y = values[b]!
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
      return two(v8, a, v17, b, v21)
    },
    fmin(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('fmin', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'fmin')
        const x = values[a]!
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
        return one(v8, a, v17)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.fmin.call(this, y_)
      }
      const a = indexOf(this, 'fmin')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'fmin')
      const y = values[b]!
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
      return two(v8, a, v17, b, v21)
    },
    fmod(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('fmod', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'fmod')
        const x = values[a]!
        const y = y_
        const v2 = fmodOfNumbers(x, y)
        const v4 = v2 === v2 ? 1 : 0
        const v5 = v4 !== 0 ? 1 : v2
        return one(v2, a, v5)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.fmod.call(this, y_)
      }
      const a = indexOf(this, 'fmod')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'fmod')
      const y = values[b]!
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
      return two(v2, a, v5, b, v14)
    },
    frac(this: Place): Num {
      if (arguments.length > 0) throw miscounted('frac', 0, arguments.length)
      const a = indexOf(this, 'frac')
      const x = values[a]!
      const v1 = trunc(x)
      const v2 = x - v1
      const v4 = v2 === v2 ? 1 : 0
      const v5 = v4 !== 0 ? 1 : v2
      return one(v2, a, v5)
    },
    gelu(this: Place): Num {
      if (arguments.length > 0) throw miscounted('gelu', 0, arguments.length)
      const a = indexOf(this, 'gelu')
      const x = values[a]!
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
      return one(v67, a, v80)
    },
    geluTanh(this: Place): Num {
      if (arguments.length > 0) throw miscounted('geluTanh', 0, arguments.length)
      const a = indexOf(this, 'geluTanh')
      const x = values[a]!
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
      return one(v23, a, v54)
    },
    greater(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('greater', 1, arguments.length)
      if (typeof y_ === 'number') {
        const x = values[indexOf(this, 'greater')]!
        const y = y_
        const v2 = y < x ? 1 : 0
        return none(v2)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.greater.call(this, y_)
      }
      const x = values[indexOf(this, 'greater')]!
      const y = values[indexOf(y_ as Place, 'greater')]!
      const v2 = y < x ? 1 : 0
      return none(v2)
    },
    greaterEqual(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('greaterEqual', 1, arguments.length)
      if (typeof y_ === 'number') {
        const x = values[indexOf(this, 'greaterEqual')]!
        const y = y_
        const v2 = y <= x ? 1 : 0
        return none(v2)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.greaterEqual.call(this, y_)
      }
      const x = values[indexOf(this, 'greaterEqual')]!
      const y = values[indexOf(y_ as Place, 'greaterEqual')]!
      const v2 = y <= x ? 1 : 0
      return none(v2)
    },
    hardSigmoid(this: Place): Num {
      if (arguments.length > 0) throw miscounted('hardSigmoid', 0, arguments.length)
      const a = indexOf(this, 'hardSigmoid')
      const x = values[a]!
      const v4 = x + 3
      const v5 = maximum(v4, 0)
      const v6 = minimum(v5, 6)
      const v7 = v6 / 6
      const v9 = x < 3 ? 1 : 0
      const v11 = (-3) < x ? 1 : 0
      const v12 = v11 !== 0 && v9 !== 0 ? 1 : 0
      const v13 = v12 !== 0 ? 0.16666666666666666 : 0
      return one(v7, a, v13)
    },
    hardSwish(this: Place): Num {
      if (arguments.length > 0) throw miscounted('hardSwish', 0, arguments.length)
      const a = indexOf(this, 'hardSwish')
      const x = values[a]!
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
      return one(v8, a, v16)
    },
    hardTanh(this: Place): Num {
      if (arguments.length > 0) throw miscounted('hardTanh', 0, arguments.length)
      const a = indexOf(this, 'hardTanh')
      const x = values[a]!
      const v3 = maximum(x, (-1))
      const v4 = minimum(v3, 1)
      const v6 = x < 1 ? 1 : 0
      const v7 = (-1) < x ? 1 : 0
      const v8 = v7 !== 0 && v6 !== 0 ? 1 : 0
      const v9 = v8 !== 0 ? 1 : 0
      return one(v4, a, v9)
    },
    hardshrink(this: Place, y_: Scalar = 0.5): Num {
      if (arguments.length > 1) throw miscounted('hardshrink', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'hardshrink')
        const x = values[a]!
        const y = y_
        const v3 = abs(x)
        const v4 = v3 <= y ? 1 : 0
        const v5 = v4 !== 0 ? 0 : x
        const v7 = v4 !== 0 ? 0 : 1
        return one(v5, a, v7)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.hardshrink.call(this, y_)
      }
      const a = indexOf(this, 'hardshrink')
      const x = values[a]!
      const y = values[indexOf(y_ as Place, 'hardshrink')]!
      const v3 = abs(x)
      const v4 = v3 <= y ? 1 : 0
      const v5 = v4 !== 0 ? 0 : x
      const v7 = v4 !== 0 ? 0 : 1
      return one(v5, a, v7)
    },
    hypot(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('hypot', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'hypot')
        const x = values[a]!
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
        return one(v2, a, v23)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.hypot.call(this, y_)
      }
      const a = indexOf(this, 'hypot')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'hypot')
      const y = values[b]!
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
      return two(v2, a, v23, b, v32)
    },
    i0(this: Place): Num {
      if (arguments.length > 0) throw miscounted('i0', 0, arguments.length)
      const a = indexOf(this, 'i0')
      const x = values[a]!
      const v2 = besselIOfNumbers(0, x)
      const v4 = besselIOfNumbers(1, x)
      return one(v2, a, v4)
    },
    i1(this: Place): Num {
      if (arguments.length > 0) throw miscounted('i1', 0, arguments.length)
      const a = indexOf(this, 'i1')
      const x = values[a]!
      const v2 = besselIOfNumbers(1, x)
      const v4 = besselIOfNumbers(2, x)
      const v6 = besselIOfNumbers(0, x)
      const v7 = v6 + v4
      const v9 = 0.5 * v7
      return one(v2, a, v9)
    },
    identity(this: Place): Num {
      if (arguments.length > 0) throw miscounted('identity', 0, arguments.length)
      const a = indexOf(this, 'identity')
      const x = values[a]!
      return one(x, a, 1)
    },
    integerMul(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('integerMul', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'integerMul')
        const x = values[a]!
        const y = y_
        const v2 = integerMul(x, y)
        return one(v2, a, y)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.integerMul.call(this, y_)
      }
      const a = indexOf(this, 'integerMul')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'integerMul')
      const y = values[b]!
      const v2 = integerMul(x, y)
      return two(v2, a, y, b, x)
    },
    integerPow(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('integerPow', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'integerPow')
        const x = values[a]!
        const y = y_
        const v2 = integerPow(x, y)
        const v4 = y - 1
        const v5 = pow(x, v4)
        const v6 = y === 0 || v5 === 0 ? 0 : y * v5
        return one(v2, a, v6)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.integerPow.call(this, y_)
      }
      const a = indexOf(this, 'integerPow')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'integerPow')
      const y = values[b]!
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
      return two(v2, a, v6, b, v13)
    },
    isFinite(this: Place): Num {
      if (arguments.length > 0) throw miscounted('isFinite', 0, arguments.length)
      const x = values[indexOf(this, 'isFinite')]!
      const v2 = abs(x)
      const v3 = v2 < Infinity ? 1 : 0
      return none(v3)
    },
    isInf(this: Place): Num {
      if (arguments.length > 0) throw miscounted('isInf', 0, arguments.length)
      const x = values[indexOf(this, 'isInf')]!
      const v2 = abs(x)
      const v3 = v2 === Infinity ? 1 : 0
      return none(v3)
    },
    isNaN(this: Place): Num {
      if (arguments.length > 0) throw miscounted('isNaN', 0, arguments.length)
      const x = values[indexOf(this, 'isNaN')]!
      const v1 = x === x ? 1 : 0
      const v2 = v1 === 0 ? 1 : 0
      return none(v2)
    },
    leakyRelu(this: Place, y_: Scalar = 0.01): Num {
      if (arguments.length > 1) throw miscounted('leakyRelu', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'leakyRelu')
        const x = values[a]!
        const y = y_
        const v2 = y * x
        const v4 = 0 < x ? 1 : 0
        const v5 = v4 !== 0 ? x : v2
        const v7 = v4 !== 0 ? 1 : y
        return one(v5, a, v7)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.leakyRelu.call(this, y_)
      }
      const a = indexOf(this, 'leakyRelu')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'leakyRelu')
      const y = values[b]!
      const v2 = y * x
      const v4 = 0 < x ? 1 : 0
      const v5 = v4 !== 0 ? x : v2
      const v7 = v4 !== 0 ? 1 : y
      const v8 = v4 !== 0 ? 0 : x
      return two(v5, a, v7, b, v8)
    },
    lerp(this: Place, y_: Scalar, z_: Scalar): Num {
      if (arguments.length > 2 || arguments.length < 2) throw miscounted('lerp', 2, arguments.length)
      if (!(y_ instanceof Var) || !(z_ instanceof Var)) {
        return elsewhere.lerp.call(this, y_, z_)
      }
      const a = indexOf(this, 'lerp')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'lerp')
      const y = values[b]!
      const c = indexOf(z_ as Place, 'lerp')
      const z = values[c]!
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
      return three(v19, a, v5, b, z, c, v8)
    },
    less(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('less', 1, arguments.length)
      if (typeof y_ === 'number') {
        const x = values[indexOf(this, 'less')]!
        const y = y_
        const v2 = x < y ? 1 : 0
        return none(v2)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.less.call(this, y_)
      }
      const x = values[indexOf(this, 'less')]!
      const y = values[indexOf(y_ as Place, 'less')]!
      const v2 = x < y ? 1 : 0
      return none(v2)
    },
    lessEqual(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('lessEqual', 1, arguments.length)
      if (typeof y_ === 'number') {
        const x = values[indexOf(this, 'lessEqual')]!
        const y = y_
        const v2 = x <= y ? 1 : 0
        return none(v2)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.lessEqual.call(this, y_)
      }
      const x = values[indexOf(this, 'lessEqual')]!
      const y = values[indexOf(y_ as Place, 'lessEqual')]!
      const v2 = x <= y ? 1 : 0
      return none(v2)
    },
    lgamma(this: Place): Num {
      if (arguments.length > 0) throw miscounted('lgamma', 0, arguments.length)
      const a = indexOf(this, 'lgamma')
      const x = values[a]!
      const v1 = lgammaOfNumbers(x)
      const v3 = psiOfNumbers(0, x)
      return one(v1, a, v3)
    },
    log(this: Place): Num {
      if (arguments.length > 0) throw miscounted('log', 0, arguments.length)
      const a = indexOf(this, 'log')
      const x = values[a]!
      const v1 = log(x)
      const v3 = 1 / x
      return one(v1, a, v3)
    },
    log10(this: Place): Num {
      if (arguments.length > 0) throw miscounted('log10', 0, arguments.length)
      const a = indexOf(this, 'log10')
      const x = values[a]!
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
      return one(v16, a, v18)
    },
    log1p(this: Place): Num {
      if (arguments.length > 0) throw miscounted('log1p', 0, arguments.length)
      const a = indexOf(this, 'log1p')
      const x = values[a]!
      const v1 = log1p(x)
      const v3 = 1 + x
      const v4 = 1 / v3
      return one(v1, a, v4)
    },
    log2(this: Place): Num {
      if (arguments.length > 0) throw miscounted('log2', 0, arguments.length)
      const a = indexOf(this, 'log2')
      const x = values[a]!
      const v2 = log(x)
      const v3 = v2 / 0.6931471805599453
      const v4 = round(v3)
      const v6 = pow(2, v4)
      const v7 = v6 === x ? 1 : 0
      const v8 = v7 !== 0 ? v4 : v3
      const v10 = 1.4426950408889634 / x
      return one(v8, a, v10)
    },
    logAddExp(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('logAddExp', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'logAddExp')
        const x = values[a]!
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
        return one(v15, a, v24)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.logAddExp.call(this, y_)
      }
      const a = indexOf(this, 'logAddExp')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'logAddExp')
      const y = values[b]!
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
      return two(v15, a, v24, b, v38)
    },
    logAddExp2(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('logAddExp2', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'logAddExp2')
        const x = values[a]!
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
        return one(v18, a, v29)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.logAddExp2.call(this, y_)
      }
      const a = indexOf(this, 'logAddExp2')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'logAddExp2')
      const y = values[b]!
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
      return two(v18, a, v29, b, v44)
    },
    logSigmoid(this: Place): Num {
      if (arguments.length > 0) throw miscounted('logSigmoid', 0, arguments.length)
      const a = indexOf(this, 'logSigmoid')
      const x = values[a]!
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
      return one(v8, a, v15)
    },
    logicalAnd(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('logicalAnd', 1, arguments.length)
      if (typeof y_ === 'number') {
        const x = values[indexOf(this, 'logicalAnd')]!
        const y = y_
        const v2 = x !== 0 && y !== 0 ? 1 : 0
        return none(v2)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.logicalAnd.call(this, y_)
      }
      const x = values[indexOf(this, 'logicalAnd')]!
      const y = values[indexOf(y_ as Place, 'logicalAnd')]!
      const v2 = x !== 0 && y !== 0 ? 1 : 0
      return none(v2)
    },
    logicalNot(this: Place): Num {
      if (arguments.length > 0) throw miscounted('logicalNot', 0, arguments.length)
      const x = values[indexOf(this, 'logicalNot')]!
      const v1 = x === 0 ? 1 : 0
      return none(v1)
    },
    logicalOr(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('logicalOr', 1, arguments.length)
      if (typeof y_ === 'number') {
        const x = values[indexOf(this, 'logicalOr')]!
        const y = y_
        const v2 = x !== 0 || y !== 0 ? 1 : 0
        return none(v2)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.logicalOr.call(this, y_)
      }
      const x = values[indexOf(this, 'logicalOr')]!
      const y = values[indexOf(y_ as Place, 'logicalOr')]!
      const v2 = x !== 0 || y !== 0 ? 1 : 0
      return none(v2)
    },
    logicalXor(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('logicalXor', 1, arguments.length)
      if (typeof y_ === 'number') {
        const x = values[indexOf(this, 'logicalXor')]!
        const y = y_
        const v1 = y === 0 ? 1 : 0
        const v3 = x === 0 ? 1 : 0
        const v4 = v3 === v1 ? 1 : 0
        const v5 = v4 === 0 ? 1 : 0
        return none(v5)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.logicalXor.call(this, y_)
      }
      const x = values[indexOf(this, 'logicalXor')]!
      const y = values[indexOf(y_ as Place, 'logicalXor')]!
      const v1 = y === 0 ? 1 : 0
      const v3 = x === 0 ? 1 : 0
      const v4 = v3 === v1 ? 1 : 0
      const v5 = v4 === 0 ? 1 : 0
      return none(v5)
    },
    logit(this: Place): Num {
      if (arguments.length > 0) throw miscounted('logit', 0, arguments.length)
      const a = indexOf(this, 'logit')
      const x = values[a]!
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
      return one(v16, a, v20)
    },
    maximum(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('maximum', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'maximum')
        const x = values[a]!
        const y = y_
        const v2 = maximum(x, y)
        const v5 = x === y ? 1 : 0
        const v6 = v5 !== 0 ? 0.5 : 0
        const v8 = y < x ? 1 : 0
        const v9 = v8 !== 0 ? 1 : v6
        return one(v2, a, v9)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.maximum.call(this, y_)
      }
      const a = indexOf(this, 'maximum')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'maximum')
      const y = values[b]!
      const v2 = maximum(x, y)
      const v5 = x === y ? 1 : 0
      const v6 = v5 !== 0 ? 0.5 : 0
      const v8 = y < x ? 1 : 0
      const v9 = v8 !== 0 ? 1 : v6
      const v10 = x < y ? 1 : 0
      const v11 = v10 !== 0 ? 1 : v6
      return two(v2, a, v9, b, v11)
    },
    minimum(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('minimum', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'minimum')
        const x = values[a]!
        const y = y_
        const v2 = minimum(x, y)
        const v5 = x === y ? 1 : 0
        const v6 = v5 !== 0 ? 0.5 : 0
        const v8 = x < y ? 1 : 0
        const v9 = v8 !== 0 ? 1 : v6
        return one(v2, a, v9)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.minimum.call(this, y_)
      }
      const a = indexOf(this, 'minimum')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'minimum')
      const y = values[b]!
      const v2 = minimum(x, y)
      const v5 = x === y ? 1 : 0
      const v6 = v5 !== 0 ? 0.5 : 0
      const v8 = x < y ? 1 : 0
      const v9 = v8 !== 0 ? 1 : v6
      const v10 = y < x ? 1 : 0
      const v11 = v10 !== 0 ? 1 : v6
      return two(v2, a, v9, b, v11)
    },
    mish(this: Place): Num {
      if (arguments.length > 0) throw miscounted('mish', 0, arguments.length)
      const a = indexOf(this, 'mish')
      const x = values[a]!
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
      return one(v27, a, v70)
    },
    mul(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('mul', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'mul')
        const x = values[a]!
        const y = y_
        const v2 = x * y
        return one(v2, a, y)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.mul.call(this, y_)
      }
      const a = indexOf(this, 'mul')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'mul')
      const y = values[b]!
      const v2 = x * y
      return two(v2, a, y, b, x)
    },
    neg(this: Place): Num {
      if (arguments.length > 0) throw miscounted('neg', 0, arguments.length)
      const a = indexOf(this, 'neg')
      const x = values[a]!
      const v1 = -x
      return one(v1, a, (-1))
    },
    notEqual(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('notEqual', 1, arguments.length)
      if (typeof y_ === 'number') {
        const x = values[indexOf(this, 'notEqual')]!
        const y = y_
        const v2 = x === y ? 1 : 0
        const v3 = v2 === 0 ? 1 : 0
        return none(v3)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.notEqual.call(this, y_)
      }
      const x = values[indexOf(this, 'notEqual')]!
      const y = values[indexOf(y_ as Place, 'notEqual')]!
      const v2 = x === y ? 1 : 0
      const v3 = v2 === 0 ? 1 : 0
      return none(v3)
    },
    pow(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('pow', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'pow')
        const x = values[a]!
        const y = y_
        const v2 = pow(x, y)
        const v4 = y - 1
        const v5 = pow(x, v4)
        const v6 = y === 0 || v5 === 0 ? 0 : y * v5
        return one(v2, a, v6)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.pow.call(this, y_)
      }
      const a = indexOf(this, 'pow')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'pow')
      const y = values[b]!
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
      return two(v2, a, v6, b, v13)
    },
    psi(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('psi', 1, arguments.length)
      if (typeof y_ === 'number') {
        const x = values[indexOf(this, 'psi')]!
        const y = y_
        const v2 = psiOfNumbers(x, y)
        return none(v2)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.psi.call(this, y_)
      }
      const x = values[indexOf(this, 'psi')]!
      const b = indexOf(y_ as Place, 'psi')
      const y = values[b]!
      const v2 = psiOfNumbers(x, y)
      const v4 = x + 1
      const v5 = psiOfNumbers(v4, y)
      return one(v2, b, v5)
    },
    reciprocal(this: Place): Num {
      if (arguments.length > 0) throw miscounted('reciprocal', 0, arguments.length)
      const a = indexOf(this, 'reciprocal')
      const x = values[a]!
      const v2 = 1 / x
      const v3 = v2 * v2
      const v4 = -v3
      return one(v2, a, v4)
    },
    relu(this: Place): Num {
      if (arguments.length > 0) throw miscounted('relu', 0, arguments.length)
      const a = indexOf(this, 'relu')
      const x = values[a]!
      const v2 = maximum(x, 0)
      const v4 = 0 < x ? 1 : 0
      const v5 = v4 !== 0 ? 1 : 0
      return one(v2, a, v5)
    },
    relu6(this: Place): Num {
      if (arguments.length > 0) throw miscounted('relu6', 0, arguments.length)
      const a = indexOf(this, 'relu6')
      const x = values[a]!
      const v3 = maximum(x, 0)
      const v4 = minimum(v3, 6)
      const v6 = x < 6 ? 1 : 0
      const v7 = 0 < x ? 1 : 0
      const v8 = v7 !== 0 && v6 !== 0 ? 1 : 0
      const v9 = v8 !== 0 ? 1 : 0
      return one(v4, a, v9)
    },
    remainder(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('remainder', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'remainder')
        const x = values[a]!
        const y = y_
        const v2 = remainder(x, y)
        const v4 = v2 === v2 ? 1 : 0
        const v5 = v4 !== 0 ? 1 : v2
        return one(v2, a, v5)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.remainder.call(this, y_)
      }
      const a = indexOf(this, 'remainder')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'remainder')
      const y = values[b]!
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
      return two(v2, a, v5, b, v16)
    },
    round(this: Place): Num {
      if (arguments.length > 0) throw miscounted('round', 0, arguments.length)
      const x = values[indexOf(this, 'round')]!
      const v1 = round(x)
      return none(v1)
    },
    rsqrt(this: Place): Num {
      if (arguments.length > 0) throw miscounted('rsqrt', 0, arguments.length)
      const a = indexOf(this, 'rsqrt')
      const x = values[a]!
      const v1 = sqrt(x)
      const v3 = 1 / v1
      const v5 = (-0.5) * v3
      const v6 = v5 / x
      return one(v3, a, v6)
    },
    scale(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('scale', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'scale')
        const x = values[a]!
        const y = y_
        const v2 = x === 0 || y === 0 ? 0 : x * y
        return one(v2, a, y)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.scale.call(this, y_)
      }
      const a = indexOf(this, 'scale')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'scale')
      const y = values[b]!
      const v2 = x === 0 || y === 0 ? 0 : x * y
      return two(v2, a, y, b, x)
    },
    select(this: Place, y_: Scalar, z_: Scalar): Num {
      if (arguments.length > 2 || arguments.length < 2) throw miscounted('select', 2, arguments.length)
      if (!(y_ instanceof Var) || !(z_ instanceof Var)) {
        return elsewhere.select.call(this, y_, z_)
      }
      const x = values[indexOf(this, 'select')]!
      const b = indexOf(y_ as Place, 'select')
      const y = values[b]!
      const c = indexOf(z_ as Place, 'select')
      const z = values[c]!
      const v3 = x !== 0 ? y : z
      const v6 = x !== 0 ? 1 : 0
      const v7 = x !== 0 ? 0 : 1
      return two(v3, b, v6, c, v7)
    },
    selu(this: Place): Num {
      if (arguments.length > 0) throw miscounted('selu', 0, arguments.length)
      const a = indexOf(this, 'selu')
      const x = values[a]!
      const v1 = expm1(x)
      const v3 = 1.6732632423543772 * v1
      const v5 = 0 < x ? 1 : 0
      const v6 = v5 !== 0 ? x : v3
      const v8 = 1.0507009873554805 * v6
      const v9 = exp(x)
      const v11 = 1.7580993408473766 * v9
      const v12 = v5 !== 0 ? 1.0507009873554805 : v11
      return one(v8, a, v12)
    },
    sigmoid(this: Place): Num {
      if (arguments.length > 0) throw miscounted('sigmoid', 0, arguments.length)
      const a = indexOf(this, 'sigmoid')
      const x = values[a]!
      const v1 = -x
      const v3 = x < 0 ? 1 : 0
      const v4 = v3 !== 0 ? x : v1
      const v5 = exp(v4)
      const v7 = 1 + v5
      const v8 = v3 !== 0 ? v5 : 1
      const v9 = v8 / v7
      const v10 = 1 - v9
      const v11 = v9 * v10
      return one(v9, a, v11)
    },
    sign(this: Place): Num {
      if (arguments.length > 0) throw miscounted('sign', 0, arguments.length)
      const x = values[indexOf(this, 'sign')]!
      const v3 = x < 0 ? 1 : 0
      const v4 = v3 !== 0 ? (-1) : x
      const v6 = 0 < x ? 1 : 0
      const v7 = v6 !== 0 ? 1 : v4
      return none(v7)
    },
    silu(this: Place): Num {
      if (arguments.length > 0) throw miscounted('silu', 0, arguments.length)
      const a = indexOf(this, 'silu')
      const x = values[a]!
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
      return one(v16, a, v30)
    },
    sin(this: Place): Num {
      if (arguments.length > 0) throw miscounted('sin', 0, arguments.length)
      const a = indexOf(this, 'sin')
      const x = values[a]!
      const v1 = sin(x)
      const v2 = cos(x)
      return one(v1, a, v2)
    },
    sinc(this: Place): Num {
      if (arguments.length > 0) throw miscounted('sinc', 0, arguments.length)
      const a = indexOf(this, 'sinc')
      const x = values[a]!
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
      return one(v56, a, v104)
    },
    sinh(this: Place): Num {
      if (arguments.length > 0) throw miscounted('sinh', 0, arguments.length)
      const a = indexOf(this, 'sinh')
      const x = values[a]!
      const v1 = sinh(x)
      const v2 = cosh(x)
      return one(v1, a, v2)
    },
    softplus(this: Place): Num {
      if (arguments.length > 0) throw miscounted('softplus', 0, arguments.length)
      const a = indexOf(this, 'softplus')
      const x = values[a]!
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
      return one(v8, a, v12)
    },
    softshrink(this: Place, y_: Scalar = 0.5): Num {
      if (arguments.length > 1) throw miscounted('softshrink', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'softshrink')
        const x = values[a]!
        const y = y_
        const v2 = x + y
        const v3 = x - y
        const v5 = 0 < x ? 1 : 0
        const v6 = v5 !== 0 ? v3 : v2
        const v7 = abs(x)
        const v8 = v7 <= y ? 1 : 0
        const v9 = v8 !== 0 ? 0 : v6
        const v11 = v8 !== 0 ? 0 : 1
        return one(v9, a, v11)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.softshrink.call(this, y_)
      }
      const a = indexOf(this, 'softshrink')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'softshrink')
      const y = values[b]!
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
      return two(v9, a, v11, b, v14)
    },
    softsign(this: Place): Num {
      if (arguments.length > 0) throw miscounted('softsign', 0, arguments.length)
      const a = indexOf(this, 'softsign')
      const x = values[a]!
      const v3 = maximum(x, (-1.2676506002282294e+30))
      const v4 = minimum(v3, 1.2676506002282294e+30)
      const v5 = abs(v4)
      const v7 = 1 + v5
      const v8 = v4 / v7
      const v9 = abs(x)
      const v10 = 1 + v9
      const v11 = 1 / v10
      const v12 = v11 / v10
      return one(v8, a, v12)
    },
    sqrt(this: Place): Num {
      if (arguments.length > 0) throw miscounted('sqrt', 0, arguments.length)
      const a = indexOf(this, 'sqrt')
      const x = values[a]!
      const v1 = sqrt(x)
      const v3 = 0.5 / v1
      return one(v1, a, v3)
    },
    square(this: Place): Num {
      if (arguments.length > 0) throw miscounted('square', 0, arguments.length)
      const a = indexOf(this, 'square')
      const x = values[a]!
      const v1 = x * x
      const v3 = 2 * x
      return one(v1, a, v3)
    },
    sub(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('sub', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'sub')
        const x = values[a]!
        const y = y_
        const v2 = x - y
        return one(v2, a, 1)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.sub.call(this, y_)
      }
      const a = indexOf(this, 'sub')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'sub')
      const y = values[b]!
      const v2 = x - y
      return two(v2, a, 1, b, (-1))
    },
    tan(this: Place): Num {
      if (arguments.length > 0) throw miscounted('tan', 0, arguments.length)
      const a = indexOf(this, 'tan')
      const x = values[a]!
      const v1 = tan(x)
      const v2 = v1 * v1
      const v4 = 1 + v2
      return one(v1, a, v4)
    },
    tanh(this: Place): Num {
      if (arguments.length > 0) throw miscounted('tanh', 0, arguments.length)
      const a = indexOf(this, 'tanh')
      const x = values[a]!
      const v1 = tanh(x)
      const v2 = v1 * v1
      const v4 = 1 - v2
      return one(v1, a, v4)
    },
    tanhShrink(this: Place): Num {
      if (arguments.length > 0) throw miscounted('tanhShrink', 0, arguments.length)
      const a = indexOf(this, 'tanhShrink')
      const x = values[a]!
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
      return one(v33, a, v34)
    },
    threshold(this: Place, y_: Scalar, z_: Scalar): Num {
      if (arguments.length > 2 || arguments.length < 2) throw miscounted('threshold', 2, arguments.length)
      if (!(y_ instanceof Var) || !(z_ instanceof Var)) {
        return elsewhere.threshold.call(this, y_, z_)
      }
      const a = indexOf(this, 'threshold')
      const x = values[a]!
      const y = values[indexOf(y_ as Place, 'threshold')]!
      const c = indexOf(z_ as Place, 'threshold')
      const z = values[c]!
      const v3 = x <= y ? 1 : 0
      const v4 = v3 !== 0 ? z : x
      const v7 = v3 !== 0 ? 0 : 1
      const v8 = v3 !== 0 ? 1 : 0
      return two(v4, a, v7, c, v8)
    },
    trunc(this: Place): Num {
      if (arguments.length > 0) throw miscounted('trunc', 0, arguments.length)
      const x = values[indexOf(this, 'trunc')]!
      const v1 = trunc(x)
      return none(v1)
    },
    where(this: Place, y_: Scalar, z_: Scalar): Num {
      if (arguments.length > 2 || arguments.length < 2) throw miscounted('where', 2, arguments.length)
      if (!(y_ instanceof Var) || !(z_ instanceof Var)) {
        return elsewhere.where.call(this, y_, z_)
      }
      const x = values[indexOf(this, 'where')]!
      const b = indexOf(y_ as Place, 'where')
      const y = values[b]!
      const c = indexOf(z_ as Place, 'where')
      const z = values[c]!
      const v3 = x !== 0 ? y : z
      const v6 = x !== 0 ? 1 : 0
      const v7 = x !== 0 ? 0 : 1
      return two(v3, b, v6, c, v7)
    },
    xlogy(this: Place, y_: Scalar): Num {
      if (arguments.length > 1 || arguments.length < 1) throw miscounted('xlogy', 1, arguments.length)
      if (typeof y_ === 'number') {
        const a = indexOf(this, 'xlogy')
        const x = values[a]!
        const y = y_
        const v1 = log(y)
        const v3 = x * v1
        const v5 = y === y ? 1 : 0
        const v6 = x === 0 ? 1 : 0
        const v7 = v6 !== 0 && v5 !== 0 ? 1 : 0
        const v8 = v7 !== 0 ? 0 : v3
        return one(v8, a, v1)
      }
      if (!(y_ instanceof Var)) {
        return elsewhere.xlogy.call(this, y_)
      }
      const a = indexOf(this, 'xlogy')
      const x = values[a]!
      const b = indexOf(y_ as Place, 'xlogy')
      const y = values[b]!
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
      return two(v8, a, v1, b, v14)
    },
  }
}
