import {
  compile,
  customOp,
  fori,
  grad,
  hessian,
  hvp,
  jvp,
  name,
  namedScope,
  noGrad,
  onesLike,
  parameter,
  quantile,
  random,
  scan,
  type Tensor,
  tensor,
  topk,
  valueAndGrad,
  vmap,
  where,
  whileLoop,
  zeros,
} from '@adjoint/autograd'
import { explain, type Trace, trace } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'
import { flat, numbersBelongTogether } from './numbers.js'

const float64 = { dtype: 'float64' } as const
const number = (value: number) => tensor(value, float64)
const find = ({ nodes }: Trace, name: string) => nodes.find((node) => node.name === name)!

/** The network that is worked by hand, one number a node. */
const byHand = () => {
  const given = { x1: 0.35, x2: 0.7 }
  const weights = { w11: 0.2, w21: 0.2, w12: 0.3, w22: 0.3, w13: 0.3, w23: 0.9 }
  const inputs = Object.fromEntries(
    Object.entries({ ...given, ...weights }).map(([name, value]) => [name, number(value)]),
  ) as Record<'x1' | 'x2' | keyof typeof weights, Tensor<[]>>
  const f = ({ x1, x2, w11, w21, w12, w22, w13, w23 }: typeof inputs) => {
    const y3 = x1.mul(w11).add(x2.mul(w21)).sigmoid()
    const y4 = x1.mul(w12).add(x2.mul(w22)).sigmoid()
    return y3.mul(w13).add(y4.mul(w23)).sigmoid().sub(0.5).square().div(2)
  }
  return { f, inputs }
}

const programs: Record<string, () => Trace> = {
  'the network by hand': () => {
    const { f, inputs } = byHand()
    return trace(f, inputs)
  },
  'a network of matrices': () => {
    const w = parameter(random.normal([3, 4], float64))
    const b = parameter(random.normal([4], float64))
    return trace((x: Tensor<[2, 3]>) => x.matmul(w).add(b).tanh().square().mean(), random.normal([2, 3], float64))
  },
  'reductions, slices and shared parts': () =>
    trace(
      (x: Tensor<[3, 4]>) => {
        const rows = x.softmax(1)
        return rows.at(0).sum().mul(rows.max()).add(rows.transpose().cumSum(0).logSumExp(1).prod())
      },
      random.normal([3, 4], float64),
    ),
  'choices, of which one is off': () =>
    trace((x: Tensor<[4]>) => where(x.greater(0), x.log(), x.mul(x)).sum(), tensor([-1, 0, 2, 3], float64)),
  'an op of several results': () =>
    trace(
      (x: Tensor<[5]>) =>
        topk(x, 3)
          .values.mul(tensor([1, 2, 3], float64))
          .sum(),
      random.normal([5], float64),
    ),
  'a loop': () =>
    trace(
      (x: Tensor<[4]>, w: Tensor<[]>) => {
        const [last, all] = scan(
          (h: Tensor<[]>, row: Tensor<[]>) => {
            const next = h.mul(w).add(row).tanh()
            return [next, next.mul(2)] as const
          },
          number(0.1),
          x,
        )
        return last.add(all.sum())
      },
      random.normal([4], float64),
      number(0.7),
    ),
  'a gradient': () =>
    trace(
      (x: Tensor<[3]>) =>
        grad((y: Tensor<[3]>) => y.tanh().prod())(x)
          .square()
          .sum(),
      random.normal([3], float64),
    ),
  'a Hessian-vector product': () =>
    trace(
      (x: Tensor<[2]>) => hvp((y: Tensor<[2]>) => y.exp().mul(y).sum().sin(), x, tensor([1, -1], float64)).sum(),
      random.normal([2], float64),
    ),
  'a function that is mapped': () =>
    trace(
      (x: Tensor<[3, 2]>, w: Tensor<[2]>) =>
        vmap((row: Tensor<[2]>) => row.mul(w).sin().sum().mul(row.exp()))(x)
          .square()
          .sum(),
      random.normal([3, 2], float64),
      random.normal([2], float64),
    ),
  'a Hessian': () =>
    trace(
      (x: Tensor<[2]>) =>
        hessian((y: Tensor<[2]>) => y.exp().sum().sin())(x)
          .square()
          .sum(),
      random.normal([2], float64),
    ),
  'forward mode inside': () =>
    trace((x: Tensor<[]>) => jvp((y: Tensor<[]>) => y.sin().mul(y), [x], [x])[1], number(0.4)),
  'an op of its own': () => {
    const cube = customOp({
      name: 'cube',
      forward: (x: Tensor) => x.mul(x).mul(x),
      vjp: (g: Tensor, [x]: readonly [Tensor]) => [g.mul(x).mul(x).mul(3)],
    })
    return trace((x: Tensor<[2]>) => cube(x).sum(), random.normal([2], float64))
  },
}

