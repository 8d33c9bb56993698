import * as nn from '../../src/index.js'
import type { Entry } from './entries.js'

const factor = () => () => 1

/** What makes schedules. */
export const makers: Readonly<Record<keyof typeof nn.schedules, Entry>> = {
  absolute: { args: () => [factor()] },
  constant: { args: () => [0.5, { steps: 3 }], may: ['undefined'] },
  cosine: { args: () => [{ steps: 3, to: 0.1 }], may: ['required'], options: { steps: 'required' } },
  cosineRestarts: {
    args: () => [{ steps: 3, multiplier: 2, to: 0.1 }],
    may: ['required'],
    options: { steps: 'required', multiplier: '' },
  },
  cyclic: {
    args: () => [{ up: 3, down: 2, low: 0.1, high: 1, height: 'exponential', factor: 0.9 }],
    may: ['required'],
    options: { up: 'required' },
  },
  exponential: { args: () => [{ factor: 0.9 }], may: ['required'], options: { factor: 'required' } },
  inverseSquareRoot: { args: () => [{ warmUp: 3 }], may: ['required'], options: { warmUp: 'required' } },
  linear: { args: () => [{ from: 1, to: 0.1, steps: 3 }], may: ['required'], options: { steps: 'required' } },
  multistep: {
    args: () => [{ at: [3, 6], factor: 0.1 }],
    may: ['required'],
    options: { at: 'array required' },
  },
  oneCycle: {
    args: () => [{ steps: 30, rise: 0.3, from: 0.1, peak: 1, to: 0.01, shape: 'linear', threePhase: true }],
    may: ['required'],
    options: { steps: 'required', rise: '-number' },
  },
  plateau: {
    args: () => [
      {
        factor: 0.5,
        patience: 3,
        threshold: 0.1,
        thresholdMode: 'absolute',
        mode: 'max',
        cooldown: 2,
        minimum: 0.1,
      },
    ],
    options: { factor: '-number' },
  },
  polynomial: { args: () => [{ steps: 3, power: 2, to: 0.1 }], may: ['required'], options: { steps: 'required' } },
  product: { args: () => [factor(), factor()], forwards: true },
  sequence: {
    args: () => [[factor(), factor()], { at: [3] }],
    may: ['', 'required'],
    options: { at: 'required' },
  },
  step: { args: () => [{ every: 3, factor: 0.1 }], may: ['required'], options: { every: 'required' } },
  warmUp: {
    args: () => [{ steps: 3, from: 0.1, next: factor() }],
    may: ['required'],
    options: { steps: 'required', from: '-number' },
  },
}

/** Schedules themselves; `absolute` gives the one that it is given, which checks for itself. */
export const schedules = Object.fromEntries(
  Object.entries(makers)
    .filter(([name]) => !['absolute', 'plateau'].includes(name))
    .map(([name, { args }]) => {
      const make = nn.schedules[name as 'step'] as unknown as (...args: readonly unknown[]) => nn.Schedule
      return [name, { args: () => [2], call: make(...args()) }]
    }),
)

export const methods = Object.fromEntries(
  (['observe', 'stateDict', 'loadStateDict'] as const).map((name) => {
    const made = nn.schedules.plateau()
    const args = { observe: [0.5], stateDict: [], loadStateDict: [made.stateDict()] }[name]
    const call = (...given: never[]) => (made[name] as (...args: never[]) => unknown)(...given)
    return [`Plateau.${name}`, { args: () => args, may: ['required'], call }]
  }),
)
