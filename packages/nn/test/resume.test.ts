import { Random, random, type Tensor } from '@adjoint/autograd'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  Adam,
  BatchNorm1d,
  batches,
  Dropout,
  type FitOptions,
  fit,
  Linear,
  loadTrainingState,
  mse,
  Sequential,
  SGD,
  StateDictError,
  schedules,
  Tanh,
  type TrainingState,
  trainingState,
  WeightAverage,
} from '../src/index.js'

beforeEach(() => random.seed(5))

const numbers = new Random(1)
const [x, y] = [numbers.normal([26, 3]), numbers.normal([26, 2])]
const validation = batches(numbers.normal([8, 3]), numbers.normal([8, 2]))

/** A training that draws its order, what it drops and noise on its data from three generators, one of them the global one. */
const make = (seed: number, isCompiled: boolean, more: Partial<FitOptions> = {}) => {
  const own = new Random(seed)
  const model = new Sequential(
    new Linear(3, 8, { random: new Random(7) }),
    new BatchNorm1d(8),
    new Tanh(),
    new Dropout(0.3, { random: own }),
    new Linear(8, 2, { random: new Random(8) }),
  )
  const optimizer = new Adam(model, {
    learningRate: 0.01,
    groups: [{ name: 'bias', path: /bias$/, learningRate: 0.02 }],
  })
  const average = new WeightAverage(model, { decay: 0.9 })
  const options: FitOptions = {
    data: batches(x, y, { batchSize: 4, shuffle: true, random: new Random(seed + 1) }),
    loss: (output, target) => mse(output, target.add(random.normal([...target.shape]).mul(0.01)) as Tensor) as Tensor,
    optimizer,
    epochs: 3,
    validation,
    schedule: {
      learningRate: (step) => 1 / (1 + 0.1 * step),
      betas: [schedules.linear({ from: 0.8, steps: 10 }), null],
    },
    average,
    clip: 0.5,
    compile: isCompiled,
    earlyStopping: { patience: 50, restoreBest: true },
    ...more,
  }
  return { model, average, options }
}
type Made = ReturnType<typeof make>

const numbersOf = ({ model, average, options }: Made) =>
  Object.entries({ ...model.stateDict(), ...average.stateDict(), ...options.optimizer.stateDict() }).map(
    ([name, tensor]) => [name, ...tensor.data] as unknown[],
  )

/** As a file would have it. */
const copied = (state: TrainingState): TrainingState =>
  JSON.parse(JSON.stringify(state, (_, value) => (value === Number.POSITIVE_INFINITY ? 1e308 : value)))

describe.each([
  ['compiled', true],
  ['eager', false],
])('a training that is interrupted and resumed (%s)', (_, isCompiled) => {
  const whole = async (more: Partial<FitOptions> = {}) => {
    random.seed(5)
    const made = make(3, isCompiled, more)
    const history = await fit(made.model, made.options)
    return { numbers: numbersOf(made), loss: history.loss, scores: history.validation }
  }

  it.each([1, 3, 6, 7, 8, 13, 20])('after batch %s is the same, bit for bit', async (stop) => {
    const wanted = await whole()
    random.seed(5)
    const controller = new AbortController()
    let state: TrainingState | null = null
    let seen = 0
    const first = make(3, isCompiled, {
      signal: controller.signal,
      onBatch: () => {
        if (++seen === stop) controller.abort()
      },
      save: (next) => {
        state = next
      },
    })
    expect((await fit(first.model, first.options)).stopped).toBe(stop === 21 ? 'epochs' : 'signal')
    // another process: other draws have been made, other numbers are in the model
    random.seed(99)
    const second = make(77, isCompiled)
    second.model.layers[0].freeze().unfreeze()
    const history = await fit(second.model, { ...second.options, resume: copied(state!) })
    expect(numbersOf(second)).toEqual(wanted.numbers)
    expect([history.loss, history.validation]).toEqual([wanted.loss, wanted.scores])
  })

  it.each([
    ['before the first batch', 0, {}],
    ['after an epoch', 1, {}],
    ['in the last batch of an epoch, in the middle of a step', 1, { accumulate: 4 }],
  ])('%s is the same, too', async (_, epoch, more) => {
    const wanted = await whole(more)
    random.seed(5)
    const controller = new AbortController()
    let state: TrainingState | null = null
    const stop = (at: { readonly epoch: number }) => {
      if (at.epoch === epoch) controller.abort()
    }
    const first = make(3, isCompiled, {
      ...more,
      signal: controller.signal,
      save: (next) => {
        state = copied(next)
      },
      ...('accumulate' in more ? { onBatch: (at) => (at.batch === 7 ? stop(at) : undefined) } : { onEpoch: stop }),
    })
    if (epoch === 0) controller.abort()
    expect((await fit(first.model, first.options)).stopped).toBe('signal')
    const second = make(77, isCompiled, more)
    await fit(second.model, { ...second.options, resume: state! })
    expect(numbersOf(second)).toEqual(wanted.numbers)
  })

  it('saves after every so many batches, at steps of the optimizer, and after each epoch', async () => {
    const states: TrainingState[] = []
    const write = async (state: TrainingState) => {
      await Promise.resolve()
      states.push(copied(state))
    }
    const wanted = await whole({ accumulate: 3, save: { write, every: 2 } })
    const places = states.map(({ more }) => [(more as { epoch: number }).epoch, (more as { batch: number }).batch])
    // seven batches an epoch: steps after 3 and 6, and at its end
    expect(places.slice(0, 4)).toEqual([
      [0, 3],
      [0, 6],
      [1, 0],
      [1, 3],
    ])
    for (const state of states.slice(0, 3)) {
      const again = make(50, isCompiled, { accumulate: 3 })
      await fit(again.model, { ...again.options, resume: state })
      expect(numbersOf(again)).toEqual(wanted.numbers)
    }
  })
})