describe('the numbers of a trace belong together', () => {
  test.each(Object.entries(programs))('%s', (_, make) => {
    random.seed(3)
    expect(numbersBelongTogether(make())).toBeGreaterThan(3)
  })

  test.each(Object.entries(programs))('%s: it is plain data', (_, make) => {
    random.seed(3)
    const found = make()
    expect(JSON.parse(JSON.stringify(found))).toEqual(found)
    expect(found).toMatchObject({ schema: 'adjoint.trace', version: 1 })
    found.nodes.forEach((node, id) => {
      expect(node.id).toBe(id)
      node.inputs.forEach((edge, index) => {
        expect(found.edges[edge]).toMatchObject({ id: edge, to: id, index })
        expect(found.edges[edge]!.from).toBeLessThan(id)
      })
    })
  })
})

describe('trace of a function', () => {
  test('has the adjoints that grad gives, by the names of the arguments', () => {
    const { f, inputs } = byHand()
    const found = trace(f, inputs)
    const gradients = grad(f)(inputs)
    for (const [name, gradient] of Object.entries(gradients)) {
      expect(find(found, name)).toMatchObject({ kind: 'input', named: true, adjoint: gradient.item() })
    }
    expect(find(found, 'w11').adjoint).toBeCloseTo(0.0009546557110344714, 16)
    expect(found.nodes.at(-1)!.value).toBeCloseTo(0.013624653232974609, 16)
  })

  test('calls arguments as the function does, parameters by names that are given, and what is computed v1, v2', () => {
    const w = parameter(number(3))
    const f = Function('w', 'return (first, second) => first.mul(second).add(w)')(w) as (a: Tensor, b: Tensor) => Tensor
    const found = trace.with({ names: { w } })(f, number(2), number(5))
    expect(found.nodes.map(({ name, kind }) => [name, kind])).toEqual([
      ['w', 'parameter'],
      ['first', 'input'],
      ['second', 'input'],
      ['v1', 'result'],
      ['v2', 'result'],
    ])
  })

  test('names arguments by their keys, and twice the same name with a number', () => {
    const found = trace((a: { w: Tensor }, b: { w: Tensor }) => a.w.mul(b.w), { w: number(2) }, { w: number(3) })
    expect(found.nodes.map(({ name }) => name)).toEqual(['w', 'w#2', 'v1'])
  })

  test('has the names that name() gave, of arguments, parameters and results, those that come again with a number', () => {
    const w = name(parameter(number(3)), 'w')
    const f = (x: Tensor<[]>) => {
      let h = x
      for (let i = 0; i < 3; i++) h = name(h.mul(w), 'h')
      return name(h.sin(), 'loss')
    }
    const wanted = ['x', 'h', 'h#2', 'h#3', 'loss']
    const x = name(number(2), 'x')
    expect(name(x, 'x')).toBe(x)
    const found = trace(f, x)
    expect(found.nodes.map((node) => node.name)).toEqual(expect.arrayContaining([...wanted, 'w']))
    expect(found.nodes.every(({ named }) => named)).toBe(true)
    expect(trace(f(x)).nodes.map((node) => node.name)).toEqual(expect.arrayContaining([...wanted, 'w']))
    expect(() => name(x, ' ')).toThrow('empty')
  })

  test('a parameter that is an argument, and is also closed over, is one node', () => {
    const w = parameter(number(3))
    const found = trace((x: Tensor) => x.mul(w), w)
    expect(found.nodes).toHaveLength(2)
    expect(found.nodes[0]).toMatchObject({ kind: 'parameter', adjoint: 6 })
    numbersBelongTogether(found)
  })

  test('several results have no adjoints, and their paths', () => {
    const found = trace((x: Tensor<[]>) => ({ twice: x.mul(2), all: [x.sin()] }), number(1))
    expect(found.outputs).toEqual([
      { node: found.nodes.find(({ op }) => op === 'mul')!.id, path: '.twice' },
      { node: found.nodes.find(({ op }) => op === 'sin')!.id, path: '.all[0]' },
    ])
    expect(found.backward).toEqual([])
    expect(found.nodes.every(({ adjoint }) => adjoint === undefined)).toBe(true)
  })

  test('what runs under a name stands together, one within the other', () => {
    const found = trace(
      (x: Tensor<[]>) => namedScope('outer', () => namedScope('inner', () => x.sin()).mul(2)),
      number(1),
    )
    expect(found.groups).toEqual([
      { id: 0, kind: 'function', name: 'outer', type: 'outer', parent: null },
      { id: 1, kind: 'function', name: 'inner', type: 'inner', parent: 0 },
    ])
    expect(found.nodes.map(({ op, group }) => [op, group])).toEqual([
      [null, null],
      ['sin', 1],
      [null, null],
      ['mul', 0],
    ])
  })

  test('ops that are several steps are groups, those of one step are not', () => {
    const found = trace((x: Tensor<[3]>) => quantile(x, 0.3).add(x.sum()), random.normal([3], float64))
    expect(found.groups.map(({ name }) => name)).toContain('quantile')
    expect(found.groups.map(({ name }) => name)).not.toContain('sum')
  })

  test('has the lines of the program on request', () => {
    const f = function named(x: Tensor<[]>) {
      return x.sin()
    }
    const found = trace.with({ source: true })(f, number(1))
    const { source } = found.nodes.at(-1)!
    expect(source!.file).toMatch(/trace\.test\.ts$/)
    expect(source!.function).toBe('named')
    expect(source!.line).toBeGreaterThan(0)
    expect(trace(f, number(1)).nodes.at(-1)).not.toHaveProperty('source')
  })

  test('of a gradient says which node each step of its sweep is the adjoint of', () => {
    const found = trace(
      grad((x: Tensor<[]>) => x.square().sin()),
      number(2),
    )
    const square = found.nodes.find(({ op }) => op === 'square')!
    const ofSquare = found.nodes.find(({ adjointOf }) => adjointOf === square.id)!
    expect(ofSquare.value).toBeCloseTo(Math.cos(4), 14)
    expect(found.nodes.find(({ id }) => id === found.outputs[0]!.node)!.adjointOf).toBe(find(found, 'x').id)
    expect(square).not.toHaveProperty('adjointOf')
  })

  test('of a gradient has formulas in the names of the trace, also where a stand-in was the input', () => {
    const found = trace(
      grad((y: Tensor<[]>) => y.square().mul(y)),
      number(3),
    )
    const { name } = found.nodes[0]!
    const texts = found.edges.flatMap(({ local }) => (local?.kind === 'elementwise' ? [local.formula] : []))
    expect(texts[0]).toBe(`2 * ${name}`)
    for (const text of texts) expect(text).not.toMatch(/\* *$|undefined/)
  })

  test('a compiled function runs as it is written', () => {
    const f = compile((x: Tensor<[]>) => x.sin().mul(2))
    f(number(1))
    expect(trace(f, number(1)).nodes.map(({ op }) => op)).toEqual([null, 'sin', null, 'mul'])
  })
})

