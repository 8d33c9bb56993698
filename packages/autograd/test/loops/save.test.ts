import {
  ArgumentError,
  compile,
  grad,
  hessian,
  parameter,
  random,
  scan,
  type Tensor,
  tensor,
  vmap,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import type { Node } from '../../src/graph/node.js'
import { sizeOf } from '../../src/graph/shape.js'
import { Tuple } from '../../src/graph/tuple.js'
import { expectClose } from '../vmap/examples.js'

// What a scan keeps for its derivative is a matter of memory and time, never of results.

type Save = 'all' | 'carries' | number | undefined
const float64 = { dtype: 'float64' } as const
const w = tensor([[0.5, -0.2], [0.1, 0.7]], float64) as Tensor // biome-ignore format: rows
const start = tensor([[0.1, 0.2]], float64) as Tensor
const length = 10
const xs = tensor(
  Array.from({ length }, (_, i) => [[Math.sin(i), Math.cos(2 * i)]]),
  float64,
) as Tensor
const saves: readonly Save[] = ['all', 'carries', 1, 3, 5, 10, 25]

const run = (save: Save, reverse: boolean, h: Tensor, rows: Tensor, weights: Tensor): Tensor => {
  const step = (carry: Tensor, x: Tensor) => {
    const next = carry.matmul(weights).add(x).tanh().mul(x.sin().add(2)) as Tensor
    return [next, next.square()] as never
  }
  const options = save === undefined ? { reverse } : { reverse, save }
  const [last, all] = scan(step, h, rows, options) as unknown as [Tensor, Tensor]
  const weighted = all.mul(rows.cos() as Tensor) as Tensor
  return last.sum().add(weighted.sum()) as Tensor
}

describe.each([false, true])('reverse %s', (reverse) => {
  const of: Record<string, (save: Save) => Tensor> = {
    values: (save) => run(save, reverse, start, xs, w),
    'gradients by weights': (save) => grad((v: Tensor) => run(save, reverse, start, xs, v))(w),
    'gradients by rows': (save) => grad((x: Tensor) => run(save, reverse, start, x, w))(xs),
    'second derivatives': (save) => hessian((h: Tensor) => run(save, reverse, h, xs, w))(start),
    'gradients of examples': (save) =>
      vmap(grad((h: Tensor) => run(save, reverse, h, xs, w)) as never)(
        tensor([[[0.1, 0.2]], [[-1, 3]]], float64) as never,
      ) as Tensor,
  }
  test.each(Object.entries(of))('%s are the same whatever is saved', (_, get) => {
    const wanted = [get(undefined)]
    for (const save of saves) {
      expectClose([get(save)], wanted)
      if (save === 'all' || save === 3) expectClose([compile(() => get(save))()], wanted)
    }
  })
})

test('draws are the same whatever is saved', () => {
  const drawn = (save: Save) => {
    random.seed(5)
    const step = (h: Tensor) => [h.mul(random.uniform([2], float64)).add(1), null] as never
    return grad((h: Tensor) => (scan(step, h, null, { length: 7, ...(save && { save }) })[0] as Tensor).sum() as never)(
      tensor([1, 2], float64) as never,
    ) as Tensor
  }
  const wanted = [drawn(undefined)]
  for (const save of ['all', 'carries', 2, 3] as const) expectClose([drawn(save)], wanted)
})

/** The elements that the graph of a result keeps. */
const kept = (result: Tensor): number => {
  const seen = new Set<Node>()
  let count = 0
  const visit = (node: Node): void => {
    if (seen.has(node)) return
    seen.add(node)
    if (node instanceof Tuple) for (const part of node.parts) visit(part!)
    else count += sizeOf(node.sizes as number[])
    for (const input of node.inputs) visit(input)
  }
  visit(result as Node)
  return count
}

test('memory is that of all results, of products, of carries, or of its root', () => {
  const rounds = 1024
  const p = parameter(w)
  const memory = (save: Save) => {
    const step = (h: Tensor) => [h.matmul(p).tanh().mul(2).sin(), null] as never
    return kept(scan(step, start, null, { length: rounds, ...(save && { save }) })[0] as Tensor) / 2
  }
  const carries = memory('carries')
  expect(carries).toBeGreaterThan(rounds)
  expect(carries).toBeLessThan(rounds * 1.05)
  expect(memory(undefined)).toBeGreaterThan(rounds * 2)
  expect(memory('all')).toBeGreaterThan(rounds * 4)
  expect(memory(32)).toBeLessThan((rounds / 32) * 1.5)
})

test('what is no amount is refused', () => {
  const saving = (save: unknown) => () =>
    scan((h: Tensor) => [h, null] as never, start, null, { length: 2, save: save as number })
  for (const save of [0, -1, 1.5, 'some', null, true]) {
    expect(saving(save)).toThrow(ArgumentError)
    expect(saving(save)).toThrow("'all', 'carries'")
  }
})
