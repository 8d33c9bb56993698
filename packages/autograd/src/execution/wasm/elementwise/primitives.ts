import type { Primitive } from '../../../rules/algebra.js'
import type { Application } from '../../../rules/straight-line.js'
import { type Code, type Local, v128 } from '../assembler/index.js'
import { erf } from '../math/erf.js'
import { exp, expm1, tanh } from '../math/exponential.js'
import { integerMul } from '../math/integer.js'
import { log, log1p } from '../math/logarithm.js'
import { constantPower, isSimplePower } from '../math/power.js'
import { cos, sin } from '../math/trigonometric.js'
import type { FloatType, Vector, VectorFunction } from '../math/vector.js'
import type { Operand } from './operand.js'

/** How a primitive is computed, and whether that leaves numbers or a mask. */
export interface Implementation {
  readonly gives: 'value' | 'mask'
  readonly code: (v: Vector, ...operands: Operand[]) => Code<'v128'>
  /** For what is only sometimes computed in vectors, and else lane by lane in JavaScript. */
  readonly runsInVectors?: (type: FloatType, constant: number | undefined) => boolean
}

const unary = (code: VectorFunction): Implementation => ({ gives: 'value', code: (v, x) => code(v, x!.value) })

type BinaryFunction = (v: Vector, a: Local<'v128'>, b: Local<'v128'>) => Code<'v128'>
const binary = (code: BinaryFunction): Implementation => ({
  gives: 'value',
  code: (v, a, b) => code(v, a!.value, b!.value),
})
const comparison = (code: BinaryFunction): Implementation => ({
  gives: 'mask',
  code: (v, a, b) => code(v, a!.value, b!.value),
})
const logical = (code: (...masks: Code<'v128'>[]) => Code<'v128'>): Implementation => ({
  gives: 'mask',
  code: (_, ...operands) => code(...operands.map(({ mask }) => mask.get)),
})

/** Of two numbers; engines are slow to tell NaN and the sign of a zero, so what is known of a constant helps. */
const extreme = (
  bounded: (v: Vector, x: Code<'v128'>, bound: number) => Code<'v128'>,
  name: 'max' | 'min',
): Implementation => ({
  gives: 'value',
  code: (v, a, b) => {
    const [x, constant] = a!.constant === undefined ? [a!, b!.constant] : [b!, a!.constant]
    if (constant === undefined || Number.isNaN(constant)) return v.float[name](a!.value.get, b!.value.get)
    return bounded(v, x.value.get, v.type === 'float32' ? Math.fround(constant) : constant)
  },
})

/** All but those that are computed lane by lane in JavaScript. */
const implementations: { readonly [K in Primitive]?: Implementation } = {
  neg: unary((v, x) => v.float.neg(x.get)),
  abs: unary((v, x) => v.float.abs(x.get)),
  sqrt: unary((v, x) => v.float.sqrt(x.get)),
  floor: unary((v, x) => v.float.floor(x.get)),
  ceil: unary((v, x) => v.float.ceil(x.get)),
  round: unary((v, x) => v.float.nearest(x.get)),
  trunc: unary((v, x) => v.float.trunc(x.get)),
  exp: unary(exp),
  expm1: unary(expm1),
  log: unary(log),
  log1p: unary(log1p),
  sin: unary(sin),
  cos: unary(cos),
  tanh: unary(tanh),
  erf: { ...unary(erf), runsInVectors: (type) => type === 'float32' },
  add: binary((v, a, b) => v.float.add(a.get, b.get)),
  sub: binary((v, a, b) => v.float.sub(a.get, b.get)),
  mul: binary((v, a, b) => v.float.mul(a.get, b.get)),
  div: binary((v, a, b) => v.float.div(a.get, b.get)),
  maximum: extreme((v, x, bound) => {
    // of two zeros the positive one is larger
    const larger = v.float.pseudoMax(x, v.constant(bound))
    return Object.is(bound, 0) ? v.float.add(larger, v.constant(0)) : larger
  }, 'max'),
  minimum: extreme((v, x, bound) => {
    return Object.is(bound, -0) ? v.float.min(x, v.constant(bound)) : v.float.pseudoMin(x, v.constant(bound))
  }, 'min'),
  scale: binary((v, g, p) => {
    const zero = v.constant(0)
    const isZero = v128.or(v.float.equal(g.get, zero), v.float.equal(p.get, zero))
    return v128.andNot(v.float.mul(g.get, p.get), isZero)
  }),
  pow: {
    gives: 'value',
    code: (v, x, exponent) =>
      (exponent!.constant === undefined ? null : constantPower(v, x!.value, exponent!.constant)) ??
      v.byLane('pow', [x!.value, exponent!.value]),
    runsInVectors: (_, exponent) => exponent !== undefined && isSimplePower(exponent),
  },
  // integers are computed in float64 lanes
  integerMul: {
    gives: 'value',
    code: (v, a, b) =>
      v.type === 'float64' ? integerMul(v, a!.value, b!.value) : v.byLane('integerMul', [a!.value, b!.value]),
    runsInVectors: (type) => type === 'float64',
  },
  equal: comparison((v, a, b) => v.float.equal(a.get, b.get)),
  less: comparison((v, a, b) => v.float.less(a.get, b.get)),
  lessEqual: comparison((v, a, b) => v.float.lessEqual(a.get, b.get)),
  logicalNot: logical((x) => v128.not(x!)),
  logicalAnd: logical((a, b) => v128.and(a!, b!)),
  logicalOr: logical((a, b) => v128.or(a!, b!)),
  select: {
    gives: 'value',
    code: (_, condition, a, b) => v128.select(a!.value.get, b!.value.get, condition!.mask.get),
  },
}

const masks: { readonly [K in Primitive]?: Implementation } = {
  select: logical((condition, a, b) => v128.select(a!, b!, condition!)),
}

export const implementationOf = ({ name, numeric }: Application, operands: readonly Operand[]): Implementation => {
  const ofMasks = operands.every(({ isMask }) => isMask) ? masks[name] : undefined
  return (
    ofMasks ??
    implementations[name] ?? {
      gives: 'value',
      code: (v, ...all) =>
        v.byLane(
          name,
          all.map(({ value }) => value),
          numeric,
        ),
    }
  )
}

/** True if the primitive runs in vectors throughout; `constant` is its second operand, where that is one. */
export const isVectorized = (name: Primitive, type: FloatType, constant?: number): boolean =>
  implementations[name]?.runsInVectors?.(type, constant) ?? name in implementations
