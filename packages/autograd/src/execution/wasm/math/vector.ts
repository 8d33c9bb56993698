import type { NumberFunction, Primitive } from '../../../rules/algebra.js'
import {
  type Callable,
  type Code,
  f32,
  f32x4,
  f64,
  f64x2,
  i32x4,
  i64x2,
  type Local,
  type Repeated,
  type Scope,
  type Statement,
} from '../assembler/index.js'

export type FloatType = 'float32' | 'float64'

/** A primitive over numbers, imported from JavaScript. */
export type ScalarFunction = Callable<readonly 'f64'[], 'f64'>

export interface VectorOptions {
  /** Multiplications and additions may be fused, which rounds differently on different machines. */
  readonly fused: boolean
  /** @param numeric needed where the primitive is no function of the algebra */
  readonly scalar: (name: Primitive, numeric?: NumberFunction) => ScalarFunction
}

type FloatLanes = Omit<typeof f32x4, 'splat' | 'extractLane' | 'replaceLane' | 'fromInt32' | 'demoteZero'>

/** What vector arithmetic of one float type is written with, inside one function. */
export class Vector {
  readonly float: FloatLanes
  /** Lanes in a vector. */
  readonly count: number
  private readonly constants = new Map<string, { readonly local: Local<'v128'>; readonly value: Code<'v128'> }>()

  constructor(
    readonly scope: Scope,
    readonly type: FloatType,
    private readonly options: VectorOptions,
  ) {
    this.float = type === 'float32' ? f32x4 : f64x2
    this.count = type === 'float32' ? 4 : 2
  }

  /** A number in every lane. Constants stand in locals, which `prologue` sets. */
  constant(value: number): Code<'v128'> {
    return this.constantLocal(value).get
  }

  constantLocal(value: number): Local<'v128'> {
    return this.kept(`${this.type} ${Object.is(value, -0) ? '-0' : value}`, () => this.float.const(value))
  }

  /** A float64 in both halves, whatever the lanes of the others. */
  doubles(value: number): Code<'v128'> {
    return this.kept(`float64 ${value}`, () => f64x2.const(value)).get
  }

  /** An integer as wide as a lane in every lane. */
  integer(value: bigint): Code<'v128'> {
    return this.integerLocal(value).get
  }

  integerLocal(value: bigint): Local<'v128'> {
    return this.kept(`${this.type} bits ${value}`, () =>
      this.type === 'float32' ? i32x4.const(Number(value)) : i64x2.const(value),
    )
  }

  private kept(key: string, value: () => Code<'v128'>): Local<'v128'> {
    let constant = this.constants.get(key)
    if (constant === undefined) {
      constant = { local: this.scope.local('v128'), value: value() }
      this.constants.set(key, constant)
    }
    return constant.local
  }

  /**
   * Sets the constants that the code made so far uses. It belongs before the loop: some engines build a constant anew
   * in each round.
   */
  prologue(): Statement {
    return [...this.constants.values()].map(({ local, value }) => local.set(value))
  }

  local(): Local<'v128'> {
    return this.scope.local('v128')
  }

  locals<N extends number>(count: N): Repeated<Local<'v128'>, N> {
    return this.scope.locals('v128', count)
  }

  /** a * b + c */
  mulAdd(a: Code<'v128'>, b: Code<'v128'>, c: Code<'v128'>): Code<'v128'> {
    return this.options.fused ? this.float.relaxedMulAdd(a, b, c) : this.float.add(this.float.mul(a, b), c)
  }

  /** c - a * b */
  negMulAdd(a: Code<'v128'>, b: Code<'v128'>, c: Code<'v128'>): Code<'v128'> {
    return this.options.fused ? this.float.relaxedNegMulAdd(a, b, c) : this.float.sub(c, this.float.mul(a, b))
  }

  /** A polynomial, highest power first. */
  polynomial(x: Local<'v128'>, [first, ...rest]: readonly number[]): Code<'v128'> {
    return rest.reduce((sum, coefficient) => this.mulAdd(sum, x.get, this.constant(coefficient)), this.constant(first!))
  }

  /** An integer operation on lanes as wide as the floats. */
  get bits(): typeof i32x4 | typeof i64x2 {
    return this.type === 'float32' ? i32x4 : i64x2
  }

  /** A primitive computed lane by lane in JavaScript. */
  byLane(name: Primitive, operands: readonly Local<'v128'>[], numeric?: NumberFunction): Code<'v128'> {
    const call = this.options.scalar(name, numeric)
    let result = this.constant(0)
    for (let lane = 0; lane < this.count; lane++) {
      if (this.type === 'float32') {
        const value = call.call(...operands.map((x) => f64.promote(f32x4.extractLane(x.get, lane))))
        result = f32x4.replaceLane(result, lane, f32.demote(value))
      } else {
        result = f64x2.replaceLane(result, lane, call.call(...operands.map((x) => f64x2.extractLane(x.get, lane))))
      }
    }
    return result
  }
}

/** A function of one vector. The bounds that they state are in units in the last place, with and without fusing. */
export type VectorFunction = (v: Vector, x: Local<'v128'>) => Code<'v128'>

/** The same function for both float types. */
export const byType =
  (functions: { readonly [T in FloatType]: VectorFunction }): VectorFunction =>
  (v, x) =>
    functions[v.type](v, x)
