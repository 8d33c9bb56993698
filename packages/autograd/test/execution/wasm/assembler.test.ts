import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { signed, unsigned } from '../../../src/execution/wasm/assembler/code.js'
import {
  after,
  type Code,
  choose,
  countDown,
  countUp,
  drop,
  f32,
  f32x4,
  f64,
  f64x2,
  i16x8,
  i32,
  i32x4,
  i64,
  i64x2,
  increase,
  leave,
  leaveWith,
  loopWhile,
  ModuleBuilder,
  memory,
  type Scope,
  select,
  type ValueType,
  v128,
  wasmFeatures,
  when,
} from '../../../src/execution/wasm/assembler/index.js'
import { atOnce } from '../../../src/execution/work.js'
import { cases } from '../values.js'

/** A value as JavaScript sees it when a function gives it. */
const evaluate = (type: Exclude<ValueType, 'v128'>, code: (scope: Scope) => Code<typeof type>): number | bigint => {
  const module = new ModuleBuilder()
  module.memory({ pages: 1 })
  module.export('run', module.addFunction([], type, code))
  return (instantiate(module).run as () => number | bigint)()
}
const instantiate = (module: ModuleBuilder, imports: WebAssembly.Imports = {}) =>
  new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), imports).exports

describe('LEB128', () => {
  test.each([
    [0, [0]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [624485, [0xe5, 0x8e, 0x26]],
    [2 ** 32 - 1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])('unsigned %d', (value, bytes) => expect(unsigned(value)).toEqual(bytes))
  test.each([
    [0, [0]],
    [63, [0x3f]],
    [64, [0xc0, 0x00]],
    [-1, [0x7f]],
    [-64, [0x40]],
    [-65, [0xbf, 0x7f]],
    [-123456, [0xc0, 0xbb, 0x78]],
  ])('signed %d', (value, bytes) => {
    expect(signed(value)).toEqual(bytes)
    expect(signed(BigInt(value))).toEqual(bytes)
  })
  test('signed numbers are written as the same big integers are, at every length', () => {
    for (let bits = 0; bits < 33; bits++) {
      for (const value of [2 ** bits, -(2 ** bits)].flatMap((power) => [power - 1, power, power + 1])) {
        expect(signed(value), `${value}`).toEqual(signed(BigInt(value)))
      }
    }
  })
})

test('a module is written in pieces, more of them for more functions, to the same bytes', () => {
  const piecesOf = (count: number): number => {
    const module = new ModuleBuilder()
    for (let i = 0; i < count; i++) module.addFunction([], 'i32', () => i32.const(i))
    const pieces = [...module.encode()].length
    expect(atOnce(module.encode())).toEqual(module.bytes())
    return pieces
  }
  expect(piecesOf(1000)).toBeGreaterThan(8 * piecesOf(100))
})

describe('constants come back as they were', () => {
  const extremes = [0, 1, -1, 63, 64, -64, -65, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)]
  test.each(extremes)('i32 %d', (value) => expect(evaluate('i32', () => i32.const(value))).toBe(value))
  test.each([0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)])('i64 %d', (value) => {
    expect(evaluate('i64', () => i64.const(value))).toBe(value)
  })
  const floats = [0, -0, 1.5, NaN, Infinity, -Infinity, 5e-324, -Number.MAX_VALUE]
  test.each(floats)('f64 %d', (value) => expect(evaluate('f64', () => f64.const(value))).toBe(value))
  test.each(floats)('f32 %d', (value) => expect(evaluate('f32', () => f32.const(value))).toBe(Math.fround(value)))
  test('any i32, f32 and f64', () => {
    fc.assert(
      fc.property(fc.integer(), (x) => evaluate('i32', () => i32.const(x)) === x),
      cases(),
    )
    fc.assert(
      fc.property(fc.float(), (x) =>
        Object.is(
          evaluate('f32', () => f32.const(x)),
          x,
        ),
      ),
      cases(),
    )
    fc.assert(
      fc.property(fc.double(), (x) =>
        Object.is(
          evaluate('f64', () => f64.const(x)),
          x,
        ),
      ),
      cases(),
    )
  })
  test.each(floats)('vectors of %d', (value) => {
    expect(evaluate('f32', () => f32x4.extractLane(f32x4.const(value), 3))).toBe(Math.fround(value))
    expect(evaluate('f64', () => f64x2.extractLane(f64x2.const(value), 1))).toBe(value)
  })
  test('vectors of integers', () => {
    expect(evaluate('i32', () => i32x4.extractLane(i32x4.const(-7), 2))).toBe(-7)
    const low = v128.load(i32.const(0))
    expect(
      evaluate('i64', () =>
        after(v128.store(i32.const(0), i64x2.const(-(2n ** 62n))), [low, 0xfd, 0x1d, 1] as Code<'i64'>),
      ),
    ).toBe(-(2n ** 62n))
  })
})

