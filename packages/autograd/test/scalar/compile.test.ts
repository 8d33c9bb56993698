import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Rule } from '../../src/rules/algebra.js'
import { rules } from '../../src/rules/table.js'
import type { Num } from '../../src/scalar/index.js'
import * as scalar from '../../src/scalar/index.js'

const { compile, constant, grad, hvp, jacobian, jvp, valueAndGrad } = scalar

afterEach(() => {
  vi.unstubAllGlobals()
})

const withoutWasm = () => vi.stubGlobal('WebAssembly', undefined)

/** Equal but for rounding, relative to the largest of what is compared. */
const expectClose = (found: readonly number[], wanted: readonly number[], bound: number) => {
  expect(found.length).toBe(wanted.length)
  const size = wanted.reduce((most, each) => (Number.isFinite(each) ? Math.max(most, Math.abs(each)) : most), 1)
  wanted.forEach((each, i) => {
    if (Number.isFinite(each)) expect(Math.abs(found[i]! - each)).toBeLessThanOrEqual(bound * size)
    else expect(found[i]).toBe(each)
  })
}

const size = 3
const steps: readonly ((a: Num, b: Num) => Num)[] = [
  (a, b) => a.add(b),
  (a, b) => a.sub(b),
  (a, b) => a.mul(b),
  (a, b) => a.div(b.square().add(1)),
  (a) => a.neg(),
  (a) => a.tanh(),
  (a) => a.sin(),
  (a) => a.cos(),
  (a) => a.square().neg().exp(),
  (a) => a.square().add(1).log(),
  (a) => a.square().add(0.5).sqrt(),
  (a) => a.sigmoid(),
  (a, b) => a.atan2(b.square().add(1)),
  (a, b) => a.hypot(b.add(3)),
  (a) => a.square().add(1).pow(1.5),
  (a) => a.pow(3).mul(0.1),
  (a, b) => a.maximum(b),
  (a, b) => a.less(b).select(a.mul(2), b.mul(3)),
  (a, b) => (a.lt(b) ? a.mul(b) : a.sub(b)),
  (a) => (a.gt(0.3) ? a.tanh() : a.mul(0.7)),
]
const program = fc.array(fc.tuple(fc.nat(steps.length - 1), fc.nat(), fc.nat()), { minLength: 1, maxLength: 25 })

const functionOf =
  (chosen: readonly (readonly [step: number, i: number, j: number])[]) =>
  (x: Num[]): Num => {
    const nodes = [...x]
    for (const [step, i, j] of chosen) {
      nodes.push(steps[step]!(nodes[nodes.length - 1 - (i % 3)]!, nodes[j % nodes.length]!).tanh())
    }
    return nodes.slice(-3).reduce((sum, node) => sum.add(node))
  }
const point = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: size, maxLength: size })

const agree = (runs: number) =>
  fc.assert(
    fc.property(program, point, point, (chosen, x, y) => {
      const f = functionOf(chosen)
      const first = compile(valueAndGrad(f))
      const second = compile((at: Num[], v: Num[]) => hvp(f, at, v))
      const alongTwice = (at: Num[], v: Num[]) => grad((x: Num[]) => hvp(f, x, v)[0]!)(at)
      const third = compile(alongTwice)
      // the second point may take other branches
      for (const at of [x, y]) {
        const [value, gradient] = valueAndGrad(f)(at)
        const [found, foundGradient] = first(at)
        expectClose([found], [value], 1e-13)
        expectClose(foundGradient, gradient, 1e-12)
        expectClose(second(at, y), hvp(f, at, y), 1e-11)
        const wanted = jvp((x: Num[]) => hvp(f, x, y.map(constant)), [at], [[1, 0, 0]])[1]
        expectClose(third(at, y), wanted, 1e-10)
      }
    }),
    { seed: 16, numRuns: runs },
  )

