import { tensor } from '@adjoint/autograd'
import { gradcheck, type Report } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'

const { blackBox } = gradcheck
const worst = (report: Report, right = 'numeric') =>
  report.orders[0]!.comparisons.find((each) => !each.agrees && each.right === right)?.worst

/** A layer and what it costs, as somebody without a library writes them. */
interface Layer {
  readonly w: number[][]
  readonly b: Float64Array
  readonly scale: number
  readonly name: string
}
const layer = (): Layer => ({
  w: [
    [0.5, -1.2, 0.3],
    [0.7, 0.1, -0.4],
  ],
  b: Float64Array.of(0.2, -0.3),
  scale: 1.5,
  name: 'first',
})
const seen = [1, -2, 0.5]
const rowOf = ({ w, b }: Layer, i: number) => w[i]!.reduce((total, x, j) => total + x * seen[j]!, b[i]!)
const cost = (x: Layer) => [0, 1].reduce((total, i) => total + x.scale * Math.sin(rowOf(x, i)), 0)
const costGrad = (x: Layer) => {
  const inner = [0, 1].map((i) => x.scale * Math.cos(rowOf(x, i)))
  return {
    w: inner.map((g) => seen.map((s) => g * s)),
    b: inner,
    scale: [0, 1].reduce((total, i) => total + Math.sin(rowOf(x, i)), 0),
    name: 'first',
  }
}

describe('a black box of plain arrays', () => {
  test('passes if its gradient is right: in one line, to first order', () => {
    const report = blackBox({ value: cost, grad: costGrad }, layer())
    expect(report.verdict, `${report}`).toBe('pass')
    expect(report.orders).toHaveLength(1)
    expect(report.orders[0]!.coverage).toBe('all 9 elements of the Jacobian')
    expect(`${report}`).toMatch(/note: forward is not there to be checked: no jvp was given/)
    expect(`${report}`).toMatch(/note: order 1 alone/)
  })

  test.each<[string, (g: ReturnType<typeof costGrad>) => ReturnType<typeof costGrad>, RegExp]>([
    ['an element of nested arrays', (g) => ({ ...g, w: [g.w[0]!, g.w[1]!.with(2, 0)] }), /^x\.w\[1, 2\]$/],
    ['an element of a typed array', (g) => ({ ...g, b: g.b.map((x, i) => (i === 1 ? -x : x)) }), /^x\.b\[1\]$/],
    ['a number', (g) => ({ ...g, scale: 1.001 * g.scale }), /^x\.scale$/],
    ['NaN', (g) => ({ ...g, scale: Number.NaN }), /^x\.scale$/],
  ])('fails, and names what is wrong by its path: %s', (_, change, path) => {
    const report = blackBox({ value: cost, grad: (x) => change(costGrad(x)) }, layer())
    expect(report.verdict).toBe('fail')
    expect(worst(report)!.input).toMatch(path)
  })

  test('fails with the sign flipped, and says so', () => {
    const report = blackBox(
      { value: (x) => Math.exp(x[0]!) * x[1]!, grad: ([a, b]) => [-Math.exp(a!) * b!, -Math.exp(a!)] },
      [1, 2],
    )
    expect(report.verdict).toBe('fail')
    expect(report.orders[0]!.diagnoses.map(({ cause }) => cause)).toEqual(['sign flip'])
  })

  test('may give what is nested as one array, as tensors have their data', () => {
    const flat = (x: Layer) => ({ ...costGrad(x), w: Float64Array.from(costGrad(x).w.flat()) })
    expect(blackBox({ value: cost, grad: flat }, layer()).verdict).toBe('pass')
  })

  test('is found out beyond the budget, element and all', () => {
    const x = Float64Array.from({ length: 400 }, (_, i) => Math.sin(i) + 2)
    const value = (at: Float64Array) => at.reduce((total, t, i) => total + t ** 2 * (1 + (i % 3)), 0)
    const grad = (at: Float64Array) => at.map((t, i) => 2 * t * (1 + (i % 3)) * (i === 321 ? 1.01 : 1))
    const report = blackBox({ value, grad }, x, { budget: 50 })
    expect(report.verdict).toBe('fail')
    expect(worst(report)!.input).toBe('x[321]')
  })

  test('of several values has a vjp, a jvp or both', () => {
    const x = [0.3, 1.1, -0.7]
    const value = ([a, b, c]: number[]) => [a! * b!, Math.sin(c!)]
    const vjp = ([a, b, c]: number[], [g, h]: number[]) => [g! * b!, g! * a!, h! * Math.cos(c!)]
    const jvp = ([a, b, c]: number[], [da, db, dc]: number[]) => [da! * b! + a! * db!, Math.cos(c!) * dc!]
    const wrong = (y: number[]) => y.with(1, 2 * y[1]!)
    for (const right of [
      { value, vjp, jvp },
      { value, vjp },
      { value, jvp },
    ]) {
      const report = blackBox(right, x)
      expect(report.verdict, `${report}`).toBe('pass')
    }
    const byReverse = blackBox({ value, vjp: (at, g) => wrong(vjp(at, g)), jvp }, x)
    expect(worst(byReverse)).toMatchObject({ input: 'x[1]', output: 'value[0]' })
    const byForward = blackBox({ value, jvp: (at, t) => wrong(jvp(at, t)) }, x)
    expect(worst(byForward)).toMatchObject({ input: 'x[2]', output: 'value[1]' })
    expect(`${byForward}`).toMatch(/reverse is not there to be checked: no grad was given/)
    // agrees with value, and not with jvp
    expect(worst(byReverse, 'forward')).toBeDefined()
  })

  test('passes on what cannot be varied, and leaves what it is given as it was', () => {
    const x = { w: [0.5, 2], labels: Int32Array.of(1, 0), mode: 'mean', wide: true, none: null }
    const value = ({ w, labels, mode }: typeof x) =>
      labels.reduce((total, k) => total + Math.exp(w[k]!), 0) / (mode === 'mean' ? 2 : 1)
    const grad = ({ w }: typeof x) => ({ w: w.map((t) => Math.exp(t) / 2) })
    const report = blackBox({ value, grad }, x)
    expect(report.verdict, `${report}`).toBe('pass')
    expect(x).toEqual({ w: [0.5, 2], labels: Int32Array.of(1, 0), mode: 'mean', wide: true, none: null })
  })

  test('has a kink where it has one', () => {
    const report = blackBox({ value: ([t]) => Math.abs(t!), grad: ([t]) => [Math.sign(t!)] }, [0])
    expect(report.orders[0]!.doubts.map(({ kind }) => kind)).toEqual(['kink'])
  })

  test.each<[string, (x: number[]) => number, (x: number[]) => number[]]>([
    ['value', (x) => x.splice(0).reduce((total, t) => total + t * t, 0), (x) => x.map((t) => 2 * t)],
    [
      'grad',
      (x) => x.reduce((total, t) => total + t * t, 0),
      (x) => {
        x.forEach((t, i) => {
          x[i] = 2 * t
        })
        return x
      },
    ],
  ])('that overwrites its argument is told so: %s', (name, value, grad) => {
    const x = [1, 2]
    const report = blackBox({ value, grad }, x)
    expect(report.verdict).toBe('inconclusive')
    expect(report.orders[0]!.doubts).toMatchObject([{ kind: 'mutated input', output: name }])
    expect(x).toEqual([1, 2])
  })
})