describe('a state of a training', () => {
  it('is loaded whole or not at all', () => {
    const made = make(1, false)
    const parts = { model: made.model, optimizer: made.options.optimizer, average: made.average }
    const state = trainingState(parts, { note: 'here' })
    const before = numbersOf(made)
    const other = make(2, false)
    const broken = { ...copied(state), average: { updates: copied(state).average!.updates! } } as TrainingState
    const otherParts = { model: other.model, optimizer: other.options.optimizer, average: other.average }
    other.options.optimizer.groups[0]!.learningRate = 0.5
    const untouched = numbersOf(other)
    expect(() => loadTrainingState(broken, otherParts)).toThrow(StateDictError)
    expect(numbersOf(other)).toEqual(untouched)
    expect(loadTrainingState(copied(state), otherParts)).toEqual({ note: 'here' })
    expect(numbersOf(other)).toEqual(before)
  })

  it('that does not belong is refused in words', async () => {
    const { model, average, options } = make(1, false)
    const { optimizer } = options
    const state = trainingState({ model, optimizer })
    const refused = (given: object, parts: object, says: string) =>
      expect(() => loadTrainingState(given as TrainingState, parts as never)).toThrow(says)
    refused(model.stateDict(), { model, optimizer }, 'this is no state of a training (it has 0.weight')
    refused({ ...state, version: 2 }, { model, optimizer }, 'the state is of version 2, and this library reads 1')
    refused(state, { model, optimizer, average }, 'average: the state has none, and this training one; make it')
    refused(
      trainingState({ model, optimizer, average }),
      { model, optimizer },
      'average: the state has one, and this training none',
    )
    refused(state, { model, optimizer: new SGD(model, { learningRate: 1 }) }, 'keys do not fit')
    refused(
      state,
      { model, optimizer, randoms: [new Random()] },
      'with 2 generators of random numbers, and this one has 3',
    )
    await expect(fit(model, { ...options, resume: state })).rejects.toThrow('fit: what to resume was not saved by fit')
  })

  it('of a training that was stopped early stays stopped, and one that is refused changes nothing', async () => {
    const states: TrainingState[] = []
    const run = (more: Partial<FitOptions>) => {
      const made = make(3, false, { epochs: 9, earlyStopping: { patience: 1 }, ...more })
      made.options.optimizer.groups.forEach((group) => {
        group.learningRate = 0
      })
      return { ...made, fitted: () => fit(made.model, made.options) }
    }
    const first = await run({ schedule: () => 1, save: (state) => void states.push(copied(state)) }).fitted()
    expect([first.stopped, first.epochs.length]).toEqual(['patience', 2])
    const again = await run({ schedule: () => 1, resume: states.at(-1)! }).fitted()
    expect([again.stopped, again.epochs.length]).toEqual(['patience', 2])
    const other = make(5, false, { resume: states.at(-1)!, schedule: () => 1 })
    const before = numbersOf(other)
    const { earlyStopping: _, ...options } = other.options
    await expect(fit(other.model, options)).rejects.toThrow('the training to resume was one that may stop early')
    const broken = { ...states[0]!, more: { ...(states[0]!.more as object), batch: -1 } }
    await expect(fit(other.model, { ...other.options, resume: broken })).rejects.toThrow('was not saved by fit')
    expect(numbersOf(other)).toEqual(before)
  })

  it('is of data in the middle of which training stops, also of data that can only be read from its beginning', async () => {
    const list = [...batches(x, y, { batchSize: 4 })]
    const run = async (more: object) => {
      random.seed(5)
      const made = make(3, false, { data: list, ...more })
      await fit(made.model, made.options)
      return made
    }
    const wanted = numbersOf(await run({}))
    const states: TrainingState[] = []
    await run({ save: { write: (state: TrainingState) => states.push(copied(state)), every: 3 } })
    const again = make(9, false, { data: list, resume: states[0]! })
    await fit(again.model, again.options)
    expect(numbersOf(again)).toEqual(wanted)
    const short = make(9, false, { data: list.slice(0, 2), resume: states[0]! })
    await expect(fit(short.model, short.options)).rejects.toThrow(
      'fit: the state to resume is at batch 3 of an epoch, and the data has only 2; give the same data.',
    )
  })
})
