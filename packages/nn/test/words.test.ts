import { AdjointError, ArgumentError, Random, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import * as nn from '../src/index.js'

const weights = () => zeros([2, 3])
const labels = () => tensor([0, 1], { dtype: 'int32' })
const model = () => new nn.Linear(3, 1, { random: new Random(1) })
const data = () => [{ x: weights(), y: zeros([2, 1]) }]

describe('what a subclass forgets', () => {
  const [x, net] = [weights(), model()]
  nn.mse(net.forward(x), zeros([2, 1])).backward()
  const bare = (state: object) =>
    new nn.Optimizer(
      {
        name: 'Bare',
        hyper: { learningRate: nn.optimizers.amount(1) },
        update: () => ({ state, ...('mean' in state && { next: () => 1 }) }),
      } as never,
      net,
    )
  const Empty = class extends (nn.Layer as unknown as new () => { forward(x: Tensor): unknown }) {}
  it.each<[() => unknown, string]>([
    [() => new Empty().forward(x), 'Empty.forward: a layer computes in a method run(x); write one'],
    [() => bare({ mean: () => 3 }), 'Bare: mean of weight is no leaf tensor; what is kept of a parameter is one'],
    [() => bare({}), 'Bare: the update of a rule is { state, next(parameter, gradient, state, numbers) }; return one'],
    [
      () => new nn.Optimizer({ name: 'Bare', hyper: {} } as never, net),
      'Optimizer: hyper is {}; use an object with learningRate among others',
    ],
    [
      () => {
        const layers = new nn.Sequential(net)
        ;(layers.layers as unknown[]).push(() => 1)
        layers.forward(x)
      },
      'Sequential: layer 1 has no forward(x)',
    ],
    [
      () => new nn.Dropout().forward(labels()),
      'Dropout(0.5): x is int32[2], and scaled integers would be rounded; cast it',
    ],
  ])('%s', (call, says) => {
    expect(call).toThrow(AdjointError)
    expect(call).toThrow(says)
  })
})

describe('what is said to those who come from elsewhere', () => {
  const net = model()
  const batch = data()
  const options = () => ({ data: batch, loss: nn.mse, optimizer: new nn.Adam(net), epochs: 1 })
  const fit = (more: object) => () => nn.fit(net, { ...options(), ...more } as never)
  const layer = net as unknown as { forward(x: unknown): unknown }
  it.each<[() => unknown, string]>([
    [() => new nn.Adam(net, { lr: 0.1 } as never), 'Adam: unknown option lr: did you mean learningRate?'],
    [
      () => new nn.AdamW(net, { weight_decay: 0.1 } as never),
      'AdamW: unknown option weight_decay: did you mean weightDecay?',
    ],
    [() => new nn.Adam(net, { eps: 1e-8 } as never), 'did you mean epsilon?'],
    [() => new nn.SGD(net, { learningrate: 1 } as never), 'did you mean learningRate?'],
    [() => new nn.SGD(net, 0.1 as never), 'SGD: options is 0.1; use one object with any of learningRate'],
    [
      () => new nn.SGD(net.parameters() as never, undefined as never),
      'SGD: learningRate is missing; use a number of at least 0.',
    ],
    [
      () => new nn.Adam(undefined as never),
      'Adam: parameters is missing; use a Module, its namedParameters(), tensors, or groups [{ params, learningRate }].',
    ],
    [() => new nn.Adam(net.parameters as never), 'Adam: parameters is'],
    [
      () => new nn.Adam(Object.entries(net.stateDict()) as never),
      'Adam: parameter 0 is an array, not a tensor; pass model.parameters().',
    ],
    [() => new nn.Adam(net.weight as never), 'Adam: parameters is float32[3, 1]; use a Module'],
    [() => new nn.Linear('3' as never, 2), "Linear: inputs is '3'; use a positive integer."],
    [
      () => new nn.Linear(3, 2, false as never),
      'Linear: options is false; use one object with any of bias, init, random, dtype.',
    ],
    [() => new nn.Linear(3, 2, { use_bias: false } as never), 'did you mean bias?'],
    [
      () => new nn.Linear(3, 2, { init: nn.init.zeros as never }),
      'pass the initializer that it makes: { init: init.zeros() }',
    ],
    [
      () => new nn.Linear(3, 2, { init: (() => zeros([3])) as never }),
      'Linear: init gives float32[3] for float32[3, 2]',
    ],
    [() => new nn.Dropout('0.5' as never), "Dropout: p is '0.5'; use a probability from 0 to 1."],
    [
      () => new nn.Sequential([new nn.ReLU(), new nn.Tanh()] as never),
      'Sequential: layer 0 is an array; pass what is in it: new Sequential(...layers).',
    ],
    [() => new nn.Sequential({ forward: () => 1 } as never), 'Sequential: layer 0 is no Module'],
    [
      () => new nn.Sequential(nn.ReLU as never),
      'Sequential: layer 0 has no forward(x); pass modules, such as new ReLU().',
    ],
    [() => new nn.Softmax({ dim: 1 } as never), 'Softmax: axis is { dim }; use an integer'],
    [() => layer.forward([[1, 2, 3]]), 'Linear(3, 1): x is [[...]]; use a tensor: tensor(...) makes one.'],
    [() => new nn.Sequential(net).forward(3 as never), 'Sequential: x is 3; use a tensor'],
    [() => nn.mse(weights(), 1 as never), 'mse: target is 1; use a tensor'],
    [
      () => nn.binaryCrossEntropyWithLogits(weights(), weights(), { pos_weight: 2 } as never),
      'unknown option pos_weight: did you mean positiveWeight?',
    ],
    [() => nn.triplet(weights(), weights(), weights(), { p: 1 } as never), 'unknown option p: did you mean order?'],
    [() => nn.gaussianNll(weights(), weights(), weights(), { eps: 1 } as never), 'did you mean epsilon?'],
    [() => nn.klDivergence(weights(), weights(), { log_target: true } as never), 'did you mean logTarget?'],
    [() => nn.cosineSimilarity(weights(), weights(), { dim: 1 } as never), 'did you mean axis?'],
    [() => nn.l1(weights(), weights(), { size_average: true } as never), 'did you mean reduction?'],
    [() => nn.infoNce(weights(), weights(), { tau: 1 } as never), 'did you mean temperature?'],
    [() => nn.crossEntropy([[1, 2]] as never, labels() as never), 'crossEntropy: logits is [[...]]; use a tensor'],
    [
      () => nn.accuracy(tensor(1) as never, tensor(1, { dtype: 'int32' }) as never),
      'accuracy: logits need a last axis of classes',
    ],
    [() => net.loadStateDict(model() as never), 'state is Linear(3, 1); use what stateDict() gives'],
    [() => net.loadStateDict(null as never), 'Module.loadStateDict: state is null; use what stateDict() gives'],
    [() => net.loadStateDict(net.namedParameters() as never), 'Module.loadStateDict: state is'],
    [
      () => new nn.Adam(net).loadStateDict([] as never),
      'Optimizer.loadStateDict: state is []; use what stateDict() gives',
    ],
    [() => net.train('yes' as never), "Module.train: training is 'yes'; use true or false."],
    [() => nn.batches('x' as never, [1] as never), "batches: x is 'x'; use a tensor"],
    [() => nn.batches(weights(), labels(), { batch_size: 1 } as never), 'did you mean batchSize?'],
    [() => nn.batches(weights(), labels(), 1 as never), 'batches: options is 1; use one object'],
    [
      () => nn.fit(net as never, undefined as never),
      'fit: options is missing; use one object with any of data, loss, optimizer, epochs',
    ],
    [() => nn.fit((() => 1) as never, options()), 'fit: model is a function; use a Module with a method forward.'],
    [() => nn.fit(new nn.Module() as never, options()), 'fit: model is Module(); use a Module with a method forward.'],
    [fit({ optimizer: undefined }), 'fit: optimizer is missing; use an optimizer: new Adam(model).'],
    [fit({ data: undefined }), 'fit: data is missing; use batches { x, y }'],
    [fit({ loss: undefined }), 'fit: loss is missing; use a function of outputs and targets, such as mse.'],
    [fit({ epochs: undefined }), 'fit: epochs is missing; use a positive integer.'],
    [fit({ epochs: 1.5 }), 'fit: epochs is 1.5; use a positive integer.'],
    [fit({ criterion: nn.mse }), 'fit: unknown option criterion: did you mean loss?'],
    [fit({ data: weights() }), 'fit: data is float32[2, 3]; use batches'],
    [fit({ data: [[weights(), labels()]] }), 'fit: batch is'],
    [fit({ data: [{ x: [[1]], y: labels() }] }), 'fit: batch is { x, y }; use { x, y } with two tensors'],
    [fit({ validation: [weights()] }), 'evaluate: batch is float32[2, 3]; use { x, y } with two tensors'],
    [fit({ loss: () => 3 }), 'fit: the loss is of type number; return a tensor'],
    [fit({ loss: async () => weights() }), 'fit: the loss is a promise; return a tensor'],
    [fit({ metrics: { error: nn.mse } }), 'fit: metrics are measured on validation data; give them as validation'],
    [
      fit({ metrics: { loss: nn.mse }, validation: batch }),
      'fit: a metric is called loss, as the loss itself is in reports; give it another name.',
    ],
    [
      fit({ metrics: nn.accuracy, validation: batch }),
      'fit: metrics is the function accuracy; use functions of outputs and targets, and metrics, by name',
    ],
    [fit({ metrics: [nn.accuracy], validation: batch }), 'fit: metrics is [the function accuracy]; use functions'],
    [fit({ earlyStopping: { patience: 3, min_delta: 1 } }), 'did you mean minDelta?'],
    [fit({ signal: new AbortController() }), 'use the signal of an AbortController: controller.signal.'],
    [() => nn.evaluate(net, batch, nn.mse as never), 'evaluate: metrics is the function mse; use functions'],
    [
      () => nn.evaluate(net, batch, { accuracy: (() => 'high') as never }),
      'evaluate: the metric accuracy is of type string; return a number',
    ],
    [
      () => nn.evaluate(net, batch, { error: (a, b) => nn.mse(a, b, { reduction: 'none' }) }),
      'evaluate: the metric error is float32[2, 1]; return a number',
    ],
  ])('%s', async (call, says) => {
    const error = await new Promise((resolve) => resolve(call())).then(
      () => expect.fail('accepted'),
      (error: unknown) => error,
    )
    expect(error).toBeInstanceOf(AdjointError)
    expect((error as Error).message).toContain(says)
  })

  it('of a forward that gives nothing, or is async', async () => {
    class Nothing extends nn.Module {
      readonly linear = model()
      forward(x: Tensor): unknown {
        void x
        return undefined
      }
    }
    class Late extends Nothing {
      override async forward() {}
    }
    for (const [subject, says] of [
      [new Nothing(), 'Nothing.forward gives nothing; return its output'],
      [new Late(), 'Late.forward gives a promise'],
    ] as const) {
      for (const compile of [true, false]) {
        await expect(nn.fit(subject as never, { ...options(), compile })).rejects.toThrow(says)
      }
      await expect(nn.evaluate(subject as never, batch, { loss: nn.mse })).rejects.toThrow(says)
    }
  })
})

it('an error of a range is an error of an argument', () => {
  expect(() => new nn.Dropout(2)).toThrow(ArgumentError)
  expect(() => new nn.Dropout(2)).toThrow(nn.OptionError)
})

it('an optimizer takes a module', () => {
  const net = model()
  expect(new nn.Adam(net).parameters).toEqual(net.parameters())
  expect(new nn.SGD(net, { learningRate: 1 }).parameters).toEqual(net.parameters())
})

it('a metric may give a tensor of one element, or NaN', async () => {
  const scores = await nn.evaluate(model(), data(), { one: () => tensor([1]), nan: () => Number.NaN })
  expect(scores).toEqual({ one: 1, nan: Number.NaN })
})
