import { describe, expect, test } from 'vitest'

// The library in a page of its own, whose content security policy forbids what it says.

interface Outcome {
  readonly values: readonly number[]
  readonly gradient: readonly number[]
  readonly large: number
  readonly compiled: number
  readonly explained: string
  /** Of a scalar program by the tape, compiled, and compiled with a loop. */
  readonly scalars: readonly number[]
  readonly warnings: readonly string[]
}

const program = (entry: string, scalars: string) => `
  const warnings = []
  console.warn = (text) => warnings.push(text)
  const { compile, grad, ones, tensor } = await import('${entry}')
  const scalar = await import('${scalars}')
  const f = (x) => x.tanh().mul(2).add(1).sum()
  const x = tensor([0.5, -1, 2], { dtype: 'float64' })
  const large = ones([100, 100])
  const g = compile(grad((y) => y.matmul(y).sigmoid().mul(3).sum()))
  parent.postMessage({
    values: [f(x).item()],
    gradient: [...grad(f)(x).data],
    large: large.matmul(large).tanh().mul(2).sum().item(),
    compiled: g(tensor([[0.1, 0.2], [0.3, 0.4]], { dtype: 'float64' })).sum().item(),
    explained: g.explain(),
    scalars: [
      scalar.grad((y) => y.tanh().mul(2))(0.5),
      scalar.compile(scalar.grad((y) => y.tanh().mul(2)))(0.5),
      scalar.compile(scalar.grad((y) => scalar.scan((s) => [s.add(y.tanh()), null], 0, [null, null])[0]))(0.5),
    ],
    warnings,
  }, '*')`

/** Runs the program under a policy that lets this origin's scripts run, and besides only what it is told. */
const under = async (...sources: string[]): Promise<Outcome> => {
  const entry = new URL('/packages/autograd/src/index.ts', location.href).href
  const scalars = new URL('/packages/autograd/src/scalar/index.ts', location.href).href
  const frame = document.createElement('iframe')
  const allowed = [`${location.origin}/`, "'nonce-test'", ...sources].join(' ')
  frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="script-src ${allowed}">
    <script type="module" nonce="test">
      try {${program(entry, scalars)}} catch (error) { parent.postMessage({ error: String(error) }, '*') }
    </script>`
  try {
    return await new Promise((resolve, reject) => {
      addEventListener('message', function listen({ data, source }) {
        if (source !== frame.contentWindow) return
        removeEventListener('message', listen)
        if (data.error === undefined) resolve(data)
        else reject(new Error(data.error))
      })
      document.body.append(frame)
    })
  } finally {
    frame.remove()
  }
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const [a, b, c, d] = [0.1, 0.2, 0.3, 0.4]
const slope = (x: number) => 3 * sigmoid(x) * (1 - sigmoid(x))
const [s, t, u, v] = [a * a + b * c, a * b + b * d, c * a + d * c, c * b + d * d].map(slope) as [
  number,
  number,
  number,
  number,
]
const gradientSum = s * (2 * a + c + b) + t * (b + a + d + b) + u * (c + d + a + c) + v * (b + c + 2 * d)

const expectRight = ({ values, gradient, large, compiled, scalars }: Outcome) => {
  const x = [0.5, -1, 2]
  expect(values[0]).toBeCloseTo(
    x.reduce((sum, e) => sum + Math.tanh(e) * 2 + 1, 0),
    12,
  )
  for (const [i, e] of x.entries()) expect(gradient[i]).toBeCloseTo(2 * (1 - Math.tanh(e) ** 2), 12)
  expect(large).toBe(20_000)
  expect(compiled).toBeCloseTo(gradientSum, 12)
  expect(scalars).toHaveLength(3)
  for (const slope of scalars) expect(slope).toBeCloseTo(2 * (1 - Math.tanh(0.5) ** 2), 12)
}

describe('under a content security policy', () => {
  test('without unsafe-eval and wasm-unsafe-eval everything runs in plain JavaScript, and is said once', async () => {
    const outcome = await under()
    expectRight(outcome)
    expect(outcome.explained).toContain('there is no WebAssembly with SIMD')
    expect(outcome.warnings).toHaveLength(1)
    expect(outcome.warnings[0]).toContain("script-src 'wasm-unsafe-eval'")
  })

  test.each([["'wasm-unsafe-eval'"], ["'unsafe-eval'"]])('with %s WebAssembly runs, without a word', async (source) => {
    const outcome = await under(source)
    expectRight(outcome)
    expect(outcome.explained).not.toContain('there is no WebAssembly')
    expect(outcome.warnings).toEqual([])
  })
})
