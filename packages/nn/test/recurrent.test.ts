import {
  type AnyTensor,
  arange,
  checkpoint,
  compile,
  concat,
  eye,
  grad,
  jvp,
  noGrad,
  Random,
  scan,
  stack,
  type Tensor,
  tensor,
  treeLeaves,
  treeMap,
  valueAndGrad,
  vmap,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import * as nn from '../src/index.js'

const float64 = { dtype: 'float64' } as const
const made = (seed = 1) => ({ ...float64, random: new Random(seed) })
const normal = (seed: number, ...shape: number[]) => new Random(seed).normal(shape, float64) as Tensor
const int32 = (numbers: number | number[]) => tensor(numbers as number[], { dtype: 'int32' }) as AnyTensor

interface Passed {
  readonly output: Tensor
  readonly state: unknown
}
type Any = nn.Module & { forward(x: unknown, state?: unknown, options?: object): Passed }

const layers: Record<string, (seed?: number, more?: object) => Any> = {
  RNN: (seed, more) => new nn.RNN(3, 2, { bidirectional: true, layers: 2, ...made(seed), ...more }) as unknown as Any,
  GRU: (seed, more) => new nn.GRU(3, 2, { bidirectional: true, layers: 2, ...made(seed), ...more }) as unknown as Any,
  'GRU, reset before': (seed, more) =>
    new nn.GRU(3, 2, { bidirectional: true, resetAfter: false, ...made(seed), ...more }) as unknown as Any,
  LSTM: (seed, more) =>
    new nn.LSTM(3, 2, { bidirectional: true, layers: 2, projection: 3, ...made(seed), ...more }) as unknown as Any,
}

const numbers = (tree: unknown): number[][] => treeLeaves(tree as Tensor).map(({ data }) => [...data])
const expectNear = (got: unknown, wanted: unknown): void => {
  const others = numbers(wanted)
  expect(numbers(got)).toEqual(others.map((list) => list.map((x) => expect.closeTo(x, 11))))
}
const total = (tree: unknown): Tensor<[]> =>
  treeLeaves(tree as Tensor)
    .map((x, k) => x.mul(k + 1).sin().sum() as Tensor<[]>) // biome-ignore format: one line
    .reduce((a, b) => a.add(b) as Tensor<[]>)

describe.each(Object.entries(layers))('%s', (_, make) => {
  it.each([3, 6])('does not read what lies behind the length of a sequence, of %i steps', (steps) => {
    const x = normal(3, 4, steps, 3)
    const lengths = int32([steps, 1, 0, steps - 1])
    const counts = Array.from({ length: 4 }, (_, i) => [steps, 1, 0, steps - 1][i]!)
    const spoilt = tensor(
      (x.toArray() as number[][][]).map((rows, i) =>
        rows.map((row, t) => (t < counts[i]! ? row : [Number.NaN, 1e300, 2])),
      ),
      float64,
    )
    const layer = make()
    const loss = (model: Any, x: Tensor) => total(model.forward(x, null, { lengths }))
    for (const wrap of [(f: unknown) => f, compile as unknown as (f: unknown) => unknown]) {
      const run = wrap(grad(loss as never, { argument: [0, 1] } as never)) as (...args: unknown[]) => [object, Tensor]
      const [ofWeights, ofX] = noGrad(() => run(layer, spoilt))
      const [wanted, wantedX] = noGrad(() => run(layer, x))
      expectNear(ofWeights, wanted)
      expectNear(ofX, wantedX)
      const rows = ofX.toArray() as number[][][]
      rows.forEach((all, i) => {
        all.forEach((row, t) => {
          if (t >= counts[i]!) expect(row).toEqual([0, 0, 0])
          else expect(row.every((slope) => slope !== 0)).toBe(true)
        })
      })
      expect(numbers(ofWeights).flat().every(Number.isFinite)).toBe(true)
    }
  })

  it('gives each sequence what it has by itself', () => {
    const x = normal(3, 3, 6, 3)
    const layer = make()
    const { output, state } = layer.forward(x, null, { lengths: int32([6, 2, 5]) })
    for (const [i, length] of [6, 2, 5].entries()) {
      const alone = layer.forward(x.at(i).slice(0, 0, length))
      expectNear(output.at(i).slice(0, 0, length), alone.output)
      expect(
        numbers(output.at(i).slice(0, length))
          .flat()
          .every((element) => element === 0),
      ).toBe(true)
      expectNear(
        treeMap(state as Tensor, (all) => (all as AnyTensor as Tensor).permute([1, 0, 2]).at(i) as never),
        alone.state,
      )
    }
  })

  it('leaves the state as it was for a length of 0, and for no steps at all', () => {
    const layer = make()
    const before = treeMap(layer.forward(normal(1, 2, 5, 3)).state as Tensor, (state) => state.detach() as Tensor)
    const idle = layer.forward(normal(2, 2, 5, 3), before, { lengths: int32([0, 0]) })
    expect(numbers(idle.state)).toEqual(numbers(before))
    expect(
      numbers(idle.output)
        .flat()
        .every((element) => element === 0),
    ).toBe(true)
    const none = layer.forward(zeros([2, 0, 3], float64), before)
    expect(numbers(none.state)).toEqual(numbers(before))
    expect(none.output.shape.slice(0, 2)).toEqual([2, 0])
    const slopes = grad((m: Any) => total(m.forward(zeros([2, 0, 3], float64), before)))(layer)
    expect(
      numbers(slopes)
        .flat()
        .every((slope) => slope === 0),
    ).toBe(true)
  })

  it('takes a batch of no sequences', () => {
    const layer = make()
    const none = zeros([0, 6, 3], float64)
    const { output } = layer.forward(none, null, { lengths: zeros([0], { dtype: 'int32' }) })
    expect(output.shape.slice(0, 2)).toEqual([0, 6])
    const slopes = grad((m: Any) => total(m.forward(none)))(layer)
    expect(new Set(numbers(slopes).flat())).toEqual(new Set([0]))
  })

  it('is mapped over examples by vmap as it takes them as a batch, with their lengths and states', () => {
    const layer = make()
    const x = normal(3, 3, 6, 3)
    const lengths = int32([6, 2, 5])
    const state = layer.forward(normal(1, 3, 5, 3)).state
    const wanted = layer.forward(x, state, { lengths })
    const one = (x: Tensor, lengths: AnyTensor, state: unknown) => layer.forward(x, state, { lengths })
    for (const wrap of [(f: unknown) => f, compile as unknown as (f: unknown) => unknown]) {
      const each = wrap(vmap(one as never, { in: [0, 0, 1], out: { output: 0, state: 1 } as never })) as typeof one
      expectNear(
        noGrad(() => each(x, lengths, state)),
        wanted,
      )
    }
    const wrong = vmap((x: Tensor, lengths: AnyTensor) => layer.forward(x, null, { lengths }).output)
    expect(() => wrong(x as Tensor<[3, 6, 3]>, int32([6, 2, 7]) as Tensor<[3]>)).toThrow(
      'hold 7, but there are 6 steps',
    )
    // and a batch of batches
    const batches = stack([x, x.mul(2) as Tensor]) as Tensor
    const both = vmap((x: Tensor) => layer.forward(x, null, { lengths }).output)(batches as Tensor<[2, 3, 6, 3]>)
    expectNear(both, stack([x, x.mul(2) as Tensor].map((x) => layer.forward(x, null, { lengths }).output) as never))
  })

  it('has tangents that differences confirm, and the same derivatives in a checkpoint', () => {
    const layer = make()
    const [x, direction] = [normal(3, 2, 6, 3), normal(4, 2, 6, 3)]
    const lengths = int32([4, 6])
    const f = (x: Tensor) => total(layer.forward(x, null, { lengths }))
    const [, tangent] = jvp(f, [x], [direction])
    const h = 1e-5
    const slope = (f(x.add(direction.mul(h)) as Tensor).item() - f(x.sub(direction.mul(h)) as Tensor).item()) / (2 * h)
    expect(tangent.item()).toBeCloseTo(slope, 7)
    const loss = (m: Any, x: Tensor) => total(m.forward(x, null, { lengths }))
    const saved = (m: Any, x: Tensor) => total(checkpoint((m: Any, x: Tensor) => m.forward(x, null, { lengths }))(m, x))
    expectNear(grad(saved)(layer, x), grad(loss)(layer, x))
  })

  it('gives the same derivatives whatever is saved', () => {
    const x = normal(3, 2, 9, 3)
    const loss = (m: Any) => total(m.forward(x))
    const wanted = grad(loss)(make(1))
    for (const save of ['carries', 3]) expectNear(grad(loss)(make(1, { save })), wanted)
  })
})

describe('a long sequence in pieces', () => {
  const streamed: Record<string, () => Any> = {
    RNN: () => new nn.RNN(3, 2, { layers: 2, ...made() }) as unknown as Any,
    GRU: () => new nn.GRU(3, 2, made()) as unknown as Any,
    LSTM: () => new nn.LSTM(3, 2, { layers: 2, ...made() }) as unknown as Any,
  }
  const x = normal(5, 2, 12, 3)
  const pieces = [0, 1, 3, 10].map((start, i) => x.slice(1, start, [1, 3, 10, 12][i]) as Tensor)

  it.each(Object.entries(streamed))('%s gives what it gives at once', (_, make) => {
    const layer = make()
    const wanted = layer.forward(x)
    let state: unknown
    const outputs = pieces.map((piece) => {
      const passed = layer.forward(piece, state)
      state = passed.state
      return passed.output
    })
    expectNear(concat(outputs as never, 1), wanted.output)
    expectNear(state, wanted.state)
    // the derivative goes through the states
    const inPieces = (m: Any) => {
      let state: unknown
      for (const piece of pieces) state = m.forward(piece, state).state
      return total(state)
    }
    expectNear(grad(inPieces)(layer), grad((m: Any) => total(m.forward(x).state))(layer))
  })

  it.each(Object.entries(streamed))('%s ends derivatives at a state that is detached', (_, make) => {
    const layer = make()
    const before = treeMap(layer.forward(x.slice(1, 0, 5)).state as Tensor, (state) => state.detach() as Tensor)
    const rest = x.slice(1, 5) as Tensor
    const truncated = (m: Any) => {
      const { state } = m.forward(x.slice(1, 0, 5))
      return total(
        m.forward(
          rest,
          treeMap(state as Tensor, (each) => each.detach() as Tensor),
        ).output,
      )
    }
    const [value, slopes] = valueAndGrad(truncated)(layer)
    const [wanted, wantedSlopes] = valueAndGrad((m: Any) => total(m.forward(rest, before).output))(layer)
    expect(value.item()).toBe(wanted.item())
    expectNear(slopes, wantedSlopes)
    const whole = grad((m: Any) => total(m.forward(x).output.slice(1, 5)))(layer)
    expect(numbers(whole)[0]).not.toEqual(numbers(slopes)[0]!.map((slope) => expect.closeTo(slope, 6)))
  })
})

describe('a cell in a scan', () => {
  const x = normal(5, 7, 2, 3)
  const copied = (cell: nn.Module, layer: nn.Module) => {
    const state = layer.stateDict()
    cell.loadStateDict(
      Object.fromEntries(Object.entries(state).map(([path, value]) => [path.split('.').at(-1)!, value])),
    )
  }

  it.each([true, false])('is a GRU, with resetAfter %s', (resetAfter) => {
    const layer = new nn.GRU(3, 2, { resetAfter, ...made() })
    const cell = new nn.GRUCell(3, 2, { resetAfter, ...made(2) })
    copied(cell, layer)
    const step = (h: Tensor, row: Tensor) => {
      const next = cell.forward(row as Tensor<[2, 3]>, h) as Tensor
      return [next, next] as const
    }
    const [, all] = scan(step, zeros([2, 2], float64) as Tensor, x)
    expectNear((all as Tensor).permute([1, 0, 2]), layer.forward(x.permute([1, 0, 2]) as Tensor).output)
  })

  it('is an LSTM', () => {
    const layer = new nn.LSTM(3, 2, { forgetBias: 1, ...made() })
    const cell = new nn.LSTMCell(3, 2, made(2))
    copied(cell, layer)
    const step = (state: nn.LSTMState, row: Tensor) => {
      const next = cell.forward(row as Tensor<[2, 3]>, state)
      return [next as nn.LSTMState, next.hidden] as const
    }
    const start: nn.LSTMState = { hidden: zeros([2, 2], float64), cell: zeros([2, 2], float64) }
    const [last, all] = scan(step, start, x)
    const wanted = layer.forward(x.permute([1, 0, 2]) as Tensor)
    expectNear((all as Tensor).permute([1, 0, 2]), wanted.output)
    expectNear(last.cell, wanted.state.cell.squeeze(0))
  })

  it('is an RNN, also without a batch, and with more axes than one', () => {
    const cell = new nn.RNNCell(3, 2, made())
    const row = normal(1, 2, 4, 3)
    const wanted = cell.forward(row.reshape([8, 3]))
    expectNear((cell.forward(row) as Tensor).reshape([8, 2]), wanted)
    expectNear(cell.forward(row.at(1).at(2)), (wanted as Tensor).at(6))
  })
})

describe('the program of a derivative', () => {
  const explained = (steps: number): string => {
    const lstm = new nn.LSTM(3, 4)
    const step = compile(grad((m: typeof lstm, x: Tensor) => m.forward(x).output.square().mean() as Tensor<[]>))
    noGrad(() => step(lstm, new Random(1).normal([2, steps, 3]) as Tensor))
    return step.explain()
  }

  it('has as many steps for many rounds as for few', () => {
    const lines = explained(300).split('\n')
    expect(lines.length).toBe(explained(10).split('\n').length)
  })

  it('has one product of all steps for inputs and for each weight', () => {
    const products = explained(64)
      .split('\n')
      .filter((line) => line.includes('matmul'))
      .map((line) => line.trim().split(/ {2,}/)[0])
    expect(products).toEqual([
      'matmul [128, 3] x [3, 16]',
      'matmul [3, 128] x [128, 16]',
      'matmul [4, 128] x [128, 16]',
    ])
  })
})

describe('weights', () => {
  it('begin evenly spread over 1 / sqrt(hidden)', () => {
    const lstm = new nn.LSTM(3, 16, { projection: 5, random: new Random(1) })
    for (const [path, { data }] of lstm.namedParameters()) {
      const most = Math.max(...[...data].map(Math.abs))
      expect(most, path).toBeLessThanOrEqual(0.25)
      expect(most, path).toBeGreaterThan(0.2)
    }
  })

  it('are drawn by initializers for each gate, and the forget gate begins as told', () => {
    const calls: unknown[] = []
    const noting =
      (what: string): nn.Initializer =>
      (shape, options) => {
        calls.push([what, [...shape], options?.fanIn, options?.fanOut])
        return nn.init.constant(calls.length)(shape, options)
      }
    const lstm = new nn.LSTM(3, 2, { init: noting('x'), recurrentInit: noting('h'), projection: 1, forgetBias: 1 })
    const { inputWeight, recurrentWeight, bias } = lstm.layers[0]!.forward
    expect(calls).toEqual([...new Array(4).fill(['x', [3, 2], 3, 2]), ...new Array(4).fill(['h', [1, 2], 1, 2])])
    expect(inputWeight.toArray()).toEqual(new Array(3).fill([1, 1, 2, 2, 3, 3, 4, 4]))
    expect(recurrentWeight.toArray()).toEqual([[5, 5, 6, 6, 7, 7, 8, 8]])
    expect([...bias!.data].map((x) => x === 1)).toEqual([false, false, true, true, false, false, false, false])
    expect([...new nn.LSTMCell(3, 1, { forgetBias: 2 }).bias!.data][1]).toBe(2)
  })

  it('are orthogonal gate by gate', () => {
    const gru = new nn.GRU(2, 3, { recurrentInit: nn.init.orthogonal(), ...made() })
    const { recurrentWeight } = gru.layers[0]!.forward
    for (const gate of [0, 1, 2]) {
      const u = recurrentWeight.slice(1, 3 * gate, 3 * gate + 3) as Tensor
      expectNear(u.matmul(u.transpose() as never), eye(3, float64))
    }
  })

  it('have the names and shapes that the documentation says', () => {
    const shapes = (module: nn.Module) =>
      Object.fromEntries([...module.namedParameters()].map(([path, { shape }]) => [path, [...shape]]))
    expect(shapes(new nn.LSTM(3, 4, { projection: 2, bidirectional: true, layers: 2 }))).toEqual(
      Object.fromEntries(
        ['layers.0.forward', 'layers.0.backward', 'layers.1.forward', 'layers.1.backward'].flatMap((path, i) => [
          [`${path}.inputWeight`, [i < 2 ? 3 : 4, 16]],
          [`${path}.recurrentWeight`, [2, 16]],
          [`${path}.bias`, [16]],
          [`${path}.projectionWeight`, [4, 2]],
        ]),
      ),
    )
    expect(shapes(new nn.GRUCell(3, 4))).toEqual({
      inputWeight: [3, 12],
      recurrentWeight: [4, 12],
      bias: [12],
      candidateBias: [4],
    })
    for (const options of [{ resetAfter: false }, { bias: false }]) {
      expect(Object.keys(shapes(new nn.GRUCell(3, 4, options)))).not.toContain('candidateBias')
    }
    expect(shapes(new nn.RNN(3, 4, { bias: false }))).toEqual({
      'layers.0.forward.inputWeight': [3, 4],
      'layers.0.forward.recurrentWeight': [4, 4],
    })
  })
})

describe('dropout', () => {
  const x = normal(1, 2, 6, 3)
  const lstm = (seed: number) => new nn.LSTM(3, 4, { layers: 2, dropout: 0.5, ...made(seed) })

  it('acts between layers in training, anew at each call and at each step, and not in evaluation', () => {
    const layer = lstm(1)
    const [one, other] = [layer.forward(x), layer.forward(x)]
    expect(numbers(one)).not.toEqual(numbers(other))
    // the first layer is before it
    expect(numbers(one.state.hidden.at(0))).toEqual(numbers(other.state.hidden.at(0)))
    expect(numbers(layer.eval().forward(x))).toEqual(numbers(layer.forward(x)))
    const plain = new nn.LSTM(3, 4, { layers: 2, ...made(1) })
    expect(numbers(layer.forward(x))).toEqual(numbers(plain.forward(x)))
    expect(`${layer}`).toBe('LSTM(3, 4, 2 layers\n  (dropout): Dropout(0.5)\n)')
  })

  it('draws from the generator that is given', () => {
    expect(numbers(lstm(4).forward(x))).toEqual(numbers(lstm(4).forward(x)))
  })

  it('is what a loop of its own would drop, in the same places for all of a derivative', () => {
    const loss = (m: nn.LSTM<3, 4, 2>, x: Tensor) => total(m.forward(x).output)
    const layer = lstm(4) as nn.LSTM<3, 4, 2>
    const [value] = valueAndGrad(loss)(layer, x)
    const [first, second] = [new nn.LSTM(3, 4, made(5)), new nn.LSTM(4, 4, made(6))]
    const state = Object.entries(layer.stateDict())
    const part = (i: number) =>
      Object.fromEntries(
        state.filter(([path]) => path.startsWith(`layers.${i}`)).map(([path, w]) => [path.replace(/\d/, '0'), w]),
      )
    first.loadStateDict(part(0))
    second.loadStateDict(part(1))
    const random = new Random(4)
    new nn.LSTM(3, 4, { layers: 2, ...float64, random })
    const dropped = new nn.Dropout(0.5, { random }).forward(
      first.forward(x.permute([0, 1, 2])).output.permute([1, 0, 2]),
    )
    expect(total(second.forward(dropped.permute([1, 0, 2])).output).item()).toBeCloseTo(value.item(), 11)
  })
})

describe('what does not fit is refused', () => {
  const lstm = new nn.LSTM(3, 2, { bidirectional: true })
  const gru = new nn.GRU(3, 2)
  const x = zeros([2, 5, 3])
  const loosely = (layer: object, ...args: unknown[]) =>
    (layer as { forward(...args: unknown[]): unknown }).forward(...args)
  const state = { hidden: zeros([2, 2, 2]), cell: zeros([2, 2, 2]) }
  const wrong: readonly (readonly [string, () => unknown, string])[] = [
    ['rank', () => loosely(lstm, zeros([3])), 'LSTM(3, 2, both ways): x has shape [3]; use [batch, time, features]'],
    ['features', () => loosely(lstm, zeros([2, 5, 4])), 'LSTM(3, 2, both ways): expects 3 features, got 4'],
    ['dtype', () => loosely(gru, zeros([2, 5, 3], float64)), "weights are float32; use x.cast('float32'), or make the layer with { dtype: 'float64' }"],
    ['numbers of things', () => loosely(gru, zeros([2, 5, 3], { dtype: 'int32' })), 'or an Embedding'],
    ['state shape', () => loosely(gru, x, zeros([2, 2])), 'GRU(3, 2): state has shape [2, 2], and [1, 2, 2] is needed (layers * directions, batch, size); pass the state'],
    ['state of one sequence', () => loosely(gru, x.at(0), zeros([1, 2, 2])), 'and [1, 2] is needed (layers * directions, size)'],
    ['state dtype', () => loosely(gru, x, zeros([1, 2, 2], float64)), "GRU(3, 2): state is float64[1, 2, 2], and the weights are float32; use state.cast('float32')"],
    ['cell shape', () => loosely(lstm, x, { ...state, cell: zeros([2, 2, 3]) }), 'state.cell has shape [2, 2, 3], and [2, 2, 2]'],
    ['a state as PyTorch has it', () => loosely(lstm, x, [state.hidden, state.cell]), '{ hidden, cell }'],
    ['lengths shape', () => loosely(gru, x, null, { lengths: int32([1, 2, 3]) }), 'lengths have shape [3], and [2] is needed; use a length for each sequence'],
    ['lengths of one', () => loosely(gru, x.at(0), null, { lengths: int32([1]) }), 'and [] is needed; use a length for the one sequence'],
    ['lengths dtype', () => loosely(gru, x, null, { lengths: tensor([1, 2]) }), "lengths is float32[2]; use int32: tensor([...], { dtype: 'int32' })"],
    ['lengths too long', () => loosely(gru, x, null, { lengths: int32([5, 6]) }), 'GRU(3, 2): lengths hold 6 at [1], but there are 5 steps; use 0 to 5'],
    ['lengths below 0', () => loosely(gru, x.at(0), null, { lengths: int32(-1) }), 'lengths hold -1, but there are 5 steps'],
    ['lengths too long, compiled', () => noGrad(() => compile((lengths: AnyTensor) => gru.forward(x, null, { lengths }).output)(int32([0, 9]))), 'lengths hold 9 at [1]'],
    ['dropout of one layer', () => new nn.GRU(3, 2, { dropout: 0.1 }), 'GRU: dropout is 0.1, and acts between layers, of which there is one; use more layers'],
    ['dropout out of range', () => new nn.GRU(3, 2, { layers: 2, dropout: 1.5 }), 'GRU: dropout is 1.5; use a probability from 0 to 1'],
    ['a forget bias without bias', () => new nn.LSTM(3, 2, { bias: false, forgetBias: 1 }), 'forgetBias is 1 where there is no bias'],
    ['sizes', () => new nn.LSTM(3, 2, { projection: 0 }), 'LSTM: projection is 0; use a positive integer'],
    ['layers', () => new nn.LSTM(3, 2, { layers: 1.5 }), 'LSTM: layers is 1.5; use a positive integer'],
    ['save', () => new nn.LSTM(3, 2, { save: 0 }), 'LSTM: save is 0; use a positive integer'],
    ["PyTorch's batch_first", () => new nn.LSTM(3, 2, { batch_first: true } as never), 'sequences are [batch, time, features]'],
    ["PyTorch's num_layers", () => new nn.LSTM(3, 2, { num_layers: 2 } as never), 'did you mean layers?'],
    ["PyTorch's hidden_size", () => new nn.LSTM(3, 2, { hidden_size: 2 } as never), 'hidden is argument 2'],
    ["PyTorch's nonlinearity", () => new nn.RNN(3, 2, { nonlinearity: 'relu' } as never), 'did you mean activation?'],
    ['an initializer of another shape', () => new nn.GRUCell(3, 2, { recurrentInit: (() => zeros([1])) as never }), 'GRUCell: recurrentInit: init gives float32[1] for float32[2, 2]'],
    ['features of a cell', () => loosely(new nn.GRUCell(3, 2), zeros([2, 4])), 'GRUCell(3, 2): expects 3 features, got 4'],
    ['a state of a cell', () => loosely(new nn.LSTMCell(3, 2), zeros([4, 3]), { hidden: zeros([4, 2]), cell: zeros([2]) }), 'LSTMCell(3, 2): state.cell has shape [2], and [4, 2] is needed'],
    ['the dtype of what a cell takes', () => loosely(new nn.RNNCell(3, 2), zeros([4, 3], float64)), 'RNNCell(3, 2): x is float64[4, 3]'],
  ] // biome-ignore format: a table
  it.each(wrong)('%s', (_, act, says) => {
    expect(act).toThrow(says)
  })

  it('with the path of the layer in a model', () => {
    class Tagger extends nn.Module {
      readonly encoder = new nn.LSTM(3, 2)
      forward(x: AnyTensor) {
        return this.encoder.forward(x as Tensor).output
      }
    }
    expect(() => new Tagger().forward(zeros([2, 5, 4]))).toThrow(
      /^encoder: expects 3 features, got 4: .*\(LSTM\(3, 2\)\)/,
    )
  })
})

describe('a small LSTM learns', () => {
  it('to add the two numbers that are marked', () => {
    const random = new Random(1)
    const lstm = new nn.LSTM(2, 16, { forgetBias: 1, random })
    const head = new nn.Linear(16, 1, { random })
    const optimizer = new nn.Adam([...lstm.parameters(), ...head.parameters()], { learningRate: 0.02 })
    const [batch, steps] = [32, 8]
    const draw = () => {
      const terms = random.uniform([batch, steps])
      // one mark in each half
      const places = [0, 4].map((low) => random.uniform([batch, 1], { low, high: low + 4, dtype: 'int32' }))
      const [one, other] = places.map((place) => place.equal(arange(steps, { dtype: 'int32' })).cast('float32'))
      const marks = one!.add(other!)
      return [stack([terms, marks], 2), terms.mul(marks).sum(1).expandDims(1)] as [Tensor, Tensor]
    }
    const lossOf = (x: Tensor, y: Tensor) => nn.mse(head.forward(lstm.forward(x).state.hidden.at(0)) as Tensor, y)
    const step = compile((x: Tensor, y: Tensor) => {
      const loss = lossOf(x, y)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss
    })
    const [first] = [step(...draw()).item()]
    for (let i = 0; i < 500; i++) step(...draw())
    const last = noGrad(() => lossOf(...draw())).item()
    expect(first).toBeGreaterThan(0.1)
    // to guess the mean would cost 1/6
    expect(last).toBeLessThan(0.01)
  })
})
