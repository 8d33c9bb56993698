import { type BlackBox, gradcheck, type Report } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'

// Passes back as one writes them by hand, where each number is rounded to float32 as it is stored.

const { blackBox } = gradcheck
const { fround } = Math
type Floats = Float32Array

/** Numbers from -1 to 1. */
const drawn = (size: number, seed: number): Floats => {
  let state = seed * 7919 + 1
  return Float32Array.from({ length: size }, () => {
    state = (state * 48271) % 2147483647
    return (state / 2147483647) * 2 - 1
  })
}
const sum = (size: number, term: (k: number) => number): number => {
  let total = 0
  for (let k = 0; k < size; k++) total = fround(total + fround(term(k)))
  return total
}
const floats = (size: number, of: (k: number) => number): Floats => Float32Array.from({ length: size }, (_, k) => of(k))

type Made = { readonly box: BlackBox<Record<string, Floats>, unknown>; readonly x: Record<string, Floats> }

/** The mean over rows of -log softmax(logits)[target]. */
const crossEntropy = (seed: number): Made => {
  const [rows, classes] = [4, 5]
  const probabilities = (z: Floats) => {
    const p = new Float32Array(z.length)
    for (let n = 0; n < rows; n++) {
      const most = Math.max(...z.subarray(n * classes, (n + 1) * classes))
      const terms = floats(classes, (c) => Math.exp(z[n * classes + c]! - most))
      const total = sum(classes, (c) => terms[c]!)
      for (let c = 0; c < classes; c++) p[n * classes + c] = terms[c]! / total
    }
    return p
  }
  const at = (n: number) => n * classes + ((n * 3) % classes)
  return {
    x: { logits: drawn(rows * classes, seed).map((z) => 3 * z) },
    box: {
      value: ({ logits }) => {
        const p = probabilities(logits!)
        return fround(sum(rows, (n) => -Math.log(p[at(n)]!)) / rows)
      },
      grad: ({ logits }) => {
        const g = probabilities(logits!)
        for (let n = 0; n < rows; n++) g[at(n)]! -= 1
        return { logits: g.map((each) => each / rows) }
      },
    },
  }
}

/** tanh(x w + b), forwards and back. */
const dense = (seed: number): Made => {
  const [rows, from, to] = [3, 4, 2]
  const inputs = drawn(rows * from, seed + 100)
  type Layer = Record<string, Floats>
  const product = (w: Floats, b: Floats) =>
    floats(rows * to, (k) => {
      const [n, j] = [Math.floor(k / to), k % to]
      return fround(b[j]! + sum(from, (i) => inputs[n * from + i]! * w[i * to + j]!))
    })
  const outputs = ({ w, b }: Layer) => product(w!, b!).map(Math.tanh)
  const slopes = (layer: Layer) => outputs(layer).map((y) => 1 - fround(y * y))
  return {
    x: { w: drawn(from * to, seed), b: drawn(to, seed + 50) },
    box: {
      value: outputs,
      vjp: (layer, cotangent) => {
        const delta = slopes(layer).map((s, k) => s * (cotangent as Floats)[k]!)
        return {
          w: floats(from * to, (k) => {
            const [i, j] = [Math.floor(k / to), k % to]
            return sum(rows, (n) => inputs[n * from + i]! * delta[n * to + j]!)
          }),
          b: floats(to, (j) => sum(rows, (n) => delta[n * to + j]!)),
        }
      },
      jvp: (layer, { w, b }) => {
        const s = slopes(layer)
        return product(w!, b!).map((t, k) => t * s[k]!)
      },
    },
  }
}

/** A signal and a kernel. */
const conv1d = (seed: number): Made => {
  const [length, width] = [9, 3]
  const size = length - width + 1
  return {
    x: { signal: drawn(length, seed), kernel: drawn(width, seed + 9) },
    box: {
      value: ({ signal, kernel }) => floats(size, (k) => sum(width, (i) => signal![k + i]! * kernel![i]!)),
      vjp: ({ signal, kernel }, cotangent) => {
        const g = cotangent as Floats
        const back = { signal: new Float32Array(length), kernel: new Float32Array(width) }
        for (let k = 0; k < size; k++) {
          for (let i = 0; i < width; i++) {
            back.signal[k + i]! += fround(g[k]! * kernel![i]!)
            back.kernel[i]! += fround(g[k]! * signal![k + i]!)
          }
        }
        return back
      },
    },
  }
}

const all = { crossEntropy, dense, conv1d }
const each = Object.entries(all)
const seeds = [0, 1, 2, 3, 4, 5]

/** The function with its pass back changed: of the first input, which is the one that is wrong. */
const changed = ({ box, x }: Made, change: (g: Floats) => Floats): Report => {
  const [first] = Object.keys(x) as [string]
  const wrong = (gradient: unknown) => {
    const given = gradient as Record<string, Floats>
    return { ...given, [first]: change(given[first]!) }
  }
  const { value, grad, vjp } = box
  return grad === undefined
    ? blackBox({ value, vjp: (at: typeof x, g: unknown) => wrong(vjp!(at, g)) }, x)
    : blackBox({ value, grad: (at: typeof x) => wrong(grad(at)) }, x)
}
const causesIn = (report: Report) => report.orders[0]!.diagnoses.map(({ cause, says }) => `${cause}: ${says}`).join()
const worst = (report: Report) =>
  report.orders[0]!.comparisons.find(({ agrees, right }) => !agrees && right === 'numeric')!.worst!