describe('trace of a tensor', () => {
  test('has the adjoints that backward() gives, and does not collect them', () => {
    const w = parameter(tensor([[0.5], [-0.25]], float64))
    const x = tensor([[1, 2]], float64)
    const loss = x.matmul(w).tanh().square().sum()
    const found = trace(loss, { names: { x, w, loss } })
    expect(w.hasGrad).toBe(false)
    loss.backward()
    expect(find(found, 'w')).toMatchObject({ kind: 'parameter', adjoint: w.grad.toArray() })
    expect(find(found, 'x')).toMatchObject({ kind: 'input', value: [[1, 2]] })
    expect(find(found, 'x')).not.toHaveProperty('adjoint')
    expect(found.nodes.find(({ id }) => id === found.outputs[0]!.node)!.name).toBe('loss')
  })

  test('a parameter alone is a trace of one node', () => {
    expect(trace(parameter(number(2))).nodes).toMatchObject([{ kind: 'parameter', name: 'p1', value: 2, adjoint: 1 }])
  })

  test('summarizes what is larger than the limit, and says what is not finite', () => {
    const w = parameter(tensor([1, -3, 0, Number.NaN], float64))
    const [first] = trace(w.mul(2).sum(), { limit: 3 }).nodes
    expect(first!.value).toEqual({
      size: 4,
      least: -3,
      largest: 1,
      mean: expect.closeTo(-2 / 3, 15),
      norm: Math.sqrt(10),
      zeros: 1,
      notFinite: 1,
    })
    const all = trace(w.mul(2).sum()).nodes
    expect(all[0]!.value).toEqual([1, -3, 0, 'NaN'])
    expect(all.at(-1)!.value).toBe('NaN')
  })

  test('a summary of large numbers does not overflow', () => {
    const w = parameter(tensor([1e200, -1e200], float64))
    expect(trace(w.sum(), { limit: 1 }).nodes[0]!.value).toMatchObject({ norm: Math.SQRT2 * 1e200, mean: 0 })
  })

  test('has matrices of local derivatives up to the limit', () => {
    const w = parameter(random.normal([2, 2], float64))
    const edge = (limit: number) => trace(w.matmul(w.detach()).sum(), { limit }).edges[0]!.local
    expect(edge(16)).toMatchObject({ kind: 'matrix', rows: 4, columns: 4 })
    expect(edge(16)).toHaveProperty('matrix')
    expect(edge(15)).toEqual({ kind: 'matrix', rows: 4, columns: 4 })
    expect(trace(w.sum(), { locals: false }).edges[0]!.local).toBe(null)
  })

  test('several results of one op that all take part have it as a node without a value', () => {
    const w = parameter(random.normal([3, 3], float64))
    const [first, rest] = [w.mul(1)].flatMap((x) =>
      scan((h: Tensor, row: Tensor) => [h.add(row.sum()), row.sin()] as const, number(0), x),
    )
    const found = trace((first as Tensor).add((rest as Tensor).sum()))
    const whole = found.nodes.find(({ shape }) => shape === null)!
    expect(whole).toMatchObject({ kind: 'result', op: 'scan', dtype: null })
    expect(whole).not.toHaveProperty('value')
    numbersBelongTogether(found)
    const [gradient] = [
      grad((x: Tensor) => {
        const [a, b] = scan((h: Tensor, row: Tensor) => [h.add(row.sum()), row.sin()] as const, number(0), x)
        return (a as Tensor).add((b as Tensor).sum())
      })(w),
    ]
    expect(flat(found.nodes[0]!.adjoint)).toEqual([...gradient.data])
  })
})