describe('control', () => {
  const run = (body: (scope: Scope, total: ReturnType<Scope['local']>) => unknown): number => {
    return evaluate('i32', (scope) => {
      const total = scope.local('i32')
      return after(body(scope, total) as number[], total.get)
    }) as number
  }
  const add = (total: any, n: number) => increase(total, i32.const(n))
  test('when and choose', () => {
    expect(
      run((_, total) => [when(i32.const(1), add(total, 1), add(total, 10)), when(i32.const(0), add(total, 5))]),
    ).toBe(1)
    expect(run((_, total) => when(i32.const(0), add(total, 1), add(total, 10)))).toBe(10)
    expect(evaluate('i32', () => choose('i32', i32.const(0), i32.const(3), i32.const(4)))).toBe(4)
    expect(evaluate('i32', () => select(i32.const(1), i32.const(3), i32.const(4)))).toBe(3)
  })
  test('loops run as often as they say, also never', () => {
    const rounds = (start: number, end: number, step: number) =>
      run((scope, total) => countUp(scope.local('i32'), i32.const(start), i32.const(end), step, add(total, 1)))
    expect([rounds(0, 10, 1), rounds(0, 10, 4), rounds(3, 3, 1), rounds(5, -5, 1)]).toEqual([10, 3, 0, 0])
    const down = (left: number, step: number) =>
      run((scope, total) => {
        const i = scope.local('i32')
        return [i.set(i32.const(left)), countDown(i, step, add(total, 1))]
      })
    expect([down(10, 1), down(10, 4), down(0, 1), down(-3, 1)]).toEqual([10, 3, 0, 0])
    expect(run((_, total: any) => loopWhile(i32.less(total.get, i32.const(100)), add(total, 7)))).toBe(105)
  })
  test('nested loops and an early leave', () => {
    const module = new ModuleBuilder()
    module.memory({ pages: 1 })
    const fill = module.addFunction(['i32', 'i32'], null, (scope, rows, columns) => {
      const [i, j] = scope.locals('i32', 2)
      const stop = when(i32.greater(i32.mul(i.get, j.get), i32.const(11)), leave)
      const store = i32.store(i32.const(0), i32.add(i32.load(i32.const(0)), i32.const(1)))
      return countUp(i, i32.const(0), rows.get, 1, countUp(j, i32.const(0), columns.get, 1, [stop, store, drop(i.get)]))
    })
    module.export('fill', fill)
    const exports = instantiate(module)
    const count = () => new Int32Array((exports.memory as WebAssembly.Memory).buffer)[0]
    const call = exports.fill as (rows: number, columns: number) => void
    call(3, 5)
    expect(count()).toBe(15)
    call(10, 5)
    expect(count()).toBe(15 + 3 * 5 + 4)
  })
})

test('a function that gives a value may be left early with another', () => {
  const module = new ModuleBuilder()
  const sign = module.addFunction(['i32'], 'i32', (_, x) =>
    after(when(i32.less(x.get, i32.const(0)), leaveWith(i32.const(-1))), i32.const(1)),
  )
  module.export('sign', sign)
  const run = instantiate(module).sign as (x: number) => number
  expect([run(-5), run(0)]).toEqual([-1, 1])
})

test('memory is copied, also onto itself, and filled', () => {
  const module = new ModuleBuilder()
  module.memory({ pages: 1 })
  const run = module.addFunction([], null, () => [
    memory.fill(i32.const(1), i32.const(7), i32.const(3)),
    i32.store8(i32.const(0), i32.const(1)),
    memory.copy(i32.const(2), i32.const(0), i32.const(4)),
  ])
  module.export('run', run)
  const exports = instantiate(module)
  ;(exports.run as () => void)()
  expect([...new Uint8Array((exports.memory as WebAssembly.Memory).buffer, 0, 7)]).toEqual([1, 7, 1, 7, 7, 7, 0])
})

test('functions call each other and imports, in any order of definition', () => {
  const module = new ModuleBuilder()
  module.memory({ from: { module: 'env', name: 'memory' }, pages: 1, maximum: 4 })
  const twice = module.addFunction(['f64'], 'f64', (_, x) => f64.add(x.get, x.get))
  const sine = module.importFunction('math', 'sin', ['f64'], 'f64')
  const store = module.addFunction(['i32', 'f64'], null, (_, address, x) =>
    f64.store(address.get, twice.call(sine.call(x.get)), 8),
  )
  module.export('twice', twice)
  module.export('grüße', store)
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4 })
  const exports = instantiate(module, { env: { memory }, math: { sin: Math.sin } })
  expect((exports.twice as (x: number) => number)(4)).toBe(8)
  ;(exports.grüße as (address: number, x: number) => void)(16, 2)
  expect(new Float64Array(memory.buffer)[3]).toBe(2 * Math.sin(2))
})

