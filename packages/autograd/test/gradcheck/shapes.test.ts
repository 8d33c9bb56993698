import { AdjointError, customOp, stopGradient, type Tensor, where } from '@adjoint/autograd'
import {
  assertShapes,
  checkShapes,
  type Described,
  ShapesError,
  type ShapesOptions,
  tensors,
} from '@adjoint/autograd/gradcheck/fast-check'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Draws } from '../../src/gradcheck/shapes/draws.js'
import { layoutOf } from '../../src/gradcheck/shapes/layout.js'
import { altered, alteredForward, type F, pull } from './mutants/kit.js'

const seeds = [0, 1]
type Check = (f: F, inputs: readonly Described[], options?: ShapesOptions) => ReturnType<typeof checkShapes>
const check = checkShapes as Check

/** f with a first cotangent that is 1.5 times what it should be where a shape is as it is said. */
const wrongWhere = (f: F, isSo: (...shapes: (readonly number[])[]) => boolean): F =>
  altered('odd', f, ([first, ...rest], inputs) => [
    isSo(...inputs.map(({ shape }) => shape)) ? first!.mul(1.5) : first!,
    ...rest,
  ])

const smallestOf = (f: F, inputs: readonly Described[], options: ShapesOptions = {}) => {
  const { verdict, counterexample } = check(f, inputs, { order: 1, ...options })
  expect(verdict).toBe('fail')
  return counterexample!
}

const square: F = (x: Tensor) => x.square()
const times: F = (x: Tensor, y: Tensor) => x.mul(y)

describe('what fails is shrunk to the smallest sizes at which it does', () => {
  const faults: readonly [
    name: string,
    f: F,
    inputs: readonly Described[],
    sizes: Readonly<Record<string, number>>,
    shapes?: readonly (readonly number[])[],
  ][] = [
    ['everywhere', wrongWhere(square, () => true), ['b n'], { b: 1, n: 1 }],
    ['from 2 on', wrongWhere(square, ([, n]) => n! >= 2), ['b n'], { b: 1, n: 2 }],
    ['from 3 on', wrongWhere(square, ([, n]) => n! >= 3), ['b n'], { b: 1, n: 3 }],
    ['from 4 on, of the first of three', wrongWhere(square, ([b]) => b! >= 4), ['b n d'], { b: 4, n: 1, d: 1 }],
    ['of two that depend on each other', wrongWhere(square, ([b, n]) => b! * n! >= 6), ['b n'], { b: 2, n: 3 }],
    ['even sizes alone', wrongWhere(square, ([n]) => n! % 2 === 0), ['n'], { n: 2 }],
    ['where it is square', wrongWhere(square, ([b, n]) => b === n && b! > 1), ['b n'], { b: 2, n: 2 }],
    ['one axis of size 1', wrongWhere(square, ([b, n]) => b === 1 && n! > 1), ['b n'], { b: 1, n: 2 }],
    ['where y is broadcast', wrongWhere(times, ([, n], [, m]) => n !== m), ['b n', 'b #n'], { b: 1, n: 2 }, [[1, 2], [1, 1]]],
    ['where x is', wrongWhere(times, ([n], [m]) => n! < m!), ['#n', 'n'], { n: 2 }, [[1], [2]]],
    ['of both in turn', wrongWhere(times, ([b, n], [c, m]) => b! < c! && n! > m!), ['#b n', 'b #n'], { b: 2, n: 2 }, [[1, 2], [2, 1]]],
    ['where nothing is broadcast', wrongWhere(times, ([n], [m]) => n === m && n! > 2), ['n', '#n'], { n: 3 }, [[3], [3]]],
  ] // biome-ignore format: a table
  test.each(faults)('%s', (_name, f, inputs, sizes, shapes) => {
    for (const seed of seeds) {
      const found = smallestOf(f, inputs, { seed })
      expect(found.sizes).toEqual(sizes)
      if (shapes !== undefined) expect(found.inputs.map(({ shape }) => shape)).toEqual(shapes)
      expect(found.report!.verdict).toBe('fail')
    }
  })

  test('the sum over what is broadcast is missing', () => {
    const meanFor = (f: F): F =>
      altered('scale', f, ([x, y], [a, b]) => [x!, a!.shape[1] === b!.shape[1] ? y! : y!.div(a!.shape[1]!)])
    const unsummed: F = customOp({
      name: 'scale',
      forward: (x: Tensor, y: Tensor) => x.mul(y),
      vjp: (g: Tensor, [x, y]: [Tensor, Tensor]) => [g.mul(y), g.mul(x)],
    } as never) as F
    for (const f of [meanFor(times), unsummed]) {
      const { sizes, inputs, report } = smallestOf(f, ['b n', 'b #n'])
      expect(sizes).toEqual({ b: 1, n: 2 })
      expect(inputs[1]!.shape).toEqual([1, 1])
      expect(report!.verdict).toBe('fail')
    }
  })

  test('sizes of their own, 0 where it is asked for', () => {
    const f = wrongWhere(square, ([b, n]) => b! >= 11 && n === 3)
    expect(smallestOf(f, ['b n 2'], { sizes: { b: [2, 14], n: 3 } }).sizes).toEqual({ 2: 2, b: 11, n: 3 })
    const refuses: F = (x: Tensor) => {
      if (x.shape[0] === 0) throw new RangeError('no rows')
      return x.square()
    }
    expect(check(refuses, ['b n'], { order: 1, numRuns: 20 }).verdict).toBe('pass')
    const { sizes, threw } = smallestOf(refuses, ['b n'], { sizes: { b: [0, 3] } })
    expect(sizes).toEqual({ b: 0, n: 1 })
    expect(threw).toBe('RangeError: no rows')
  })

  test('what is wrong and what throws are not taken for each other', () => {
    const f = wrongWhere(square, ([n]) => n! >= 3)
    const both: F = (x: Tensor) => {
      if (x.shape[0] === 2) throw new RangeError('two')
      return f(x)
    }
    const found = seeds.map((seed) => smallestOf(both, ['n'], { seed }))
    for (const { sizes, threw } of found) expect(sizes).toEqual({ n: threw === null ? 3 : 2 })
  })
})

