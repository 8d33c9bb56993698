import {
  checkpoint,
  compile,
  customOp,
  grad,
  jvp,
  ones,
  scan,
  type Tensor,
  tensor,
  verify,
  vmap,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'

// What verify() looks at in the body of a loop is looked at in each round, once, and what is wrong is said with the round.

const float64 = { dtype: 'float64' } as const

/** Doubles until it is told that there was too much. */
const doubling =
  (seen: number[], limit: number, reverse = false) =>
  (start: Tensor, rows: Tensor): Tensor =>
    scan(
      (h: Tensor, x: Tensor) => {
        const next = h.mul(2).add(x) as Tensor
        verify(next, (elements) => {
          seen.push(elements[0]!)
          if (elements[0]! > limit) throw new RangeError(`it has grown to ${elements[0]}.`)
        })
        return [next, null] as never
      },
      start,
      rows,
      { reverse },
    )[0] as Tensor

const one = tensor(1, float64) as Tensor
const rows = tensor([0, 1, 0, 0], float64) as Tensor

const ways = { eager: <F>(f: F): F => f, compiled: compile } as const

describe.each(Object.entries(ways))('%s', (_, way) => {
  const run = way as <F extends (...args: never[]) => unknown>(f: F) => F

  test('each round is looked at, in order', () => {
    const seen: number[] = []
    expect(run(doubling(seen, 100))(one, rows).item()).toBe(20)
    expect(seen).toEqual([2, 5, 10, 20])
  })

  test('backwards in the order of the rounds', () => {
    const seen: number[] = []
    expect(run(doubling(seen, 100, true))(one, rows).item()).toBe(18)
    expect(seen).toEqual([2, 4, 9, 18])
  })

  test('what is wrong is said with its round', () => {
    expect(() => run(doubling([], 7))(one, rows)).toThrow('it has grown to 10. It was in round 2 of 4 of a scan')
    expect(() => run(doubling([], 7))(one, rows)).toThrow(RangeError)
  })

  test('derivatives look once', () => {
    for (const derive of [
      (f: (h: Tensor) => Tensor) => grad(f as never) as unknown as (h: Tensor) => Tensor,
      (f: (h: Tensor) => Tensor) => (h: Tensor) => jvp(f, [h], [ones([], float64) as Tensor])[1] as Tensor,
      (f: (h: Tensor) => Tensor) => grad(checkpoint(f) as never) as unknown as (h: Tensor) => Tensor,
    ]) {
      const seen: number[] = []
      const f = run(derive((h) => doubling(seen, 100)(h, rows)))
      expect(f(one).item()).toBe(16)
      expect(seen).toEqual([2, 5, 10, 20])
    }
  })

  test('for each example of vmap', () => {
    const seen: number[] = []
    const f = run(vmap((h: Tensor) => doubling(seen, 100)(h, rows)) as (h: Tensor) => Tensor)
    expect([...f(tensor([1, 2], float64) as Tensor).data]).toEqual([20, 36])
    expect(seen.sort((a, b) => a - b)).toEqual([2, 4, 5, 9, 10, 18, 20, 36])
    const strict = run(vmap((h: Tensor) => doubling([], 30)(h, rows)) as (h: Tensor) => Tensor)
    expect(() => strict(tensor([1, 2], float64) as Tensor)).toThrow('it has grown to 36. It was in round 3 of 4')
  })

  test('in a loop inside of a loop both rounds are said', () => {
    const nested = run((start: Tensor) => {
      const outer = (h: Tensor) => [doubling([], 300)(h, rows), null] as never
      return scan(outer, start, null, { length: 3 })[0] as Tensor
    })
    expect(() => nested(one)).toThrow(
      'it has grown to 324. It was in round 3 of 4 of a scan, from 0 on. It was in round 1 of 3',
    )
  })

  test('nothing is changed by a call that fails, and no round means no look', () => {
    expect(run(doubling([], -1))(one, zeros([0], float64) as Tensor).item()).toBe(1)
  })
})

test('a custom op that looks at elements, of whose results one is not made of all that it is given, runs in a loop', () => {
  const pick = customOp({
    name: 'pick',
    forward: (a: Tensor, b: Tensor) => (a.item() > 0 ? a.mul(2) : a.add(b)),
  } as never)
  const f = (start: Tensor, rows: Tensor) =>
    scan(
      (h: Tensor, x: Tensor) => [(pick as never as (a: Tensor, b: Tensor) => Tensor)(h, x), null] as never,
      start,
      rows,
    )[0] as Tensor
  expect(compile(f)(one, rows).item()).toBe(16)
})
