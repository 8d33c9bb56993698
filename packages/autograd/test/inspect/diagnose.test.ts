import {
  concat,
  elementwise,
  noGrad,
  ones,
  parameter,
  Random,
  type Tensor,
  tensor,
  where,
  zeros,
} from '@adjoint/autograd'
import { type DiagnoseOptions, diagnose, type Finding, trace } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'

const float64 = { dtype: 'float64' } as const

/** Layers of a width, each with a function: `scale` times weights that keep sizes as they are. */
const network = (depth: number, f: (x: Tensor) => Tensor, { scale = 1, width = 16, seed = 1 } = {}) => {
  const random = new Random(seed)
  const weights = Array.from({ length: depth }, () =>
    parameter(random.normal([width, width], { ...float64, standardDeviation: scale / Math.sqrt(width) })),
  )
  const x = random.normal([32, width], float64)
  const hidden = weights.reduce<Tensor>((h, w) => f(h.matmul(w)), x)
  return { weights, x, hidden, output: hidden.matmul(parameter(random.normal([width, 3], float64))) }
}

const tanh = (x: Tensor) => x.tanh()
const relu = (x: Tensor) => x.relu()

/** The one finding, of this kind. */
const only = (kind: Finding['kind'], loss: Tensor, options: DiagnoseOptions = {}): Finding => {
  const { findings } = diagnose(loss, options)
  expect(findings.map((finding) => finding.kind)).toEqual([kind])
  expect(findings[0]!.text.length).toBeGreaterThan(60)
  expect(JSON.parse(JSON.stringify(findings))).toEqual(findings)
  return findings[0]!
}

const kindsOf = (loss: Tensor, options: DiagnoseOptions = {}) =>
  diagnose(loss, options).findings.map(({ kind }) => kind)