describe('elements', () => {
  test('become simple where that fails as well', () => {
    const flipped = altered('flipped', square, ([x]) => [x!.neg()])
    expect([...smallestOf(flipped, ['n']).inputs[0]!.data].map(Math.abs)).toEqual([1])
    const wrongAbove: F = altered('above', square, ([x], [at]) => [where(at!.greater(1.23), x!.mul(2), x!) as Tensor])
    const { inputs, report } = smallestOf(wrongAbove, [{ shape: 'n', low: 0, high: 1.9 }], { nearby: 0 })
    expect(report!.orders[0]!.broken).toBeNull()
    const [x] = inputs[0]!.data
    expect(inputs[0]!.size).toBe(1)
    expect(x! > 1.23 && Number((x! * 10).toFixed(9)) % 1 === 0).toBe(true)
  })

  test('are what is described, of shapes by name', () => {
    const inputs = [
      'b n',
      { shape: '#n d', low: 0.1, high: 0.3 },
      { shape: 'b', high: 'n', dtype: 'int32' },
      { shape: 'd 3', low: -2, high: 2, dtype: 'int32' },
      { shape: 'n', dtype: 'bool' },
      { shape: '', low: -1, awayFromZero: 0.5 },
      { shape: 'd', awayFromZero: 0.7, high: 1 },
    ] as const
    const drawn = new Set<string>()
    const isRight = ([x, y, index, whole, truth, scalar, apart]: readonly Tensor[]): void => {
      const [b, n] = x!.shape as [number, number]
      const d = apart!.shape[0]!
      expect(y!.shape).toEqual([y!.shape[0] === 1 ? 1 : n, d])
      expect([index, whole, truth, scalar].map((each) => each!.shape)).toEqual([[b], [d, 3], [n], []])
      const dtypes = ['float64', 'float64', 'int32', 'int32', 'bool', 'float64', 'float64']
      expect([x, y, index, whole, truth, scalar, apart].map((each) => each!.dtype)).toEqual(dtypes)
      const within = (each: Tensor, low: number, high: number) => each.data.every((x) => x >= low && x < high)
      expect(within(x!, -2, 2) && within(y!, 0.1, 0.3) && within(index!, 0, n) && within(whole!, -2, 2)).toBe(true)
      expect(scalar!.item() >= -1 && scalar!.item() < 3 && Math.abs(scalar!.item()) >= 0.5).toBe(true)
      expect(apart!.data.every((x) => x >= -3 && x < 1 && Math.abs(x) >= 0.7)).toBe(true)
      drawn
        .add(`b${b}`)
        .add(`n${n}`)
        .add(`d${d}`)
        .add(y!.shape[0] === n ? 'whole' : 'broadcast')
      for (const x of [...index!.data, ...truth!.data]) drawn.add(`${x}`)
      for (const x of apart!.data) drawn.add(x < 0 ? 'below' : 'above')
    }
    const sizes = { b: [0, 2], d: [1, 3] } as const
    fc.assert(
      fc.property(tensors(inputs, { sizes }), (all) => isRight(all)),
      { seed: 1 },
    )
    const reached = ['b0', 'b1', 'b2', 'n1', 'n5', 'd1', 'd3', 'whole', 'broadcast', '0', '1', '4', 'below', 'above']
    expect([...drawn]).toEqual(expect.arrayContaining(reached))
    // and so is all that they shrink to
    const draws = new Draws(layoutOf('', inputs, sizes))
    for (const draw of fc.sample(draws, { seed: 2, numRuns: 10 })) {
      const smaller = [...draws.shrink(draw)].map(({ value }) => value)
      expect(smaller.length).toBeGreaterThan(5)
      for (const each of smaller) isRight(draws.tensors(each))
    }
  })

  test('that remain as sizes shrink are those in front, or those at the end', () => {
    const draws = new Draws(layoutOf('', ['b n'], {}))
    const draw = fc.sample(draws, { seed: 3, numRuns: 20 }).find(({ sizes }) => Math.min(...sizes.values()) > 2)
    const [whole] = draws.tensors(draw!)
    const shorter = [...draws.shrink(draw!)].map(({ value }) => draws.tensors(value)[0]!)
    const cut = shorter.filter(({ size }) => size < whole!.size)
    expect(cut.length).toBeGreaterThan(3)
    for (const x of cut) {
      const [b, n] = x.shape as [number, number]
      const blocks = [whole!.at(`:${b}`, `:${n}`), whole!.at(`-${b}:`, `-${n}:`)].map((block) => block.toArray())
      expect(blocks).toContainEqual(x.toArray())
    }
  })
})