describe('what no black box can be is refused, or fails, with what to do', () => {
  const box = { value: (x: number[]) => x[0]! * x[1]!, grad: (x: number[]) => [x[1]!, x[0]!] }
  const ring: Record<string, unknown> = { w: [1, 2] }
  ring.again = ring
  const untyped = blackBox as (box: unknown, x: unknown, options?: unknown) => Report

  test.each<[string, unknown, unknown, RegExp]>([
    ['a tensor', box, tensor([1, 2]), /x is float32\[2\]; give numbers.*dataSync/],
    ['a tensor inside', box, { w: tensor([1, 2]) }, /x\.w is /],
    ['no numbers', box, { name: 'w' }, /x has no numbers to differentiate by/],
    ['NaN', box, { w: [1, Number.NaN] }, /x\.w\[1\] is NaN/],
    ['a tree in itself', box, ring, /x\.again holds itself/],
    ['no derivative', { value: box.value }, [1, 2], /there is no derivative to check; give grad, vjp or jvp/],
    ['two of one kind', { ...box, vjp: box.grad }, [1, 2], /grad and vjp are both given/],
    ['a gradient of several values', { ...box, value: (x: number[]) => x }, [1, 2], /2 numbers.*give vjp/],
    ['no value', { ...box, value: () => undefined }, [1, 2], /value gave no number/],
    ['an object for a value', { ...box, value: () => new Date(0) }, [1, 2], /what value gave.*give numbers/],
    [
      'another name',
      { value: box.value, gradient: box.grad },
      [1, 2],
      /box is \{ value, gradient \}; use \{ value, grad \}/,
    ],
    ['an async value', { ...box, value: async () => 1 }, [1, 2], /value: the function is async.*await/],
    ['an async gradient', { ...box, grad: async () => [1, 2] }, [1, 2], /grad: the function is async.*await/],
    ['order 2', box, [1, 2], /unknown option order/],
  ])('%s', (what, functions, x, says) => {
    expect(() => untyped(functions, x, what === 'order 2' ? { order: 2 } : {})).toThrow(says)
  })

  test.each<[string, unknown, RegExp]>([
    ['too few', [1], /grad gave 1 elements for x, where 2 elements belong/],
    ['nothing', undefined, /grad gave nothing for x; give 2 numbers/],
    ['words', ['a', 'b'], /something else than numbers: x\[0\] is 'a'/],
    ['another shape', [[1], [2]], /grad gave shape \[2, 1\] for x, where 2 elements belong/],
  ])('a gradient of %s fails, by name', (_, gradient, says) => {
    const report = untyped({ value: box.value, grad: () => gradient }, [1, 2])
    expect(report.verdict).toBe('fail')
    expect(report.orders[0]!.broken).toMatch(says)
  })

  test('what value throws is thrown, and what grad throws is told', () => {
    const fails = () => {
      throw new TypeError('no such thing')
    }
    expect(() => untyped({ ...box, value: fails }, [1, 2])).toThrow('no such thing')
    expect(untyped({ ...box, grad: fails }, [1, 2]).orders[0]!.broken).toContain('no such thing')
  })
})
