import { compile, noGrad, parameter, random, type Tensor, tensor } from '@adjoint/autograd'
import { tracePrograms } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'

describe('tracePrograms', () => {
  const step = () => {
    const w = parameter(random.normal([3, 2]) as Tensor<[3, 2]>)
    const f = compile((x: Tensor<[4, 3]>) => {
      const loss = x.matmul(w).tanh().square().mean()
      w.zeroGrad()
      loss.backward()
      noGrad(() => w.assign(w.sub(w.grad.mul(0.1))))
      return { loss }
    })
    return { w, f, x: random.normal([4, 3]) }
  }

  test('has kernels as groups, and what is fused into them inside', () => {
    const { w, f, x } = step()
    expect(tracePrograms(f)).toEqual([])
    f(x)
    const [program] = tracePrograms(f, { names: { w } })
    const { nodes, edges, groups, outputs } = program!
    expect(groups.every(({ kind, cost }) => kind === 'kernel' && cost!.moved > 0)).toBe(true)
    const products = groups.filter(({ name }) => name.startsWith('matmul'))
    expect(products).toHaveLength(2)
    // x [4, 3] times w [3, 2], and the same back
    expect(products[0]!.cost).toEqual({ moved: 4 * (12 + 6 + 8), operations: 2 * 4 * 3 * 2, hosted: false })
    const tanh = nodes.find(({ op }) => op === 'tanh')!
    expect(nodes.filter(({ group }) => group === tanh.group).length).toBeGreaterThan(1)
    expect(outputs.map(({ path, sets }) => [path, sets])).toEqual(
      expect.arrayContaining([
        ['.loss', undefined],
        ['', { what: 'value', of: 'w' }],
        ['', { what: 'gradient', of: 'w' }],
      ]),
    )
    for (const { from, to } of edges) expect(from).toBeLessThan(to)
    expect(JSON.parse(JSON.stringify(program))).toEqual(program)
  })

  test('says where values are stored, and that intermediate results share places', () => {
    const { w, f, x } = step()
    f(x)
    const [{ nodes, program }] = tracePrograms(f, { names: { w } }) as [ReturnType<typeof tracePrograms>[number]]
    expect(program!.how).toContain('WebAssembly')
    expect(program!.memory!.bytes).toBeGreaterThan(0)
    for (const { stored, shape } of nodes) {
      if (stored === undefined) continue
      expect(stored.bytes).toBe(4 * shape!.reduce((product, size) => product * size, 1))
      expect(stored.address + stored.bytes).toBeLessThanOrEqual(program!.memory!.bytes)
    }
    // what a kernel uses at once is nowhere
    expect(nodes.some(({ kind, stored }) => kind === 'result' && stored === undefined)).toBe(true)
    expect(nodes.find(({ name }) => name === 'w')).toMatchObject({ kind: 'parameter', shape: [3, 2], dtype: 'float32' })
  })

  test('has one program for each trace, the latest first', () => {
    const f = compile((x: Tensor) => x.sin().sum())
    f(tensor([1, 2]))
    f(tensor([1, 2, 3]))
    expect(tracePrograms(f).map(({ nodes }) => nodes[0]!.shape)).toEqual([[3], [2]])
    f.release()
    expect(tracePrograms(f)).toEqual([])
  })

  test('counts what explain counts', () => {
    const { f, x } = step()
    f(x)
    const [{ groups }] = tracePrograms(f) as [ReturnType<typeof tracePrograms>[number]]
    expect(f.explain()).toContain(`${groups.length} kernels`)
    for (const { name } of groups) expect(f.explain()).toContain(name)
  })
})

test('numbers in kernels are called what was written', () => {
  const f = compile((x: Tensor<[2]>) => x.mul(1234567).add(0.25))
  f(tensor([1, 2]))
  const [program] = tracePrograms(f)
  const constants = program!.nodes.filter(({ kind }) => kind === 'constant')
  expect(constants.map((node) => node.name).sort()).toEqual(['0.25', '1234567'])
})