describe('what is seen only', () => {
  const from3: F = altered('late', square, ([x], [at]) => [at!.shape[0]! < 3 ? x! : x!.mul(1.5)])
  const cases: readonly [string, F, ShapesOptions, RegExp][] = [
    [
      'at order 2',
      altered('saved', square, ([x], [at], g) => [at!.shape[0]! < 3 ? x! : g.mul(stopGradient(at!) as Tensor).mul(2)]),
      {},
      /second derivatives/,
    ],
    [
      'in forward mode',
      alteredForward('jvp', square, (t, _, [x]) => (x!.shape[0]! < 3 ? t : t.neg())),
      {},
      /forward mode/,
    ],
    ['in reverse mode', from3, { modes: ['reverse'] }, /reverse mode/],
  ]
  test.each(cases)('%s is found, and shrunk', (_name, f, options, says) => {
    const report = check(f, ['n'], options)
    expect(report.counterexample!.sizes).toEqual({ n: 3 })
    expect(`${report}`).toMatch(says)
  })

  test('beside the point is found, and shrunk', () => {
    // right at what was drawn, as at no other point
    const seen = new Set<number>()
    const forward: F = (x: Tensor) => {
      if (!Number.isInteger(x.shape[0])) throw new Error('never')
      return x.square()
    }
    const f: F = altered('stale', forward, ([x], [at]) => {
      if (at!.shape[0]! < 2) return [x!]
      const [first] = at!.data
      const isKnown = Math.abs(first! * 10 - Math.round(first! * 10)) < 1e-12 || seen.size < 1 || seen.has(first!)
      seen.add(isKnown ? first! : Number.NaN)
      return [isKnown ? x! : x!.mul(2)]
    })
    const report = check(f, ['n'], { order: 1 })
    expect(report.verdict).toBe('fail')
    expect(report.counterexample!.sizes).toEqual({ n: 2 })
  })
})

