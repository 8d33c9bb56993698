import { parameter, type Tensor, tensor } from '@adjoint/autograd'
import { graph } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'

const float64 = { dtype: 'float64' } as const

const network = () => {
  const x = tensor([[1, 2]], float64)
  const w = parameter(tensor([[0.5], [-0.25]], float64))
  const b = parameter(tensor([0.125], float64))
  const y = x.matmul(w).add(b).tanh()
  const loss = y.square().sum()
  return { x, w, b, y, loss, names: { x, w, b, y, loss } }
}

describe('graph', () => {
  test('holds every node in the order of computation, with what flowed both ways', () => {
    const { loss, names, y } = network()
    const { nodes, edges } = graph(loss, { names })
    expect(nodes.map(({ label, op, kind }) => [label, op, kind])).toEqual([
      ['x', null, 'constant'],
      ['w', null, 'parameter'],
      ['b', null, 'parameter'],
      ['matmul', 'matmul', 'result'],
      ['broadcastTo', 'broadcastTo', 'result'],
      ['add', 'add', 'result'],
      ['y', 'tanh', 'result'],
      ['square', 'square', 'result'],
      ['sum', 'sum', 'result'],
      ['loss', 'reshape', 'result'],
    ])
    expect(edges.map(({ from, to, index }) => [from, to, index])).toEqual([
      [0, 3, 0],
      [1, 3, 1],
      [2, 4, 0],
      [3, 5, 0],
      [4, 5, 1],
      [5, 6, 0],
      [6, 7, 0],
      [7, 8, 0],
      [8, 9, 0],
    ])
    const found = nodes.find(({ label }) => label === 'y')!
    expect(found).toMatchObject({ id: 6, shape: [1, 1], dtype: 'float64', value: y.toArray() })
    expect((found.gradient as number[][])[0]![0]).toBeCloseTo(2 * y.item(), 15)
  })

  test('agrees with backward() on the gradients of parameters, and gives constants none', () => {
    const { loss, names, w, b, x } = network()
    const { nodes } = graph(loss, { names })
    const of = (name: string) => nodes.find(({ label }) => label === name)!
    expect(w.hasGrad).toBe(false)
    loss.backward()
    expect(of('w').gradient).toEqual(w.grad.toArray())
    expect(of('b').gradient).toEqual(b.grad.toArray())
    expect(of('x').value).toEqual(x.toArray())
    expect(of('x')).not.toHaveProperty('gradient')
  })

  test('is plain data', () => {
    const view = graph(network().loss)
    expect(JSON.parse(JSON.stringify(view))).toEqual(view)
  })

  test('leaves hidden ops out and leads the edges past them', () => {
    const { loss, names } = network()
    const { nodes, edges } = graph(loss, { names, hide: ['broadcastTo', 'reshape', 'sum', 'add'] })
    expect(nodes.map(({ op }) => op)).toEqual([null, null, null, 'matmul', 'add', 'tanh', 'square', 'reshape'])
    expect(edges).toContainEqual({ from: 2, to: 4, index: 1 })
    expect(edges).toContainEqual({ from: 6, to: 7, index: 0 })
  })

  test('leaves out values above the limit', () => {
    const w = parameter(tensor([1, 2, 3]))
    const [leaf, , , result] = graph(w.square().sum(), { limit: 2 }).nodes
    expect(leaf).not.toHaveProperty('value')
    expect(leaf).not.toHaveProperty('gradient')
    expect(result).toMatchObject({ value: 14, gradient: 1 })
  })

  test('has no gradients where the root is no scalar', () => {
    const w = parameter(tensor([1, 2]))
    for (const node of graph(w.mul(2)).nodes) expect(node).not.toHaveProperty('gradient')
  })

  test('shows a shared result once, and an input used twice with two edges', () => {
    const w = parameter(tensor(3))
    const { nodes, edges } = graph(w.mul(w))
    expect(nodes).toHaveLength(2)
    expect(edges).toEqual([
      { from: 0, to: 1, index: 0 },
      { from: 0, to: 1, index: 1 },
    ])
    expect(nodes[0]!.gradient).toBe(6)
  })

  test('a leaf is a graph of one node', () => {
    expect(graph(tensor(2)).nodes).toEqual([
      { id: 0, kind: 'constant', op: null, label: '2', shape: [], dtype: 'float32', value: 2 },
    ])
  })

  test('walks a chain of 30,000 ops', () => {
    let x: Tensor = parameter(tensor([1]))
    for (let i = 0; i < 30_000; i++) x = x.neg()
    expect(graph(x.sum()).nodes.at(0)).toMatchObject({ label: 'p1', gradient: [1] })
  })

  test('refuses a graph whose parameter was given a new value since', () => {
    const { loss, w } = network()
    w.assign(tensor([[1], [1]], float64))
    expect(() => graph(loss)).toThrow('new value')
  })
})