describe('loops', () => {
  const loop = (x: Tensor<[4]>, w: Tensor<[]>) => {
    const [last, all] = scan(
      (h: Tensor<[]>, row: Tensor<[]>) => {
        const next = h.mul(w).add(row).tanh()
        return [next, next.mul(2)] as const
      },
      number(0.1),
      x,
      { reverse: true },
    )
    return last.add(all.sum()).add(fori(0, 3, (_, total: Tensor<[]>) => total.mul(w), last))
  }

  test('are one node that says how many rounds it had', () => {
    random.seed(2)
    const found = trace(loop, random.normal([4], float64), number(0.7))
    expect(found.nodes.flatMap(({ op, iterations }) => (iterations === undefined ? [] : [[op, iterations]]))).toEqual([
      ['scan', 4],
      ['scan', 3],
    ])
  })

  test('are written out on request, each round a group, with the same numbers', () => {
    random.seed(2)
    const x = random.normal([4], float64)
    const whole = trace(loop, x, number(0.7))
    const found = trace.with({ loops: 'rounds' })(loop, x, number(0.7))
    expect(found.groups.map(({ kind, name }) => `${kind}: ${name}`)).toEqual([
      ...[1, 2, 3, 4].map((round) => `round: scan, round ${round}`),
      ...[1, 2, 3].map((round) => `round: fori, round ${round}`),
    ])
    expect(found.nodes.filter(({ op }) => op === 'tanh')).toHaveLength(4)
    expect(numbersBelongTogether(found)).toBeGreaterThan(20)
    for (const at of [0, 1]) {
      const [a, b] = [found, whole].map(({ nodes }) => flat(nodes.filter(({ kind }) => kind === 'input')[at]!.adjoint)!)
      a!.forEach((element, i) => {
        expect(element).toBeCloseTo(b![i]!, 14)
      })
    }
  })

  test('whose test is known have their rounds as groups', () => {
    const found = trace(
      (x: Tensor<[]>) =>
        whileLoop(
          (y: Tensor<[]>) => y.greater(1),
          (y: Tensor<[]>) => y.div(2),
          x,
        ).square(),
      number(5),
    )
    expect(found.groups.map(({ name }) => name)).toEqual([1, 2, 3].map((round) => `whileLoop, round ${round}`))
    expect(find(found, 'x').adjoint ?? found.nodes[0]!.adjoint).toBe(0.15625)
  })
})