describe('the report', () => {
  const late = wrongWhere(square, ([, n]) => n! >= 3)
  const report = check(late, ['b n'], { order: 1, seed: 4 })

  test('says at which sizes, with the seed and the path, and what gradcheck finds there', () => {
    const { path, report: found } = report.counterexample!
    const [first, second, third] = `${report}`.split('\n')
    expect(first).toBe(`checkShapes: fail (seed 4, path '${path}') at b = 1 and n = 3: input[0] [1, 3]`)
    expect(second).toMatch(/^ {2}draw \d+ fails; shrunk \d+ times to this$/)
    expect(third).toBe('gradcheck: fail (seed 4): the derivatives are not those that differences show')
    expect(`${report}`.endsWith(`${found}`)).toBe(true)
    expect(`${report}`).toMatch(/cause: .* 1\.5 \(3\/2\) times/)
    expect(found!.repro).toMatch(/^gradcheck\(\w+, \[tensor\(\[\[[\d.-]+, [\d.-]+, [\d.-]+\]\], .*order: 1, seed: 4/)
  })

  test('its seed and path draw the same again, and nothing else', () => {
    const { path, inputs } = report.counterexample!
    let calls = 0
    const counted: F = (x: Tensor) => {
      calls++
      expect(x.shape).toEqual([1, 3])
      return late(x)
    }
    const again = check(counted, ['b n'], { order: 1, seed: 4, path, numRuns: 50 })
    expect(again.counterexample!.inputs.map((x) => x.toArray())).toEqual(inputs.map((x) => x.toArray()))
    expect(calls).toBeGreaterThan(0)
  })

  test('has the call that threw', () => {
    const { threw, report: none } = smallestOf(
      (x: Tensor) => {
        if (x.shape[0]! > 1) throw new RangeError('too many')
        return x.sin()
      },
      ['n'],
    )
    expect([threw, none]).toEqual(['RangeError: too many', null])
    const text = `${check(() => Promise.resolve(), ['2'])}`
    expect(text).toMatch(/it threw GradientError: .*\n {2}to see it again:\n {4}gradcheck\(\w*, \[tensor\(/)
  })

  test('is a line where all is well', () => {
    const { verdict, counterexample, runs, ...passing } = checkShapes((x) => x.sin(), ['b 3 n'], {
      numRuns: 5,
      sizes: { n: 2 },
    })
    expect([verdict, counterexample, runs]).toEqual(['pass', null, 5])
    expect(`${passing.toString()}`).toBe('checkShapes: pass (seed 0): 5 draws of b = 1 to 5 and n = 2')
  })

  test('is inconclusive at the smallest sizes where nothing is wrong and something not known', () => {
    const f: F = (x: Tensor) => (x.shape[0]! < 3 ? x.sin() : x.cast('float32').sin())
    const report = check(f, ['n'], { order: 1, numRuns: 20 })
    expect(report.verdict).toBe('inconclusive')
    expect(report.counterexample!.sizes).toEqual({ n: 3 })
    expect(`${report}`).toMatch(/\n {2}\d+ of 20 draws are inconclusive; shrunk .*\ngradcheck: inconclusive/)
    // and what is wrong comes before it
    expect(check((x: Tensor) => [f(x), late(x.reshape([1, -1]))], ['n'], { order: 1 }).verdict).toBe('fail')
  })
})

test('what is right passes at all shapes', () => {
  expect(checkShapes((x: Tensor, w: Tensor) => x.matmul(w), ['b n', 'n d'], { numRuns: 20 }).verdict).toBe('pass')
  expect(checkShapes((x, y) => x.div(y), ['#b n', { shape: 'b #n', awayFromZero: 0.3 }], { numRuns: 20 }).verdict).toBe(
    'pass',
  )
  const gathered = check(
    (x: Tensor, i: Tensor) => x.indexSelect(i as never),
    ['n d', { shape: 'b', dtype: 'int32', high: 'n' }],
    {
      numRuns: 20,
      sizes: { b: [0, 4] },
    },
  )
  expect(`${gathered}`).toMatch(/^checkShapes: pass/)
})

test('assertShapes throws with the report unless all pass', () => {
  expect(assertShapes((x) => x.exp(), ['n'], { numRuns: 3 })).toBeUndefined()
  const late = wrongWhere(square, ([n]) => n! >= 2) as (x: Tensor) => Tensor
  const fails = () => assertShapes(late, ['n'], { order: 1 })
  expect(fails).toThrow(ShapesError)
  expect(fails).toThrow(/at n = 2: input\[0\] \[2\]\n/)
})

test('shrinking asks for little: no causes, no other orders and points', () => {
  const calls: number[] = []
  const f: F = altered('late', square, ([x], [at]) => [at!.shape[0]! < 3 ? x! : x!.mul(1.5)])
  const counted: F = (x: Tensor) => {
    calls.push(x.size)
    return f(x)
  }
  const { counterexample, runs } = check(counted, ['n b'])
  expect(counterexample!.sizes).toEqual({ n: 3, b: 1 })
  // some dozens of smaller draws
  expect(counterexample!.path.split(':').length).toBeGreaterThan(2)
  expect(calls.length).toBeLessThan(6000 + 2000 * runs)
})

describe('refuses', () => {
  const refusals: readonly [string, readonly unknown[], object, RegExp][] = [
    ['what is no size', ['b,n'], {}, /inputs\[0\]: 'b,n' in 'b,n' is no size; use names with spaces between/],
    ['an unknown word', [{ shape: 'n', lo: 1 }], {}, /unknown option lo.*did you mean low/],
    ['no shape', [{ low: 1 }], {}, /inputs\[0\]: shape is missing/],
    ['another dtype', [{ shape: 'n', dtype: 'float32' }], {}, /dtype is 'float32'; use 'float64', 'int32' or 'bool'/],
    ['an empty range', [{ shape: 'n', low: 2, high: 2 }], {}, /no float64 is from 2 to 2/],
    ['no room beside 0', [{ shape: 'n', low: -1, high: 1, awayFromZero: 1 }], {}, /choose bounds with room/],
    ['bounds that are no integers', ['n', { shape: 'n', dtype: 'int32', low: 0.5 }], {}, /and integers/],
    ['bounds of truth values', ['n', { shape: 'n', dtype: 'bool', low: 0 }], {}, /no low or high of a bool; leave it out/],
    ['indices that are floats', [{ shape: 'n', high: 'n' }], {}, /no high: 'n' of a float64/],
    ['an axis that is in no shape', ['n', { shape: 'n', dtype: 'int32', high: 'm' }], {}, /'m', which is in no shape/],
    ['indices of no elements', ['n', { shape: 'b', dtype: 'int32', high: 'n' }], { sizes: { n: [0, 3] } }, /give sizes: { n: \[1/],
    ['a size of no axis', ['rows'], { sizes: { row: 2 } }, /sizes has row, .* did you mean rows\?/],
    ['sizes that are none', ['n'], { sizes: { n: [3, 1] } }, /sizes is { n }; use an object of sizes/],
    ['no floats', [{ shape: 'n', dtype: 'int32' }], {}, /no float64 to differentiate by/],
    ['a path that is none', ['n'], { path: 'x' }, /path is 'x'; use the path of a report/],
  ] // biome-ignore format: a table
  test.each(refusals)('%s', (_name, inputs, options, says) => {
    const call = () => check(square, inputs as readonly Described[], options)
    expect(call).toThrow(AdjointError)
    expect(call).toThrow(says)
  })
})

test('the function takes a tensor for each description', () => {
  const given = ['n', 'n'] as const
  expect(checkShapes((x: Tensor, y: Tensor) => pull(times, [x, y], x), given, { numRuns: 1 }).verdict).toBe('pass')
  // @ts-expect-error there are two
  expect(checkShapes((x: Tensor, y: Tensor, z: Tensor) => (z ?? x).mul(y), given, { numRuns: 1 }).verdict).toBe('pass')
  // @ts-expect-error they are no numbers
  expect(() => checkShapes((x: number) => x, given, { numRuns: 1 })).not.toThrow()
})