describe('a compiled scalar program', () => {
  it('says so once where it is traced again at nearly every call', () => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const bits = (x: Num[]): Num => x.reduce((sum, each) => (each.gt(0) ? sum.add(each) : sum.sub(each)))
    const program = compile(bits)
    const signs = (k: number) => Array.from({ length: 8 }, (_, i) => (((k >> i) & 1) === 0 ? 1 : -1))
    for (let k = 0; k < 16; k++) program(signs(2 * k))
    expect(said).not.toHaveBeenCalled()
    for (let k = 0; k < 128; k++) expect(program(signs(2 * k))).toBe(8)
    expect(said).toHaveBeenCalledOnce()
    expect(said.mock.calls[0]![0]).toMatch(/bits has been traced 64 times.*select/)
    said.mockRestore()
  })

  it('is the tape to 1e-13, and 1e-12 and 1e-11 for derivatives of the first and the second order', () => {
    agree(60)
  })

  it('is the same without WebAssembly', () => {
    withoutWasm()
    agree(20)
  })

  it('has every rule, to a few units in the last place, and its derivatives', () => {
    for (const rule of Object.values<Rule>(rules)) {
      const { name, arity, samples } = rule
      const method = (scalar.Num.prototype as unknown as Record<string, (...args: Num[]) => Num>)[name]!
      const f = (x: Num[]): Num => method.call(...(x as [Num, ...Num[]]))
      const compiled = compile(valueAndGrad(f))
      for (let k = 0; k < (samples[0]?.length ?? 0); k++) {
        const at = Array.from({ length: arity }, (_, i) => samples[i]![k]!)
        const [value, gradient] = valueAndGrad(f)(at)
        const [found, foundGradient] = compiled(at)
        expectClose([found], [value], 2e-15)
        expectClose(foundGradient, gradient, 1e-14)
      }
    }
  })

  it('takes numbers in trees, and gives what the function gives', () => {
    const f = ({ w, b }: { w: Num[]; b: Num }, x: Num[]) => w.reduce((sum, each, i) => sum.add(each.mul(x[i]!)), b)
    const compiled = compile(valueAndGrad(f))
    expect(compiled({ w: [1, 2], b: 3 }, [4, 5])).toEqual([17, { w: [4, 5], b: 1 }])
    expect(compiled({ w: [1, 2], b: 3 }, [6, 7])).toEqual([23, { w: [6, 7], b: 1 }])
    expect(compiled({ w: [1, 2, 3], b: 3 }, [6, 7, 8])).toEqual([47, { w: [6, 7, 8], b: 1 }])
    expect(compile((x: Num) => ({ twice: x.mul(2), also: [x, null, 7] }))(4)).toEqual({ twice: 8, also: [4, null, 7] })
  })

  it('gives Float64Arrays where the function does', () => {
    const compiled = compile(grad((x: Num[]) => x[0]!.mul(x[1]!)))
    expect(compiled(new Float64Array([3, 4]))).toEqual(new Float64Array([4, 3]))
    expect(compiled([3, 4])).toEqual([4, 3])
    expect(compiled(new Float32Array([3, 4]))).toEqual(new Float64Array([4, 3]))
  })

  it('has Jacobians', () => {
    const f = (x: Num[]) => [x[0]!.mul(x[1]!), x[0]!.sin(), x[1]!.exp()]
    expectClose(compile(jacobian(f))([0.5, 2]).flat(), jacobian(f)([0.5, 2]).flat(), 1e-15)
  })

  it('has what a mask has set to 0 at 0, where what it meets is infinite or NaN', () => {
    const root = (x: Num) => x.greater(0).select(x.sqrt(), 0)
    const product = (x: Num) =>
      x
        .log()
        .mul(0)
        .add(x.less(1).select(x, x.log().mul(x)))
    for (const setup of [() => {}, withoutWasm]) {
      setup()
      const compiled = compile(valueAndGrad(root))
      expect(compiled(4)).toEqual([2, 0.25])
      expect(compiled(0)).toEqual(valueAndGrad(root)(0))
      expect(compiled(-1)).toEqual(valueAndGrad(root)(-1))
      expect(compile(grad(product))(0)).toEqual(grad(product)(0))
    }
  })

  it('is differentiated and compiled as the function that it is', () => {
    const inner = compile((x: Num) => x.pow(3))
    expect(grad((x: Num) => inner(x) as Num)(2)).toBe(12)
    expect(compile(grad((x: Num) => (inner(x) as Num).mul(x)))(2)).toBe(32)
    expect(compile(grad((x: Num) => grad((y: Num) => y.pow(3).mul(x))(x)))(2)).toBe(36)
  })

  it('is exact where it is long: many functions, values handed on between them', () => {
    const length = 12000
    const f = (x: Num[]) => {
      const kept: Num[] = []
      let y = x[0]!
      for (let i = 0; i < length; i++) {
        y = y.mul(0.5).add(x[i % x.length]!)
        if (i % 100 === 0) kept.push(y)
      }
      return kept.reduce((sum, each) => sum.add(each.mul(y)))
    }
    const at = [0.1, 0.2, 0.3]
    const [value, gradient] = compile(valueAndGrad(f))(at)
    const [wanted, wantedGradient] = valueAndGrad(f)(at)
    expectClose([value, ...gradient], [wanted, ...wantedGradient], 1e-12)
  })

  it('has no operands deeper on the stack than engines allow', () => {
    const f = (x: Num) => Array.from({ length: 9000 }, (_, i) => x.mul(i)).reduceRight((sum, each) => each.sub(sum))
    expect(compile(f)(0.5)).toBe(Array.from({ length: 9000 }, (_, i) => 0.5 * i).reduceRight((sum, each) => each - sum))
  })
})