describe('diagnose', () => {
  test('finds nothing in what is well', () => {
    for (const f of [tanh, relu, (x: Tensor) => x.gelu(), (x: Tensor) => x.sigmoid().sub(0.5).mul(4)]) {
      const { output, weights } = network(4, f, { scale: 1.3 })
      const found = diagnose(output.square().mean(), { parameters: { weights } })
      expect([String(found), found.findings]).toEqual(['nothing found', []])
    }
  })

  test('unused: parameters that take no part', () => {
    const [w, v, b] = [1, 2, 3].map((n) => parameter(tensor(n, float64)))
    const found = only('unused', w!.square().add(v!.detach()), { parameters: { w, model: { v, b } } })
    expect(found.nodes).toEqual(['model.v', 'model.b'])
    expect(found.numbers).toEqual({ unused: 2, of: 3 })
    expect(kindsOf(w!.square(), { parameters: { w } })).toEqual([])
    // what is frozen is not meant to learn
    expect(kindsOf(w!.square(), { parameters: { w, fixed: tensor(1) } })).toEqual([])
  })

  test('unused: of a trace by names', () => {
    const w = parameter(tensor(1, float64))
    const { findings } = diagnose(trace(w.square(), { names: { w } }), { parameters: ['w', 'v'] })
    expect(findings.map(({ kind, nodes }) => [kind, nodes])).toEqual([['unused', ['v']]])
  })

  test('constant: a loss that depends on nothing that can be learned', () => {
    const w = parameter(tensor([1, 2], float64))
    expect(only('constant', w.detach().square().sum(), { parameters: { w } }).nodes).toEqual(['w'])
    expect(
      only(
        'constant',
        noGrad(() => w.sum()),
      ).text,
    ).toContain('parameter(...)')
    const v = parameter(tensor(1, float64))
    expect(only('constant', v.square(), { parameters: { w } }).numbers).toEqual({ unused: 1, of: 1 })
    const gone = only('constant', w.mul(0).sum(), { names: { w } })
    expect(gone.text).toContain('v1 = mul(w, 0) passes nothing back')
    expect(gone.numbers).toEqual({ zero: 1, of: 1 })
  })

  test('zeroGradient: a branch that is not taken', () => {
    const [w, v] = [parameter(tensor(0.5, float64)), parameter(tensor(4, float64))]
    const found = only('zeroGradient', where(w.greater(1), v.square(), w.square()), { parameters: { w, v } })
    expect(found.nodes).toEqual(['v'])
    expect(found.text).toContain('passes nothing back')
    expect(kindsOf(where(w.greater(0), v.square(), w.square()).add(w), { parameters: { w, v } })).toEqual([])
  })

  test('notFinite: the first node of a loss that is NaN', () => {
    const w = parameter(tensor([1, -1, 2], float64))
    const found = only('notFinite', w.log().mul(2).square().sum(), { names: { w } })
    expect(found.nodes).toEqual(['v1'])
    expect(found.numbers).toEqual({ nan: 1, infinite: 0 })
    expect(found.text).toContain('v1 = log(w)')
    const x = tensor([Number.NaN, 1], float64)
    expect(
      kindsOf(
        parameter(ones([2], float64))
          .mul(x)
          .sum(),
        { names: { x } },
      ),
    ).toEqual(['notFinite'])
    expect(
      diagnose(
        parameter(ones([2], float64))
          .mul(x)
          .sum(),
        { names: { x } },
      ).findings[0]!.nodes,
    ).toEqual(['x'])
    expect(only('notFinite', parameter(tensor(0, float64)).log()).numbers).toEqual({ nan: 0, infinite: 1 })
  })

  test('notFinite: derivatives of a loss that is a number', () => {
    const w = parameter(tensor([0, 4], float64))
    const found = only('notFinite', w.sqrt().sum(), { names: { w } })
    expect(found.nodes).toEqual(['v1', 'w'])
    expect(found.text).toContain('v1 = sqrt(w)')
  })

  test('infinities of a mask are no fault', () => {
    const w = parameter(new Random(1).normal([4, 4], float64))
    const mask = tensor([[0, -Infinity, -Infinity, -Infinity], [0, 0, -Infinity, -Infinity], [0, 0, 0, -Infinity], [0, 0, 0, 0]], float64) // biome-ignore format: a matrix
    expect(kindsOf(w.add(mask).softmax(-1).matmul(w).square().sum())).toEqual([])
  })

  test('saturated: a curve that is used where it is level', () => {
    const { output } = network(1, tanh, { scale: 400 })
    const found = only('saturated', output.square().mean())
    expect(found.nodes).toEqual(['v2'])
    expect(found.numbers.level! / found.numbers.of!).toBeGreaterThan(0.9)
    expect(found.text).toContain('v2 = tanh(v1)')
    expect(kindsOf(output.square().mean(), { thresholds: { saturated: 1 } })).toEqual([])
    // one number, far out
    expect(kindsOf(parameter(tensor(30, float64)).sigmoid())).toEqual(['saturated'])
  })

  test("saturated: also one's own curve, and units that stay at one end for all rows", () => {
    const random = new Random(2)
    const step = elementwise('step', (m, x) => m.div(x, m.add(1, m.abs(x))))
    const w = parameter(random.normal([4, 4], { ...float64, standardDeviation: 1e4 }))
    expect(
      kindsOf(
        step(random.normal([16, 4], float64).matmul(w))
          .square()
          .mean(),
      ),
    ).toEqual(['saturated'])
    const bias = tensor([20, -20, 20, 0.1], float64)
    const h = random
      .normal([16, 4], float64)
      .mul(parameter(ones([4], float64)))
      .add(bias)
      .tanh()
    const found = only('saturated', h.sum())
    expect(found.numbers).toMatchObject({ stuck: 3, units: 4, rows: 16 })
  })

  test('what is small and no level curve is not saturated', () => {
    const w = parameter(tensor(new Float64Array(32).fill(-9)))
    for (const f of [
      (x: Tensor) => x.exp(),
      (x: Tensor) => x.softplus(),
      (x: Tensor) => x.mul(1e-6),
      (x: Tensor) => x.mul(x).neg().exp(),
    ]) {
      expect(kindsOf(f(w).sum())).toEqual([])
    }
  })

  test('dead: units that are off for all rows', () => {
    const random = new Random(3)
    const bias = tensor([-50, -50, -50, -50, 1], float64)
    const w = parameter(random.normal([5, 5], float64))
    const off = (f: (x: Tensor) => Tensor, rows = 20) =>
      f(random.normal([rows, 5], float64).matmul(w).add(bias))
        .square()
        .mean()
    const found = only('dead', off(relu))
    expect(found.numbers).toEqual({ units: 4, of: 5, rows: 20, value: 0 })
    expect(found.text).toContain('4 of 5 units of v3 = relu(v2)')
    expect(kindsOf(off((x) => x.maximum(0)))).toEqual(['dead'])
    // too few rows to know; a slope on both sides; a mask, which is 0 on purpose
    expect(kindsOf(off(relu, 4))).toEqual([])
    expect(kindsOf(off((x) => x.leakyRelu()))).toEqual([])
    expect(kindsOf(off((x) => x.mul(tensor([0, 0, 0, 0, 1], float64))))).toEqual([])
    expect(kindsOf(off(relu), { thresholds: { units: 0.9 } })).toEqual([])
  })

  test('dead: the channels of images are units', () => {
    const w = parameter(tensor([-1, -1, -1, 1], float64))
    const x = new Random(4).uniform([3, 4, 5, 5], float64)
    const found = only(
      'dead',
      x
        .mul(w.reshape([4, 1, 1]))
        .relu()
        .sum(),
      { names: { w } },
    )
    expect(found.numbers).toMatchObject({ units: 3, of: 4, rows: 75 })
  })

  test('vanishing: over many layers of small slopes', () => {
    const { output } = network(12, (x) => x.sigmoid())
    const found = only('vanishing', output.square().mean())
    expect(found.numbers.layers).toBe(12)
    expect(found.numbers.factor).toBeCloseTo(found.numbers.to! / found.numbers.from!, 12)
    expect(found.numbers.factor).toBeLessThan(1e-6)
    expect(found.nodes).toHaveLength(13)
    expect(kindsOf(output.square().mean(), { thresholds: { vanishing: 1e-20 } })).toEqual([])
  })

  test('a path that skips layers keeps gradients from vanishing', () => {
    const random = new Random(5)
    let h: Tensor = random.normal([8, 16], float64)
    for (let i = 0; i < 12; i++)
      h = h.add(h.matmul(parameter(random.normal([16, 16], { ...float64, standardDeviation: 0.02 }))).sigmoid())
    expect(kindsOf(h.square().mean())).toEqual([])
  })

  test('a loss that is nearly learned is small, and does not vanish', () => {
    const { hidden } = network(2, tanh)
    const w = parameter(new Random(6).normal([16, 2], float64))
    const y = hidden.matmul(w)
    expect(kindsOf(y.sub(y.detach().add(1e-9)).square().mean())).toEqual([])
  })

  test('exploding: weights that are too large', () => {
    const { output } = network(8, (x) => x, { scale: 6 })
    const found = only('exploding', output.square().mean())
    expect(found.numbers.factor).toBeGreaterThan(1e4)
    expect(found.text).toContain('clip')
  })

  test('doubleSoftmax: probabilities into a softmax, whoever wrote it', () => {
    const { output } = network(1, tanh)
    const labels = tensor(Float64Array.from({ length: 96 }, (_, i) => (i % 4 === 0 ? 1 : 0))).reshape([32, 3])
    const loss = (logits: Tensor) => logits.logSoftmax(-1).mul(labels).sum().neg()
    expect(kindsOf(loss(output))).toEqual([])
    const found = only('doubleSoftmax', loss(output.softmax(-1)))
    expect(found.numbers).toMatchObject({ rows: 32, columns: 3 })
    // e / (e + 2)
    expect(found.text).toContain('58%')
    const byHand = output.exp().div(output.exp().sum([1], { keepDims: true }))
    expect(kindsOf(loss(byHand))).toEqual(['doubleSoftmax'])
    expect(kindsOf(byHand.softmax(-1).square().mean())).toEqual(['doubleSoftmax'])
  })

  test('lostInSum: a term of float32 that changes nothing', () => {
    const [w, v] = [parameter(tensor([0.5, 2])), parameter(tensor([3, 4]))]
    const found = only('lostInSum', w.square().sum().add(v.square().sum().mul(1e-12)), { names: { w, v } })
    expect(found.nodes[0]).toBe('v6')
    expect(found.numbers.largest).toBeCloseTo(2.5e-11, 15)
    // a number that keeps from dividing by 0 may be lost, and float64 has more digits
    expect(kindsOf(w.square().sum().add(1e-12))).toEqual([])
    expect(kindsOf(w.cast('float64').square().sum().add(v.cast('float64').sum().mul(1e-12)))).toEqual([])
  })

  test('several findings, worst first, as a list', () => {
    const w = parameter(tensor([-1, -2, -3, -4], float64))
    const x = new Random(7).uniform([20, 4], float64)
    const found = diagnose(
      x
        .mul(w)
        .relu()
        .sum()
        .add(parameter(tensor(9, float64)).tanh()),
      { parameters: { w, v: parameter(tensor(1)) } },
    )
    expect(found.findings.map(({ kind }) => kind)).toEqual(['unused', 'zeroGradient', 'dead', 'saturated'])
    expect(String(found).split('\n')).toHaveLength(found.findings.length)
    expect(String(found)).toMatch(/^unused: {8}v takes no part/)
  })

  test('of summaries it says nothing', () => {
    const { output } = network(1, tanh, { scale: 400 })
    const loss = output.square().mean()
    expect(diagnose(trace(loss)).findings).toEqual([])
    expect(diagnose(trace(loss, { limit: 1000 })).findings.map(({ kind }) => kind)).toEqual(['saturated'])
  })

  test('bad input is told in sentences', () => {
    const w = parameter(tensor([1, 2]))
    expect(() => diagnose(w.mul(2))).toThrow('the sum or the mean')
    expect(() => diagnose(w.sum(), { parameters: [] })).toThrow('{ model }')
    expect(() => diagnose(w.sum(), { parameters: ['w'] })).toThrow('{ model }')
    expect(() => diagnose(trace(w.sum()), { parameters: { w } })).toThrow('an array of names')
    expect(() => diagnose(w.sum(), { parameters: { w: {} } })).toThrow('holds no tensor')
    expect(() => diagnose(w.sum(), { thresholds: { rows: -1 } })).toThrow(
      'slope, saturated, units, rows, vanishing, exploding',
    )
    expect(() => diagnose(trace((x: Tensor) => [x.sum(), x.mean()], concat([ones([1]), zeros([1])])))).toThrow(
      '2 results',
    )
  })
})
