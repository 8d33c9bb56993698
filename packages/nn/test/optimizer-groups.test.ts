import { compile, GradientError, parameter, Random, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { Adam, AdamW, Linear, mse, OptionError, ReLU, Sequential, SGD } from '../src/index.js'

const net = () =>
  new Sequential(new Linear(3, 4, { random: new Random(1) }), new ReLU(), new Linear(4, 2, { random: new Random(2) }))
const one = (value = 1) => parameter(tensor([value], { dtype: 'float64' })) as Tensor

describe('groups of parameters', () => {
  it('are chosen by path or by the parameters themselves, and what is left is the group default', () => {
    const model = net()
    const optimizer = new AdamW(model, {
      weightDecay: 0.1,
      groups: [
        { name: 'bias', path: /bias$/, weightDecay: 0 },
        { params: [model.layers[2].weight], learningRate: 0.5 },
      ],
    })
    expect(optimizer.groups.map(({ name, paths }) => [name, paths])).toEqual([
      ['default', ['0.weight']],
      ['bias', ['0.bias', '2.bias']],
      ['1', ['2.weight']],
    ])
    expect(optimizer.groups.map(({ learningRate, weightDecay }) => [learningRate, weightDecay])).toEqual([
      [0.001, 0.1],
      [0.001, 0],
      [0.5, 0.1],
    ])
    expect(optimizer.parameters.length).toBe(4)
    expect(String(optimizer)).toContain('bias: 2 parameters, learningRate 0.001, betas 0.9,0.999')
    // all are in groups: there is no other
    expect(new SGD(model, { learningRate: 1, groups: [{ path: '0' }, { path: '2' }] }).groups.length).toBe(2)
  })

  it('are a list of their own, whose paths begin with the name of the group', () => {
    const [a, b] = [new Linear(2, 1), new Linear(2, 1)]
    const optimizer = new SGD([
      { params: a, learningRate: 0.1 },
      { params: b, name: 'head', learningRate: 0.2, momentum: 0.9 },
    ])
    expect(optimizer.groups.map(({ paths, momentum }) => [paths, momentum])).toEqual([
      [['0.weight', '0.bias'], 0],
      [['head.weight', 'head.bias'], 0.9],
    ])
    expect(Object.keys(optimizer.stateDict()).filter((key) => !key.startsWith('groups'))).toEqual([
      'head.weight.velocity',
      'head.bias.velocity',
    ])
  })

  it('step by their own numbers, which may change between compiled steps without a new program', () => {
    const descend = (isCompiled: boolean) => {
      const [a, b] = [one(), one()]
      const optimizer = new SGD(
        new Map([
          ['a', a],
          ['b', b],
        ]),
        {
          learningRate: 0.1,
          momentum: 0.5,
          groups: [{ name: 'b', path: 'b', learningRate: 0.2 }],
        },
      )
      let traces = 0
      const plain = () => {
        traces++
        optimizer.zeroGrad()
        a.square().add(b.square()).sum().backward()
        optimizer.step()
      }
      const step = isCompiled ? compile(plain) : plain
      const seen: number[][] = []
      for (let i = 0; i < 8; i++) {
        if (i === 2) optimizer.group('b').momentum = 0.9
        if (i > 2) optimizer.group('b').momentum *= 0.9
        if (i > 3) optimizer.group('default').learningRate *= 0.5
        if (i === 5) optimizer.groups[1]!.weightDecay = 0.3
        step()
        seen.push([a.item(), b.item()])
      }
      return { seen, traces }
    }
    const wanted: number[][] = []
    const [p, v, rate, momentum, decay] = [
      [1, 1],
      [0, 0],
      [0.1, 0.2],
      [0.5, 0.5],
      [0, 0],
    ]
    for (let i = 0; i < 8; i++) {
      if (i === 2) momentum[1] = 0.9
      if (i > 2) momentum[1]! *= 0.9
      if (i > 3) rate[0]! *= 0.5
      if (i === 5) decay[1] = 0.3
      for (const j of [0, 1]) {
        v[j] = momentum[j]! * v[j]! + 2 * p[j]! + decay[j]! * p[j]!
        p[j]! -= rate[j]! * v[j]!
      }
      wanted.push([...p])
    }
    const close = wanted.map((row) => row.map((x) => expect.closeTo(x, 12)))
    expect(descend(false).seen).toEqual(close)
    const compiled = descend(true)
    expect(compiled.seen).toEqual(close)
    // one more when momentum and when the decay first change
    expect(compiled.traces).toBe(3)
  })

  it('have no learning rate in common unless it is the same', () => {
    const optimizer = new Adam(net(), { groups: [{ name: 'head', path: '2', learningRate: 0.1 }] })
    const says = "Adam.learningRate: it is 0.001 in the group 'default' and 0.1 in 'head'; take that of a group:"
    expect(() => optimizer.learningRate).toThrow(says)
    expect(() => {
      optimizer.learningRate = 1
    }).toThrow(says)
    optimizer.group('head').learningRate = 0.001
    optimizer.learningRate = 0.2
    expect(optimizer.groups.map(({ learningRate }) => learningRate)).toEqual([0.2, 0.2])
  })

  it('are refused where they cannot be', () => {
    const model = net()
    const groups =
      (...list: object[]) =>
      () =>
        new SGD(model, { learningRate: 1, groups: list as never })
    for (const [act, says] of [
      [groups({ path: /x/ }), "SGD: the group '0' has none of the parameters; they are 0.weight, 0.bias"],
      [groups({ path: '0.wieght' }), "did you mean '0.weight'?"],
      [groups({}), "SGD: the group '0' needs either a path or params."],
      [groups({ path: '0', params: model }), 'needs either a path or params'],
      [groups({ path: '0' }, { path: /weight/ }), "SGD: '0.weight' is in the groups '0' and '1'; put it in one."],
      [groups({ path: '0', name: 'a' }, { path: '2', name: 'a' }), "SGD: two groups are called 'a'; rename one."],
      [groups({ path: '0', learningRate: -1 }), "SGD.group('0'): learningRate is -1; use a number of at least 0."],
      [groups({ path: '0', lr: 1 }), 'did you mean learningRate?'],
      [
        groups({ params: [one()] }),
        "SGD: the group '0' has float64[1], which is not among the parameters of the optimizer.",
      ],
      [
        () => new SGD(model.parameters(), { learningRate: 1, groups: [{ path: '0' }] }),
        'a bare list of parameters has no paths',
      ],
      [
        () => new SGD([{ params: model }, { params: model.layers[0] }], { learningRate: 1 }),
        'parameter 1.weight is parameter 0.0.weight again',
      ],
      [() => new SGD([{ params: model, path: '0' }] as never, { learningRate: 1 }), 'a list of groups has no paths'],
      [() => new SGD([{ params: [] }], { learningRate: 1 }), "SGD: the group '0' has no parameters; leave it out."],
      [() => new SGD([{ params: model }], { learningRate: 1, groups: [{ path: '0' }] }), 'groups are given twice'],
      [() => new Adam(model).group('bias'), "Adam.group: no group is called 'bias'; use one of 'default'."],
    ] as const) {
      expect(act).toThrow(says)
    }
    expect(groups({ params: [zeros([2])] })).toThrow(OptionError)
    expect(() => new SGD([{ params: [zeros([2])] }], { learningRate: 1 })).toThrow(GradientError)
  })

  it('refuse a number that would need a state which is not there', () => {
    const optimizer = new SGD(net(), { learningRate: 1 })
    expect(() => {
      optimizer.groups[0]!.momentum = 0.9
    }).toThrow(
      new OptionError(
        'SGD: momentum was 0 when this was made, so that there is no velocity; make the optimizer with a momentum above 0.',
      ),
    )
    optimizer.groups[0]!.momentum = 0
    expect(() => Object.assign(optimizer.groups[0]!, { momentom: 1 })).toThrow(TypeError)
  })

  it('leave out in compiled steps what is frozen, and what was frozen when the optimizer was made can be trained later', () => {
    const model = net()
    model.layers[0].freeze()
    const optimizer = new Adam(model, { learningRate: 0.1 })
    const [x, y] = [new Random(3).normal([5, 3]), new Random(4).normal([5, 2])]
    const step = compile(() => {
      const loss = mse(model.forward(x), y)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss
    })
    const before = model.stateDict()['0.weight']!.toArray()
    step()
    expect(model.layers[0].weight.toArray()).toEqual(before)
    model.layers[0].unfreeze()
    step()
    expect(model.layers[0].weight.toArray()).not.toEqual(before)
    expect(optimizer.stateDict()['0.weight.steps']!.item()).toBe(1)
  })
})