describe('branches of a compiled program', () => {
  const power = (x: Num) => {
    let y = x
    while (y.lt(100)) y = y.mul(x)
    return y
  }

  it('are found again where they come out otherwise, and each is traced once', () => {
    const f = vi.fn(power)
    const compiled = compile(grad(f))
    const at = [2, 3, 5, 2.1, 1.5, 2, 3, 5, 1.5]
    for (const x of at) expect(compiled(x)).toBeCloseTo(grad(power)(x), 9)
    const lengths = new Set(at.map((x) => Math.ceil(Math.log(100) / Math.log(x))))
    expect(f).toHaveBeenCalledTimes(lengths.size)
  })

  it('are kept for the sixteen programs used last', () => {
    const f = vi.fn((x: Num) => {
      let y = x
      let n = 0
      while (y.ge(1)) {
        y = y.sub(1)
        n++
      }
      return y.mul(n)
    })
    const compiled = compile(f)
    for (let x = 0; x < 20; x++) expect(compiled(x + 0.5)).toBe(0.5 * x)
    expect(f).toHaveBeenCalledTimes(20)
    for (let x = 19; x >= 4; x--) expect(compiled(x + 0.5)).toBe(0.5 * x)
    expect(f).toHaveBeenCalledTimes(20)
    expect(compiled(0.5)).toBe(0)
    expect(f).toHaveBeenCalledTimes(21)
  })

  it('are those of what is differentiated too, in either mode and order', () => {
    const f = (x: Num) => (x.lt(1) ? x.pow(3) : x.pow(2))
    const along = compile((x: Num) => scalar.jvp(f, [x], [1])[1])
    const second = compile((x: Num) => hvp(f, x, 1))
    for (const x of [2, 0.5, 3, 0.25]) {
      expect(along(x)).toBe(scalar.jvp(f, [x], [1])[1])
      expect(second(x)).toBe(x < 1 ? 6 * x : 2)
    }
  })

  it('on a derivative, and on NaN, are branches too', () => {
    const f = (x: Num) => (grad((y: Num) => y.pow(3))(x).gt(3) ? x.mul(2) : x.neg())
    const compiled = compile(f)
    for (const x of [2, 0.5, -2, NaN]) expect(compiled(x)).toBe(x * x * 3 > 3 ? 2 * x : -x)
  })

  it('are the same without WebAssembly', () => {
    withoutWasm()
    const compiled = compile(grad(power))
    for (const x of [2, 3, 5, 2]) expect(compiled(x)).toBe(grad(power)(x))
  })
})

describe('what cannot be compiled', () => {
  it('is refused with what to do instead', () => {
    expect(() => compile((x: Num) => x.mul(x.value))(2)).toThrow(/\.value was read .* branch by x\.lt\(y\)/)
    expect(() => compile(grad((x: Num) => x.mul(x.value)))(2)).toThrow(/\.value was read/)
    expect(() => compile((x: Num) => scalar.jvp((y: Num) => y.mul(y.value), [x], [x])[1])(2)).toThrow(
      /\.value was read/,
    )
    expect(() => compile((x: Num) => void x.mul(2))(2)).toThrow(/returned undefined.* a return missing/)
    expect(() => compile(async (x: Num) => x)(2)).toThrow(/may not be asynchronous/)
    expect(() => compile((x: Num) => x)('2' as never)).toThrow(/args\[0\] is "?'?2/)
    expect(() => compile(3 as never)).toThrow(/scalar\.compile: f/)
    expect(() => (compile as (...args: unknown[]) => unknown)((x: Num) => x, {})).toThrow(/scalar\.compile/)
  })

  it('is a Num of an outer differentiation that is no argument', () => {
    expect(() => grad((x: Num) => x.mul(compile((y: Num) => y.mul(x))(2) as unknown as Num))(3)).toThrow(
      /Pass it to the compiled function as an argument/,
    )
  })

  it('leaves what was compiled before as it was', () => {
    const compiled = compile((x: Num) => (x.lt(0) ? x.mul(x.value) : x.mul(2)))
    expect(compiled(2)).toBe(4)
    expect(() => compiled(-2)).toThrow(/\.value was read/)
    expect(compiled(3)).toBe(6)
  })
})