describe('vectors', () => {
  test('shuffles, lanes, masks and conversions', () => {
    const lanes = (code: (at: Code<'i32'>) => Code<'v128'>): Float32Array => {
      const module = new ModuleBuilder()
      module.memory({ pages: 1 })
      module.export(
        'run',
        module.addFunction([], null, () => v128.store(i32.const(64), code(i32.const(0)))),
      )
      const exports = instantiate(module)
      const { buffer } = exports.memory as WebAssembly.Memory
      new Float32Array(buffer, 0, 8).set([1, 2, 3, 4, 5, 6, 7, 8])
      ;(exports.run as () => void)()
      return new Float32Array(buffer, 64, 4)
    }
    expect([...lanes((p) => v128.shuffle32(v128.load(p), v128.load(p, 16), [0, 4, 3, 7]))]).toEqual([1, 5, 4, 8])
    expect([...lanes((p) => v128.load32Splat(p, 8))]).toEqual([3, 3, 3, 3])
    expect([...lanes((p) => v128.load32Lane(p, v128.load32Zero(p), 2, 28))]).toEqual([1, 0, 8, 0])
    expect([...lanes((p) => f32x4.replaceLane(v128.load(p), 1, f32.const(-1)))]).toEqual([1, -1, 3, 4])
    const big = (p: Code<'i32'>) => f32x4.greater(v128.load(p), f32x4.const(2.5))
    expect([...lanes((p) => v128.select(f32x4.const(9), v128.load(p), big(p)))]).toEqual([1, 2, 9, 9])
    expect([...lanes((p) => v128.andNot(v128.load(p), big(p)))]).toEqual([1, 2, 0, 0])
    expect([...lanes((p) => f32x4.demoteZero(f64x2.promoteLow(v128.load(p, 4))))]).toEqual([2, 3, 0, 0])
    expect([...lanes(() => f32x4.fromInt32(i32x4.sub(i32x4.shiftLeft(i32x4.const(3), 4), i32x4.const(50))))]).toEqual(
      new Array(4).fill(-2),
    )
    expect([...lanes((p) => f32x4.nearest(f32x4.mul(v128.load(p), f32x4.const(0.5))))]).toEqual([0, 1, 2, 2])
    expect([...lanes((p) => f32x4.fromInt32(i16x8.narrowSigned(big(p), big(p))))]).toEqual([0, -1, 0, -1])
  })
  test('bytes of lanes, and lanes as bits', () => {
    const bytes = (code: Code<'v128'>) => evaluate('i32', () => i32x4.extractLane(code, 0))
    const numbered = i32x4.const(0x03020100)
    expect(bytes(v128.shuffle8(numbered, i32x4.const(-1), [3, 2, 1, 16, ...new Array(12).fill(0)]))).toBe(-0xfefdfd)
    const splat = after(i32.store8(i32.const(9), i32.const(5)), v128.load8Splat(i32.const(8), 1))
    expect(bytes(splat)).toBe(0x05050505)
    const third = i32x4.equal(v128.load32Lane(i32.const(0), i32x4.const(1), 2), i32x4.const(0))
    expect(evaluate('i32', () => i32x4.bitmask(third))).toBe(4)
    expect(evaluate('i32', () => i64x2.bitmask(i64x2.const(-1n)))).toBe(3)
    expect(evaluate('i32', () => i32.countTrailingZeros(i32.const(40)))).toBe(3)
    expect(evaluate('i32', () => i32.greaterEqualUnsigned(i32.const(-1), i32.const(5)))).toBe(1)
  })
  test.runIf(wasmFeatures().relaxedSimd)('relaxed multiply-add', () => {
    const code = f32x4.relaxedMulAdd(f32x4.const(2), f32x4.const(3), f32x4.const(4))
    expect(evaluate('f32', () => f32x4.extractLane(code, 0))).toBe(10)
    const negated = f64x2.relaxedNegMulAdd(f64x2.const(2), f64x2.const(3), f64x2.const(4))
    expect(evaluate('f64', () => f64x2.extractLane(negated, 1))).toBe(-2)
  })
})

describe('features', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })
  test('are those of this engine', () => expect(wasmFeatures().simd).toBe(true))
  test('are none without WebAssembly', () => {
    vi.stubGlobal('WebAssembly', undefined)
    expect(wasmFeatures()).toEqual({ simd: false, relaxedSimd: false })
  })
  test('are none where a policy forbids to compile', () => {
    class Module {
      constructor() {
        throw new WebAssembly.CompileError('Wasm code generation disallowed by embedder')
      }
    }
    vi.stubGlobal('WebAssembly', { ...WebAssembly, validate: () => true, Module })
    expect(wasmFeatures().simd).toBe(false)
  })
  test('are none on an engine without SIMD, and lack the relaxed ones where they are unknown', () => {
    const { Module, validate } = WebAssembly
    vi.stubGlobal('WebAssembly', { Module, validate: () => false })
    expect(wasmFeatures().simd).toBe(false)
    let calls = 0
    vi.stubGlobal('WebAssembly', { Module, validate: (bytes: BufferSource) => calls++ === 0 && validate(bytes) })
    expect(wasmFeatures()).toEqual({ simd: true, relaxedSimd: false })
  })
})