describe('a function that is mapped', () => {
  test('has the values and adjoints of all examples, along an axis in front', () => {
    const x = tensor([[1, 2], [3, 4], [5, 6]], float64) // biome-ignore format: a matrix
    const f = (x: Tensor<[3, 2]>) => vmap((row: Tensor<[2]>) => row.square().sum())(x).sum()
    const found = trace(f, x)
    const square = found.nodes.find(({ op }) => op === 'square')!
    expect(square).toMatchObject({ shape: [3, 2], examples: 1, value: x.square().toArray() })
    expect(flat(square.adjoint)).toEqual([1, 1, 1, 1, 1, 1])
    expect(find(found, found.nodes[0]!.name).adjoint).toEqual(x.mul(2).toArray())
  })

  test('two of them, one in the other: the outer examples first', () => {
    const x = random.normal([3, 4], float64)
    const f = (x: Tensor<[3, 4]>) => vmap((row: Tensor<[4]>) => vmap((y: Tensor<[]>) => y.sin())(row))(x).sum()
    const sin = trace(f, x).nodes.find(({ op }) => op === 'sin')!
    expect(sin).toMatchObject({ shape: [3, 4], examples: 2, value: x.sin().toArray() })
    expect(sin.adjoint).toEqual(onesLike(x).toArray())
  })
})

describe('tangents', () => {
  test('are those of jvp, at every node', () => {
    const { f, inputs } = byHand()
    const found = trace.with({ tangents: { w11: 1 } })(f, inputs)
    expect(found.nodes.at(-1)!.tangent).toBeCloseTo(0.0009546557110344714, 16)
    expect(find(found, 'w11').tangent).toBe(1)
    expect(find(found, 'w12')).not.toHaveProperty('tangent')
    const direction = random.normal([3], float64)
    const x = random.normal([3], float64)
    const g = (y: Tensor<[3]>) => y.softmax().log().sum()
    const [, wanted] = jvp(g, [x], [direction])
    const [moved] = trace
      .with({ tangents: { y: direction } })(Function('g', 'return (y) => g(y)')(g), x)
      .nodes.slice(-1)
    expect(moved!.tangent).toBeCloseTo(wanted.item(), 13)
  })

  test('of another name, shape or dtype are refused', () => {
    const w = parameter(tensor([1, 2], float64))
    const of = (tangents: Record<string, unknown>) => () =>
      trace(w.sum(), { names: { weight: w }, tangents: tangents as never })
    expect(of({ weigth: 1 })).toThrow('did you mean weight')
    expect(of({ weight: number(1) })).toThrow('float64[2]')
    expect(of({ weight: tensor([1, 2]) })).toThrow('float64[2]')
  })
})

describe('bad input', () => {
  test('what was not recorded', () => {
    expect(() => trace(number(1))).toThrow('trace(f, ...args)')
    expect(() => trace(noGrad(() => parameter(number(1)).mul(2)))).toThrow('parameter(...)')
    expect(() => trace((x: Tensor) => x.detach(), number(1))).toThrow('depends on none of its arguments')
    expect(() => trace(() => 3)).toThrow('holds no tensor')
  })
  test('a traced value of a compiled function', () => {
    const w = parameter(number(1))
    const step = compile(() => {
      trace(w.mul(2))
      return w
    })
    expect(() => step()).toThrow('trace: inside')
  })
  test('one tensor of two names, a name of nothing, a function that is async', () => {
    const w = parameter(number(1))
    expect(() => trace(w.mul(2), { names: { w, weight: w } })).toThrow('both w and weight')
    expect(() => trace(w.mul(2), { names: { w: 3 } })).toThrow('names.w is 3')
    expect(() => trace(w.mul(2), { names: { ' ': w } })).toThrow('empty name')
    expect(() => trace(async () => w.mul(2))).toThrow('async')
  })
  test('data that is no whole trace', () => {
    const { groups: _, ...broken } = trace(parameter(number(1)).mul(2))
    expect(() => explain(broken as never)).toThrow('what trace(...) gives')
  })
  test('a parameter of a new value since', () => {
    const w = parameter(number(1))
    const loss = w.mul(w)
    w.assign(number(2))
    expect(() => trace(loss)).toThrow('new value')
  })
})

