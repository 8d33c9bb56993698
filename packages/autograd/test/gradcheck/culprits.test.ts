import {
  checkpoint,
  compile,
  cond,
  conv2d,
  grad,
  isTraced,
  name,
  namedScope,
  noGrad,
  parameter,
  scan,
  stopGradient,
  type Tensor,
  tensor,
  treeProtocol,
  vmap,
  whileLoop,
} from '@adjoint/autograd'
import { type Culprit, gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { Linear, Module, Sequential } from '../../../nn/src/index.js'
import { altered, alteredForward, alteredReverse, type F, normal, op, scaled } from './mutants/kit.js'

type Report = ReturnType<typeof gradcheck>
const culpritsIn = ({ orders }: Report): readonly Culprit[] => orders.flatMap(({ culprits }) => culprits)
const check = (f: F, inputs: readonly unknown[], options = {}): Report => gradcheck(f, inputs as never, options)

/** The line above: where this is called. */
const lineBefore = (): string => {
  const [, line] = /culprits\.test\.ts:(\d+)/.exec(new Error().stack!.split('\n')[2]!)!
  return `culprits.test.ts:${Number(line) - 1}`
}
const near = (line: string) => expect.stringMatching(new RegExp(`${line.replace(/\./g, '\\.')}$`))

const tanh: F = (x: Tensor) => x.tanh()
const matmul: F = (a: Tensor, b: Tensor) => a.matmul(b)

describe('a wrong op of a model is named, with its line', () => {
  let at = ''
  const wrongGate = scaled('gate', tanh, -1)

  test('an activation between layers', () => {
    const f = (x: Tensor, w: Tensor, v: Tensor) => {
      const h = wrongGate(x.matmul(w))
      at = lineBefore()
      return h.matmul(v).square().sum()
    }
    const report = check(f, [normal(1, 3, 2), normal(2, 2, 4), normal(3, 4, 2)])
    const culprits = culpritsIn(report)
    expect(culprits).toMatchObject([{ op: 'gate', node: 'gate#1', order: 1, rule: 'both', source: near(at) }])
    expect(culprits[0]!.worst).toMatchObject({ input: expect.stringMatching(/^gate\.input\[0\]\[\d, \d\]$/) })
    expect(culprits[0]!.worst!.left).toBeCloseTo(-culprits[0]!.worst!.right)
    expect(culprits[0]!.diagnoses[0]).toMatchObject({ cause: 'sign flip' })
    expect(`${report}`).toMatch(/op: gate \(at .*culprits\.test\.ts:\d+\): its derivative by input\[0\] is wrong/)
  })

  test('the input by which it is wrong, and the name of what it gave', () => {
    const product = scaled('product', matmul, 3, 1)
    const f = (x: Tensor, w: Tensor) => {
      const h = name(product(x, w) as Tensor, 'hidden')
      at = lineBefore()
      return h.sin()
    }
    expect(culpritsIn(check(f, [normal(4, 2, 2), normal(5, 2, 2)]))).toMatchObject([
      { op: 'product', node: 'hidden', inputs: ['product.input[1]'], source: near(at) },
    ])
  })

  test.each([
    ['vjp', alteredReverse('gate', tanh, ([dx]) => [dx!.mul(2)])],
    ['jvp', alteredForward('gate', tanh, (tangent) => tangent.mul(2) as Tensor)],
  ] as const)('its %s, where only that is wrong', (rule, gate) => {
    const f = (x: Tensor) => gate(x.mul(2)).square()
    expect(culpritsIn(check(f, [normal(6, 3)]))).toMatchObject([{ op: 'gate', rule }])
  })

  test('a rule that throws', () => {
    const broken = altered('broken', tanh, () => {
      throw new Error('no rule')
    })
    const report = check((x: Tensor) => broken(x.mul(2)).square(), [normal(7, 3)])
    expect(culpritsIn(report)).toMatchObject([{ op: 'broken', worst: null, says: expect.stringMatching('no rule') }])
  })

  test('two of them, in the order in which they run', () => {
    const late = scaled('late', (x: Tensor) => x.exp(), 1.5)
    const report = check((x: Tensor) => late(wrongGate(x.mul(2)).add(1)), [normal(8, 3)])
    expect(culpritsIn(report).map(({ op }) => op)).toEqual(['gate', 'late'])
  })

  test('the one use of it whose values it is wrong for', () => {
    const upTo1 = altered(
      'cube',
      (x: Tensor) => x.mul(x).mul(x),
      ([dx], [x]) => [dx!.mul((x!.greater(1) as Tensor).cast('float64').add(1))],
    )
    const f = (x: Tensor) => {
      const small = upTo1(x.sin().div(2))
      const large = upTo1(x.square().add(2))
      at = lineBefore()
      return small.add(large)
    }
    expect(culpritsIn(check(f, [normal(9, 3)]))).toMatchObject([
      { op: 'cube', node: 'cube#2', source: near(at), uses: { wrong: 1, of: 1 } },
    ])
  })

  test('a kernel in a convolutional network', () => {
    const convolution = scaled('convolution', (x: Tensor, k: Tensor) => conv2d(x as never, k as never), -1, 1)
    const f = (x: Tensor, k: Tensor) => convolution(x, k).relu().mean([2, 3])
    expect(culpritsIn(check(f, [normal(10, 2, 1, 4, 4), normal(11, 2, 1, 2, 2)]))).toMatchObject([
      { op: 'convolution', inputs: ['convolution.input[1]'] },
    ])
  })

  test('a captured parameter', () => {
    const w = parameter(normal(12, 2, 2) as never) as unknown as Tensor
    const product = scaled('product', matmul, -1, 1)
    expect(culpritsIn(check((x: Tensor) => product(x, w).tanh(), [normal(13, 2, 2)]))).toMatchObject([
      { op: 'product', inputs: ['product.input[1]'] },
    ])
  })

  test('where the point given hides it, at the one nearby', () => {
    const square = altered(
      'square',
      (x: Tensor) => x.square(),
      ([dx]) => [dx!.mul(0)],
    )
    const report = check((x: Tensor) => square(x).sin(), [normal(14, 3).mul(0)])
    expect(culpritsIn(report)).toMatchObject([{ op: 'square' }])
  })

  test('second derivatives alone', () => {
    const once = altered('once', tanh, (_dx, _x, g, y) => [g.mul(y.detach().square().neg().add(1))])
    const report = check((x: Tensor) => once(x.mul(2)).square(), [normal(15, 3)])
    expect(report.orders[0]).toMatchObject({ verdict: 'pass', culprits: [] })
    expect(report.orders[1]!.culprits).toMatchObject([{ op: 'once', order: 2, rule: 'vjp' }])
  })

  test('second derivatives by the cotangent', () => {
    const still = altered(
      'still',
      (x: Tensor) => x.mul(3),
      (_dx, _x, g) => [g.detach().mul(3)],
    )
    const report = check((x: Tensor) => still(x.sin()).square(), [normal(16, 3)])
    expect(culpritsIn(report)).toContainEqual(expect.objectContaining({ op: 'still' }))
  })
})

describe('a wrong op is named inside', () => {
  const step = scaled('step', (x: Tensor) => x.sin(), -1)
  const named = (f: F, inputs: readonly unknown[] = [normal(21, 3)]) => culpritsIn(check(f, inputs))

  test('scan, once for all rounds', () => {
    const f = (h: Tensor, xs: Tensor) =>
      scan(((h: Tensor, x: Tensor) => [step(h.add(x)), null]) as never, h as never, xs as never)[0]
    expect(named(f, [normal(22, 2), normal(23, 3, 2)])).toMatchObject([{ op: 'step', uses: { wrong: 3, of: 3 } }])
  })

  test('whileLoop', () => {
    const f = (x: Tensor) =>
      whileLoop(
        (h: Tensor) => h.square().sum().less(100) as never,
        (h: Tensor) => step(h).add(h.mul(3)) as never,
        x as never,
      )
    expect(named(f)[0]).toMatchObject({ op: 'step' })
  })

  test('cond', () => {
    const f = (x: Tensor) =>
      cond(
        x.square().sum().greater(0) as never,
        (x: Tensor) => step(x),
        (x: Tensor) => x,
        x,
      )
    expect(named(f)).toMatchObject([{ op: 'step' }])
  })

  test('vmap, nested too, for the examples that differ', () => {
    const wrongAbove0 = altered(
      'step',
      (x: Tensor) => x.exp(),
      ([dx], [x]) => [dx!.mul((x!.greater(0) as Tensor).cast('float64').add(1))],
    )
    const f = vmap((x: Tensor) => wrongAbove0(x.mul(2)).sum()) as F
    expect(named(f, [normal(24, 2, 3)])).toMatchObject([{ op: 'step' }])
    const nested = vmap(vmap((x: Tensor) => step(x.mul(2))) as never) as F
    expect(named(nested, [normal(25, 2, 2)])).toMatchObject([{ op: 'step' }])
  })

  test('checkpoint', () => {
    expect(named(checkpoint((x: Tensor) => step(x.mul(2)).square()) as F)).toMatchObject([{ op: 'step' }])
  })

  test('compile', () => {
    expect(named(compile((x: Tensor) => step(x.mul(2)).square() as Tensor) as F)).toMatchObject([{ op: 'step' }])
  })

  test('a gradient that the function takes', () => {
    const wrong = altered('wrong', tanh, (_dx, _x, g, y) => [g.mul(y.detach().square().neg().add(1))])
    const f = (x: Tensor) => grad((y: Tensor) => wrong(y.mul(2)).sum() as Tensor<[]>)(x as never)
    expect(check(f, [normal(26, 3)]).verdict).toBe('fail')
  })

  test('a loop in a mapped function, as that loop', () => {
    const xs = normal(27, 3, 2)
    const f = vmap(
      (h: Tensor) => scan(((h: Tensor, x: Tensor) => [step(h.add(x)), null]) as never, h as never, xs as never)[0],
    ) as F
    expect(named(f, [normal(28, 2, 2)])).toMatchObject([{ op: 'scan' }])
  })
})

describe('the module of a wrong op', () => {
  const product = scaled('product', matmul, -1, 1)

  test('of nn, by its path', () => {
    class Attention extends Module {
      readonly weight = parameter(normal(31, 2, 2) as never) as unknown as Tensor
      forward(x: Tensor): Tensor {
        return product(x, this.weight) as Tensor
      }
    }
    class Encoder extends Module {
      readonly layers = new Sequential(new Linear(2, 2) as never, new Attention() as never)
      forward(x: Tensor): Tensor {
        return this.layers.forward(x as never) as Tensor
      }
    }
    const report = check((model: Encoder, x: Tensor) => model.forward(x).tanh(), [new Encoder(), normal(32, 2, 2)])
    expect(culpritsIn(report)).toMatchObject([{ op: 'product', module: expect.stringMatching(/layers.*1$/) }])
  })

  test('of a class of trees, by the parameters that it reads', () => {
    class Dense {
      constructor(
        readonly weight: Tensor,
        readonly product: F,
      ) {}
      [treeProtocol]() {
        return {
          children: { weight: this.weight },
          rebuild: ({ weight }: { weight: Tensor }) => new Dense(weight, this.product),
        }
      }
    }
    const layers = [new Dense(normal(33, 2, 2), matmul), new Dense(normal(34, 2, 2), product)]
    const f = (model: { layers: Dense[] }, x: Tensor) =>
      model.layers.reduce((h, { weight, product }) => product(h, weight).tanh(), x)
    expect(culpritsIn(check(f, [{ layers }, normal(35, 2, 2)]))).toMatchObject([{ op: 'product', module: 'layers[1]' }])
  })

  test('or the scope that was given a name', () => {
    const f = (x: Tensor, w: Tensor) => namedScope('scores', () => product(x, w)).tanh()
    expect(culpritsIn(check(f, [normal(36, 2, 2), normal(37, 2, 2)]))).toMatchObject([{ module: 'scores' }])
  })
})

describe('where each op is right by itself', () => {
  test.each<[string, string, RegExp, (x: Tensor) => Tensor]>([
    ['stopGradient', 'stopGradient', /stopGradient or detach/, (x) => stopGradient(x.sin()) as Tensor],
    ['detach', 'stopGradient', /stopGradient or detach/, (x) => x.exp().detach() as Tensor],
    ['noGrad', 'exp', /as in noGrad/, (x) => noGrad(() => x.exp() as Tensor)],
  ])('the end of a path is named: %s', (_, op, says, end) => {
    const report = check((x: Tensor) => x.mul(end(x)).sum(), [normal(61, 3)])
    const source = expect.stringMatching(/culprits\.test\.ts:\d+$/)
    expect(culpritsIn(report)).toMatchObject([{ op, source, says: expect.stringMatching(says) }])
    expect(report.orders[0]!.diagnoses).toMatchObject([{ cause: 'no gradient' }])
  })

  test('of two ends the one that matters', () => {
    const f = (x: Tensor) => {
      const e = x.sub(x.max().detach()).exp()
      return e.div(e.sum()).mul(x.detach())
    }
    expect(culpritsIn(check(f, [normal(62, 3)])).map(({ node }) => node)).toEqual(['stopGradient#2'])
  })

  test('a rule is named that keeps something of another use', () => {
    let kept: Tensor
    let at = ''
    const keeps = op(
      'keeps',
      (x: Tensor) => {
        kept = x
        return x.square()
      },
      { vjp: (g) => [g.mul(kept).mul(2)] },
    )
    const f = (x: Tensor) => {
      const first = keeps(x.sin())
      at = lineBefore()
      return first.add(keeps(x.exp()))
    }
    const report = check(f, [normal(63, 3)])
    expect(culpritsIn(report)).toMatchObject([
      { op: 'keeps', node: 'keeps#1', rule: 'vjp', source: near(at), diagnoses: [{ cause: 'stale' }] },
    ])
  })

  test('the report says so where none is to blame', () => {
    const f = (x: Tensor) => x.sin().mul(tensor([...x.cos().data], { dtype: 'float64' }))
    const report = check(f, [normal(64, 3)])
    expect(report.verdict).toBe('fail')
    expect(culpritsIn(report)).toEqual([])
    expect(`${report}`).toMatch(/each of the \d ops on the way is right at its own inputs/)
  })
})

describe('no op is named', () => {
  test('where nothing is wrong, kinks or not; nobody watches then', () => {
    let watched = 0
    const f = (factor: number) => {
      const gate = scaled('gate', tanh, factor)
      return (x: Tensor) => {
        if (isTraced()) watched++
        return gate(x.relu().abs()).max(0)
      }
    }
    expect(culpritsIn(check(f(1), [normal(41, 3, 3)]))).toEqual([])
    expect(watched).toBe(0)
    expect(culpritsIn(check(f(2), [normal(41, 3, 3)]))).toMatchObject([{ op: 'gate' }])
    expect(watched).toBe(1)
  })

  test('of those beside the wrong one: at kinks, steps and edges they are right', () => {
    const wrong = scaled('wrong', tanh, 2)
    const f = (x: Tensor) => {
      const y = x.mul(0).relu().abs().add(x.round()).add(x.sign())
      return wrong(y.add(x).sub(x.mul(0).sqrt().mul(0))).max()
    }
    const report = check(f, [normal(42, 4)], { order: 1 })
    expect(culpritsIn(report).filter(({ op }) => op !== 'wrong')).toEqual([])
  })

  test('that gives other values each time', () => {
    let calls = 0
    const counting = op('counting', (x: Tensor) => x.mul(++calls), { vjp: (g) => [g] })
    const wrong = scaled('wrong', tanh, 2)
    const f = (x: Tensor) => {
      counting(x)
      return wrong(x.mul(2)).square()
    }
    expect(culpritsIn(check(f, [normal(43, 3)], { order: 1 })).map(({ op }) => op)).toEqual(['wrong'])
  })
})

describe('a graph of 300 ops', () => {
  test('is looked at in less than 100 runs of each', () => {
    let calls = 0
    const right = op(
      'right',
      (x: Tensor) => {
        calls++
        return x.mul(1.01)
      },
      { vjp: (g) => [g.mul(1.01)] },
    )
    const wrong = scaled('wrong', (x: Tensor) => x.sin(), -1)
    const f = (x: Tensor) => {
      // what is traced is where the search begins
      if (isTraced()) calls = 0
      return Array.from({ length: 300 }).reduce<Tensor>((h, _, i) => (i === 217 ? wrong : right)(h), x)
    }
    const report = check(f, [normal(51, 2)], { order: 1 })
    expect(culpritsIn(report)).toMatchObject([{ op: 'wrong', uses: { wrong: 1, of: 1 } }])
    expect(calls).toBeGreaterThan(299)
    expect(calls).toBeLessThan(299 * 100)
  })
})