describe.each(each)('a black box that computes in float32: %s', (_, make) => {
  test.each(seeds)('passes if it is right, seed %i', (seed) => {
    const { box, x } = make(seed)
    const report = blackBox(box, x, { seed })
    expect(report.verdict, `${report}`).toBe('pass')
    expect(`${report}`).toContain('note: compared as float32 numbers')
  })

  test.each(seeds)('is not known any better than float32 allows, and no worse, seed %i', (seed) => {
    const { box, x } = make(seed)
    const { wrong } = blackBox({ ...box, ...(box.grad ? { grad: () => x } : { vjp: () => x }) }, x, { seed }).orders[0]!
      .comparisons[0]!
    for (const { bar } of wrong) {
      expect(bar).toBeGreaterThan(1e-8)
      expect(bar).toBeLessThan(3e-5)
    }
  })

  test.each<[string, (g: Floats) => Floats, RegExp]>([
    ['a flipped sign', (g) => g.map((x) => -x), /^sign flip/],
    ['twice too much', (g) => g.map((x) => 2 * x), /^constant factor.* 2 times what it should be/],
    ['a sixth', (g) => g.map((x) => x / 6), /^constant factor.* 0\.1667 times what it should be/],
    ['a tenth too much', (g) => g.map((x) => 1.1 * x), /^constant factor.* 1\.1 times what it should be/],
    ['nothing', (g) => g.map(() => 0), /^no gradient/],
  ])('fails with %s, place and cause', (_, change, cause) => {
    for (const seed of seeds) {
      const made = make(seed)
      const report = changed(made, change)
      expect(report.verdict, `${report}`).toBe('fail')
      expect(worst(report).input).toMatch(new RegExp(`^x\\.${Object.keys(made.x)[0]}\\[`))
      expect(causesIn(report)).toMatch(cause)
      expect(`${report}`).not.toContain('rounding to float32')
    }
  })

  test('fails with one element wrong, which is named', () => {
    for (const seed of seeds) {
      const made = make(seed)
      const report = changed(made, (g) => g.with(6, 1.25 * g[6]!))
      expect(report.verdict, `${report}`).toBe('fail')
      expect(worst(report).input).toBe(`x.${Object.keys(made.x)[0]}[6]`)
      expect(causesIn(report)).toMatch(/only at \[6\].*1\.25 times the true one/)
    }
  })
})

describe('which numbers a black box is given', () => {
  /** The loss is written in plain numbers, as of a library that takes arrays and computes in float32. */
  const plain = {
    value: (x: number[]) => sum(x.length, (k) => fround(Math.sin(x[k]!))),
    grad: (x: number[]) => x.map((each) => fround(Math.cos(each))),
  }

  test('float32 ones, whatever the arrays, if the dtype says so: points, tangents and cotangents', () => {
    const given: unknown[] = []
    const value = (x: number[]) => {
      given.push(...x)
      return x.map((each) => fround(each * each))
    }
    const vjp = (x: number[], g: number[]) => {
      given.push(...x, ...g)
      return x.map((each, k) => fround(2 * each * g[k]!))
    }
    const jvp = (x: number[], t: number[]) => {
      given.push(...x, ...t)
      return x.map((each, k) => fround(2 * each * t[k]!))
    }
    const x = Array.from({ length: 60 }, (_, k) => 0.1 + k / 70)
    const report = blackBox({ value, vjp, jvp }, x, { dtype: 'float32', budget: 100 })
    expect(report.verdict, `${report}`).toBe('pass')
    expect(given.filter((each) => fround(each as number) !== each)).toEqual([])
  })

  test('float64 ones without it: then what differences see of float32 is told to be too little', () => {
    expect(blackBox(plain, [0.3, -1, 2], { dtype: 'float32' }).verdict).toBe('pass')
    const report = blackBox(plain, [0.3, -1, 2])
    expect(report.verdict).toBe('inconclusive')
    expect(`${report}`).toContain('no more digits than float32')
  })

  test('of many numbers, one wrong is found along directions', () => {
    const x = floats(900, (k) => Math.sin(k) + 2)
    // added up in float64: in float32 the sum would lose another digit
    const value = (at: Floats) => fround(at.reduce((total, t) => total + t * t, 0))
    const grad = (at: Floats) => at.map((t) => 2 * t)
    const right = blackBox({ value, grad }, x, { budget: 100 })
    expect(right.verdict, `${right}`).toBe('pass')
    const wrong = blackBox({ value, grad: (at) => grad(at).with(321, 0) }, x, { budget: 100 })
    expect(wrong.verdict).toBe('fail')
    expect(worst(wrong).input).toBe('x[321]')
  })

  test('Float32Arrays beside others need to be told, and are no float64', () => {
    const value = ({ a, b }: { a: Floats; b: number[] }) => a[0]! * b[0]!
    const grad = ({ a, b }: { a: Floats; b: number[] }) => ({ a: [b[0]!], b: [a[0]!] })
    const x = { a: Float32Array.of(0.5), b: [3] }
    expect(() => blackBox({ value, grad }, x)).toThrow(/x has Float32Arrays.*dtype: 'float32'/)
    expect(() => blackBox({ value, grad }, x, { dtype: 'float64' })).toThrow(/x has Float32Arrays/)
    expect(blackBox({ value, grad }, x, { dtype: 'float32' }).verdict).toBe('pass')
  })

  test('a dtype that is none is refused', () => {
    expect(() => blackBox(plain, [1], { dtype: 'float16' as never })).toThrow(/dtype.*'float32' or 'float64'/)
  })
})