test('a chain of 30,000 ops has a trace', () => {
  let x: Tensor = parameter(tensor([1], float64))
  for (let i = 0; i < 30_000; i++) x = x.neg()
  expect(trace(x.sum(), { locals: false }).nodes[0]).toMatchObject({ name: 'p1', adjoint: [1] })
})

test('valueAndGrad inside, with its value: both are results', () => {
  const found = trace(
    valueAndGrad((x: Tensor<[]>) => x.sin()),
    number(1),
  )
  expect(found.outputs.map(({ path }) => path)).toEqual(['[0]', '[1]'])
})

describe('in the midst of forward mode', () => {
  test('a function, what it refers to that moves, and a loss of parameters are traced', () => {
    const w = parameter(number(2))
    const traces: Trace[] = []
    jvp(
      (x: Tensor<[]>) => {
        const moving = x.sin()
        traces.push(
          trace((z: Tensor<[]>) => z.square().mul(moving), x),
          trace.with({ tangents: { z: 1 } })(({ z }: { z: Tensor<[]> }) => z.square().mul(moving), { z: x }),
          trace(w.square().mul(moving), { names: { w } }),
        )
        return x
      },
      [number(3)],
      [number(1)],
    )
    const [ofFunction, moved, ofLoss] = traces as [Trace, Trace, Trace]
    for (const found of traces) numbersBelongTogether(found)
    const leaf = ofFunction.nodes.find(({ kind }) => kind === 'input')!
    expect(leaf).toMatchObject({ op: null, value: 3 })
    expect(leaf.adjoint).toBeCloseTo(6 * Math.sin(3), 14)
    expect(moved.nodes.at(-1)!.tangent).toBeCloseTo(6 * Math.sin(3), 14)
    expect(find(ofLoss, 'w').adjoint).toBeCloseTo(4 * Math.sin(3), 14)
  })
})

test('constants are called what was written, whatever its digits, and by five where they were computed', () => {
  const w = parameter(number(1))
  const loss = w
    .mul(1234567.891)
    .add(1234567.892)
    .add(1 / 3)
    .sub(123456)
  const constants = trace(loss).nodes.filter(({ kind }) => kind === 'constant')
  expect(constants.map(({ name }) => name)).toEqual(['1234567.891', '1234567.892', '0.33333', '123456'])
  const single = trace(parameter(tensor(1)).mul(0.1).mul(1.234567)).nodes.filter(({ kind }) => kind === 'constant')
  expect(single.map(({ name }) => name)).toEqual(['0.1', '1.234567'])
})

test('a constant is not called as a tensor that somebody called by a number', () => {
  const w = name(parameter(number(1)), '2')
  expect(trace(w.mul(2)).nodes.map((node) => node.name)).toEqual(['2', 'c1', 'v1'])
})

test('a customOp that keeps residuals is traced, without these', () => {
  const softplus = customOp({
    name: 'softplus',
    residuals: true,
    forward: (x: Tensor) => {
      const e = x.exp().add(1)
      return [e.log(), { e }]
    },
    vjp: (cotangent, _inputs, _output, { e }) => [cotangent.mul(e.sub(1).div(e))],
  })
  const found = trace((x: Tensor<[2]>) => softplus(x).sum(), tensor([0, 1], float64))
  numbersBelongTogether(found)
  const [x] = found.nodes
  expect(x!.adjoint).toEqual([0.5, expect.closeTo(1 / (1 + Math.exp(-1)), 14)])
  expect(found.nodes.find(({ op }) => op === 'softplus')).not.toHaveProperty('attributes')
})

test('vmap over no example has local derivatives of no rows', () => {
  const w = parameter(tensor([1, 2], float64))
  const found = trace(vmap((row: Tensor<[2]>) => row.mul(w).sum())(zeros([0, 2], float64)).sum())
  numbersBelongTogether(found)
  expect(found.nodes.find(({ kind }) => kind === 'parameter')!.adjoint).toEqual([0, 0])
})

test('vmap over one example is traced as over several', () => {
  const w = parameter(tensor([1, 2], float64))
  const found = trace(vmap((row: Tensor<[2]>) => row.mul(w).sum())(tensor([[3, 4]], float64)).sum())
  numbersBelongTogether(found)
  expect(found.nodes.find(({ kind }) => kind === 'parameter')!.adjoint).toEqual([3, 4])
})
