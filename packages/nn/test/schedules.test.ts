import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { OptionError, type Schedule, StateDictError, schedules } from '../src/index.js'

interface Case {
  readonly name: string
  readonly values: readonly number[]
  /** What a plateau observed before each value. */
  readonly observed?: readonly number[]
}
/** What PyTorch's schedulers make of a rate of 1; written by scripts/oracle/fixtures.py. */
const { cases } = JSON.parse(readFileSync(new URL('fixtures/schedules.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[]
}

const {
  absolute,
  constant,
  cosine,
  cosineRestarts,
  cyclic,
  exponential,
  inverseSquareRoot,
  linear,
  multistep,
  oneCycle,
  plateau,
  polynomial,
  product,
  sequence,
  step,
  warmUp,
} = schedules

const steps = 101
const cycles = {
  Cosine: {},
  Linear: { shape: 'linear', rise: 0.45, from: 1 / 10, to: 1 / 500 },
  ThreeCosine: { threePhase: true, rise: 0.4 },
  ThreeLinear: { threePhase: true, shape: 'linear' },
} as const
const modes = {
  Triangular: { up: 9 },
  Halving: { up: 9, down: 4, height: 'halving' },
  Exponential: { up: 7, down: 11, height: 'exponential', factor: 0.98 },
} as const

/** The same as in scripts/oracle/families/schedules.py. */
const ours: Readonly<Record<string, Schedule>> = {
  lambda: (step) => 1 / (1 + step),
  constant: constant(0.3, { steps: 40 }),
  linear: linear({ from: 0.2, to: 0.9, steps: 70 }),
  step: step({ every: 13, factor: 0.4 }),
  multistep: multistep({ at: [10, 10, 55, 80], factor: 0.3 }),
  exponential: exponential({ factor: 0.97 }),
  polynomial: polynomial({ steps: 80, power: 1.7 }),
  cosine: cosine({ steps: 99, to: 0.05 }),
  restarts: cosineRestarts({ steps: 20, to: 0.1 }),
  growingRestarts: cosineRestarts({ steps: 7, multiplier: 2, to: 0.02 }),
  sequence: sequence([constant(0.1), exponential({ factor: 0.9 }), step({ every: 5, factor: 0.5 })], { at: [12, 60] }),
  product: product(constant(0.1, { steps: 20 }), exponential({ factor: 0.95 })),
  ...Object.fromEntries(
    Object.entries(cycles).flatMap(([name, options]) => [
      [`oneCycle${name}`, oneCycle({ steps, ...options })],
      [`oneCycle${name}Momentum`, oneCycle({ steps, ...options, from: 0.95, peak: 0.85, to: 0.95 })],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(modes).flatMap(([name, options]) => [
      [`cyclic${name}`, cyclic({ low: 0.2, ...options })],
      [`cyclic${name}Momentum`, cyclic({ ...options, low: 0.9, high: 0.8 })],
    ]),
  ),
}
const plateaus = {
  plateau: () => plateau(),
  plateauQuick: () => plateau({ factor: 0.5, patience: 3, cooldown: 4, minimum: 0.01 }),
  plateauAbsolute: () => plateau({ factor: 0.7, patience: 2, threshold: 0.02, thresholdMode: 'absolute' }),
  plateauMax: () => plateau({ factor: 0.8, patience: 5, mode: 'max', threshold: 0.1 }),
  plateauMaxAbsolute: () =>
    plateau({ factor: 0.8, patience: 1, mode: 'max', threshold: 0.05, thresholdMode: 'absolute', cooldown: 1 }),
} as const

const expectClose = (got: readonly number[], wanted: readonly number[]) => {
  expect(got).toHaveLength(wanted.length)
  for (const [i, x] of got.entries()) {
    expect(Math.abs(x - wanted[i]!), `step ${i}: ${x} instead of ${wanted[i]}`).toBeLessThan(1e-12)
  }
}

describe('schedules', () => {
  it.each(cases.filter(({ observed }) => observed === undefined))('$name is as in PyTorch', ({ name, values }) => {
    expectClose(
      values.map((_, i) => ours[name]!(i)),
      values,
    )
    // something happens
    expect(new Set(values).size).toBeGreaterThan(1)
  })

  it('are all compared', () => {
    expect(cases.map(({ name }) => name).sort()).toEqual([...Object.keys(ours), ...Object.keys(plateaus)].sort())
  })

  it('stay where they end', () => {
    expect([100, 1000, 1e9].map((at) => cosine({ steps: 100, to: 0.2 })(at))).toEqual([0.2, 0.2, 0.2])
    expect(oneCycle({ steps: 100, to: 0.01 })(5000)).toBe(0.01)
    expect(linear({ to: 0.3, steps: 4 })(99)).toBeCloseTo(0.3, 15)
    expect(polynomial({ steps: 4, to: 0.3 })(99)).toBe(0.3)
  })

  it('warm up, and hand over to the next', () => {
    const warm = warmUp({ steps: 4, next: (at) => 1 - at / 10 })
    expectClose([0, 1, 2, 3, 4, 5].map(warm), [0.2, 0.4, 0.6, 0.8, 1, 0.9])
    expectClose([0, 2, 4, 100].map(warmUp({ steps: 4, from: 0 })), [0, 0.5, 1, 1])
  })

  it('follow the rate of "Attention is all you need"', () => {
    const [features, warmUpSteps] = [512, 4000]
    const noam = inverseSquareRoot({ warmUp: warmUpSteps })
    const peak = 1 / Math.sqrt(features * warmUpSteps)
    for (const n of [1, 2, 1000, 4000, 4001, 100_000]) {
      const wanted = features ** -0.5 * Math.min(n ** -0.5, n * warmUpSteps ** -1.5)
      expect(peak * noam(n - 1)).toBeCloseTo(wanted, 15)
    }
  })

  it('take parts of steps', () => {
    const byEpoch = (at: number) => cosine({ steps: 10 })(at / 50)
    expectClose([250, 125].map(byEpoch), [0.5, (1 + Math.SQRT1_2) / 2])
  })

  it('restart at the right steps after many runs', () => {
    const restarts = cosineRestarts({ steps: 3, multiplier: 2 })
    for (let run = 0; run < 40; run++) expect(restarts(3 * (2 ** run - 1))).toBe(1)
    expect(cosineRestarts({ steps: 7 })(7e12)).toBe(1)
  })

  it('are refused a step that is none', () => {
    for (const made of [cosine({ steps: 3 }), product(constant()), warmUp({ steps: 3 })]) {
      expect(() => made(-1)).toThrow(/schedules\.\w+: step is -1; use a step, a number of at least 0/)
      expect(() => made(Number.NaN)).toThrow('use a step')
    }
  })

  it('refuse what makes no sense', () => {
    const refuses = (make: () => unknown, text: string) => {
      expect(make).toThrow(OptionError)
      expect(make).toThrow(text)
    }
    refuses(() => cosine({ steps: 0 }), 'schedules.cosine: steps is 0; use a positive integer.')
    refuses(() => constant(-1), 'schedules.constant: factor is -1; use a number of at least 0.')
    refuses(() => multistep({ at: [5, 3] }), 'schedules.multistep: at is [5, 3]; use whole steps in ascending order.')
    refuses(() => sequence([constant(), constant()], { at: [] }), 'at has 0 steps for 2 schedules')
    refuses(
      () => sequence([constant(), constant()], { at: [0] }),
      'at is [0]; use whole steps in ascending order, each',
    )
    refuses(() => cosineRestarts({ steps: 3, multiplier: 0.5 }), 'multiplier is 0.5; use a number of at least 1.')
    refuses(
      () => oneCycle({ steps: 10, rise: 0.05 }),
      'rise is 0.05; use a share above 1 / steps, here 0.1, and below 1.',
    )
    refuses(() => oneCycle({ steps: 10, rise: 0.6, threePhase: true }), 'and below (steps + 1) / (2 steps), here 0.55.')
    refuses(() => cyclic({ up: 3, factor: 0.9 }), "factor does nothing where height is 'triangular'")
    refuses(() => plateau({ factor: 1 }), 'factor is 1; use a number from 0 up to but not including 1.')
    expect(() => product(absolute(constant()))).toThrow('schedules.absolute(schedules.sequence(...))')
    expect(() => cosine({ T_max: 3 } as never)).toThrow('did you mean steps?')
    expect(() => step({ every: 3, gamma: 0.1 } as never)).toThrow('did you mean factor?')
  })
})

describe('plateau', () => {
  it.each(cases.filter(({ observed }) => observed !== undefined))(
    '$name is as in PyTorch',
    ({ name, observed, values }) => {
      const made = plateaus[name as 'plateau']()
      const factors = observed!.map((loss) => {
        made.observe(loss)
        return made.factor
      })
      expectClose(factors, values)
      expect(new Set(values).size).toBeGreaterThan(1)
    },
  )

  it('goes on from a saved state', () => {
    const { observed } = cases.find(({ name }) => name === 'plateauQuick')!
    for (const cut of [0, 1, 17, 50]) {
      const [whole, first, second] = [plateaus.plateauQuick(), plateaus.plateauQuick(), plateaus.plateauQuick()]
      for (const loss of observed!) whole.observe(loss)
      for (const loss of observed!.slice(0, cut)) first.observe(loss)
      second.loadStateDict(JSON.parse(JSON.stringify(first.stateDict())))
      for (const loss of observed!.slice(cut)) second.observe(loss)
      expect(second.stateDict()).toEqual(whole.stateDict())
    }
  })

  it('refuses NaN and foreign states, and stays as it was', () => {
    const made = plateau()
    made.observe(3)
    const before = made.stateDict()
    expect(() => made.observe(Number.NaN)).toThrow(OptionError)
    expect(() => made.loadStateDict({ factor: 1, bad: -1, cooling: 0 })).toThrow(StateDictError)
    expect(() => made.loadStateDict({ ...before, more: 1 } as never)).toThrow('no state of a plateau')
    expect(made.stateDict()).toEqual(before)
  })
})
