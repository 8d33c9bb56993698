import { noGrad, type Tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import type { Awkward } from './awkward/awkward.js'
import { awkwards } from './awkward/index.js'
import { causes } from './causes.js'
import { alongOnes, type Compared, compare, flat, isRight, isWrong, shifted } from './differences.js'
import { faults } from './faults/index.js'
import { at, by, type Case, type Fault, fault, scaled } from './kit.js'
import { namedIn, runAwkward, runFault } from './run.js'

const allFaults = Object.values(faults).flat()

const placeOf = ({ path, index }: Compared): string => `${path}[${index}]`
const claimed = ({ where }: Fault, { path, index }: Compared): boolean => where?.[path]?.(...index) ?? false
const dataOf = (tensors: readonly Tensor[]): number[] => tensors.flatMap((x) => [...(x.data as Float64Array)])

/** Of a fault with a place: the elements that are wrong are those that it claims. */
const expectWrong = (fault: Fault, compared: readonly Compared[]): void => {
  const wrong = compared.filter(isWrong)
  expect(wrong.length, 'something is wrong').toBeGreaterThan(0)
  expect(wrong.filter((each) => !claimed(fault, each)).map(placeOf)).toEqual([])
  const found = new Set(wrong.map(placeOf))
  for (const path of Object.keys(fault.where!)) {
    expect(
      wrong.some((each) => each.path === path),
      `something of ${path} is wrong`,
    ).toBe(true)
    if (fault.where![path]!.length === 0) continue
    const missing = compared.filter((each) => each.path === path && claimed(fault, each) && !found.has(placeOf(each)))
    expect(missing.map(placeOf), 'claimed to be wrong, and right').toEqual([])
  }
}

const explicit = (made: Case): Case => made.explicit ?? made
const elementsOf = (fault: Fault) => (path: string, index: readonly number[]) =>
  fault.where?.[path]?.(...index) ?? false
const gradientOf = (made: Case): number[] => compare(flat(made)).map(({ given }) => given)

const proofs: Record<Fault['claim'], (fault: Fault) => void> = {
  wrong: (fault) => {
    const it = flat(explicit(fault.make()))
    const elements = elementsOf(fault)
    if (fault.order === 2) expect(compare(it).filter(isWrong).map(placeOf), 'order 1 is right').toEqual([])
    let compared: Compared[]
    try {
      compared = compare(it, { ...fault, elements })
    } catch (error) {
      // a gradient that has not the shape of its input has no numbers to compare
      expect(String(error)).toMatch(/shape/)
      return
    }
    expectWrong(fault, compared)
    if (fault.mode !== 'both') {
      const other = fault.mode === 'forward' ? 'reverse' : 'forward'
      expect(compare(it, { mode: other, elements }).filter(isWrong).map(placeOf), 'the other mode is right').toEqual([])
    }
  },
  elsewhere: (fault) => {
    const it = flat(fault.make())
    expect(compare(it).filter(isWrong).map(placeOf), 'it is right at the point').toEqual([])
    expectWrong(fault, compare(shifted(it)))
  },
  random: (fault) => {
    const made = fault.make()
    const values = () => dataOf(noGrad(() => flat(made).f(flat(made).point)))
    const isValue = fault.cause === 'random value'
    const calls = isValue ? [values(), values()] : [gradientOf(made), gradientOf(made), gradientOf(made)]
    expect(new Set(calls.map(String)).size).toBeGreaterThan(1)
    if (!isValue) expect(values()).toEqual(values())
  },
  mutates: (fault) => {
    const made = fault.make()
    const it = flat(made)
    const before = dataOf(it.point)
    if (made.blackBox === undefined) {
      noGrad(() => it.f(it.point))
      expect(dataOf(it.point)).not.toEqual(before)
      return
    }
    const { value, grad } = made.blackBox
    const x = Float64Array.from(before)
    value(x)
    grad(x)
    expect([...x]).not.toEqual(before)
  },
  coarse: (fault) => {
    const made = fault.make()
    const numbers = fault.where === null ? dataOf(noGrad(() => flat(made).f(flat(made).point))) : []
    const gradients = compare(flat(made)).filter(({ path }) => fault.where === null || path in fault.where)
    const off = gradients.filter(({ given, slope }) => Math.abs(given - slope) > 1e-10 * Math.abs(slope))
    expect(off.length + numbers.length).toBeGreaterThan(0)
    for (const { given, slope } of off)
      expect(Math.abs(given - slope)).toBeLessThan(1e-3 * Math.max(1, Math.abs(slope)))
  },
  once: (fault) => {
    expect(() => compare(flat(fault.make()), { order: 2 })).toThrow(/looks at elements/)
  },
}

describe('each planted fault is one', () => {
  test.each(allFaults.map((fault) => [fault.name, fault] as const))('%s', (_, fault) => {
    proofs[fault.claim](fault)
  })
})

const allAwkward = Object.values(awkwards).flat()

const proveRight = ({ make, proof, second }: Awkward): void => {
  const it = flat(make(0))
  if (typeof proof === 'function') {
    const wanted = dataOf(it.point).map(proof)
    const total = wanted.reduce((a, b) => a + b, 0)
    const given = alongOnes(it)
    given.forEach((slope, i) => {
      // one output of all inputs has the sum of the slopes
      const right = given.length === wanted.length ? wanted[i]! : total
      expect(Math.abs(slope - right), `element ${i}: ${slope}, not ${right}`).toBeLessThan(
        1e-8 * Math.abs(right) + 1e-13,
      )
    })
    return
  }
  const place = proof === 'beside' ? shifted(it) : it
  const step = typeof proof === 'object' ? proof.step : undefined
  const off = (order: 1 | 2) => compare(place, { order, step }).filter((each) => !isRight(each))
  expect(off(1).map(placeOf)).toEqual([])
  if (second) expect(off(2).map(placeOf)).toEqual([])
}

describe('each awkward function is right', () => {
  test.each(allAwkward.filter(({ proof }) => proof !== 'none').map((each) => [each.name, each] as const))(
    '%s',
    (_, each) => {
      proveRight(each)
    },
  )
  test.each(allAwkward.filter(({ proof }) => proof === 'none').map((each) => [each.name, each] as const))(
    '%s: the same value twice, where there is no derivative to show',
    (_, { make }) => {
      const values = () => dataOf(noGrad(() => flat(make(1)).f(flat(make(1)).point)))
      expect(values()).toEqual(values())
    },
  )
})

describe('the suite', () => {
  test('has at least 70 awkward functions, each of its own name, and all but a few shown to be right', () => {
    expect(allAwkward.length).toBeGreaterThanOrEqual(70)
    expect(new Set(allAwkward.map(({ name }) => name)).size).toBe(allAwkward.length)
    expect(allAwkward.filter(({ proof }) => proof === 'none').length).toBeLessThan(12)
  })

  test('has at least 170 faults, each of its own name', () => {
    expect(allFaults.length).toBeGreaterThanOrEqual(170)
    expect(new Set(allFaults.map(({ name }) => name)).size).toBe(allFaults.length)
  })

  test('has at least 3 of each cause', () => {
    const rare = Object.keys(causes).filter(
      (cause) => cause !== 'other' && allFaults.filter((fault) => fault.cause === cause).length < 3,
    )
    expect(rare).toEqual([])
  })
})

describe('a fault in a model', () => {
  test.each(allFaults.filter(({ op }) => op !== null).map((fault) => [fault.name, fault] as const))(
    '%s: its op is named',
    (_, fault) => {
      expect(runFault(fault).op).toBe(true)
    },
  )
})

describe('what is counted', () => {
  const flipped = (where: Fault['where'], factor = -1): Fault =>
    fault('', 'sign', where, () => ({ f: scaled('exp', (x: Tensor) => x.exp(), factor), inputs: [at(0.3, 1)] }))

  test('a wrong sign is caught, at its place and by its name', () => {
    expect(runFault(flipped(by(0)))).toMatchObject({ found: 'caught', location: true, cause: true })
  })

  test('a place that is not wrong is a place missed', () => {
    expect(runFault(flipped(by(1)))).toMatchObject({ found: 'caught', location: false })
  })

  test('nothing is caught where nothing is wrong', () => {
    expect(runFault(flipped(by(0), 1))).toMatchObject({ found: 'passed', location: null, cause: false })
  })

  test('a report that passes names no cause', () => {
    const outcomes = [...awkwards.steps!, ...awkwards.steep!].map((each) => runAwkward(each, 0))
    const passed = outcomes.filter(({ verdict }) => verdict === 'pass')
    expect(passed.length).toBeGreaterThan(5)
    expect(passed.flatMap(({ text }) => namedIn(text))).toEqual([])
  })

  test('a wrong derivative that is called right is a false alarm', () => {
    const { f, inputs } = flipped(by(0)).make()
    const called: Awkward = { name: '', right: ['pass'], proof: 'none', second: false, make: () => ({ f, inputs }) }
    expect(runAwkward(called, 0).found).toBe('false alarm')
  })
})
