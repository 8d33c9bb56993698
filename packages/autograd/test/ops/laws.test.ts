import { jvp, type Tensor, vjp } from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { materialize } from '../../src/gradcheck/samples.js'
import { isFloat } from '../../src/graph/dtype.js'
import { Node } from '../../src/graph/node.js'
import { table } from '../../src/ops/index.js'
import { Random } from '../../src/tensor/random.js'
import { tensorsOf } from '../compile/harness.js'
import { eachSample } from './samples.js'

const dot = (a: readonly Tensor[], b: readonly Tensor[]): number =>
  a.map((x, i) => x.mul(b[i]!).sum().item()).reduce((sum, x) => sum + x, 0)
const size = (a: readonly Tensor[]): number => Math.sqrt(dot(a, a))
const like = (tensors: readonly Tensor[], random: Random): Tensor[] =>
  tensors.map(({ shape }) => random.normal([...shape], { dtype: 'float64' }) as Tensor)
const sumOf = (p: number, a: readonly Tensor[], q: number, b: readonly Tensor[]): Tensor[] =>
  a.map((x, i) => x.mul(p).add(b[i]!.mul(q)) as Tensor)

// a cast rounds to float32
const differentiable = table.filter(({ differentiable, opName }) => differentiable && opName !== 'cast')

describe.each(differentiable.map((op) => [op.opName, op] as const))('%s', (_, op) => {
  test('tangents are linear in their direction, and cotangents are their adjoint', () => {
    eachSample(op, (sample) => {
      const args = materialize(sample)
      const floats = args.filter((arg): arg is Tensor => arg instanceof Node && isFloat(arg.dtype))
      const f = (...given: Tensor[]): Tensor[] => {
        const rest = [...given]
        const swapped = args.map((arg) => (floats.includes(arg as Tensor) ? rest.shift() : arg))
        return tensorsOf((op as any)(...swapped)).filter(({ dtype }) => isFloat(dtype))
      }
      if (floats.length === 0) return
      const push = (along: readonly Tensor[]): Tensor[] => jvp(f, floats, along as Tensor[])[1] as Tensor[]
      const [values, pull] = vjp(f, ...floats)
      const factor = fc.integer({ min: -8, max: 8 })
      fc.assert(
        fc.property(fc.nat(), factor, factor, (seed, p, q) => {
          const random = new Random(seed)
          const [u, w, v] = [like(floats, random), like(floats, random), like(values, random)]
          const [ju, jw] = [push(u), push(w)]
          const [got, wanted] = [push(sumOf(p, u, q, w)), sumOf(p, ju, q, jw)]
          const scale = 1 + Math.abs(p) * size(ju) + Math.abs(q) * size(jw)
          expect(size(sumOf(1, got, -1, wanted))).toBeLessThan(1e-12 * scale)
          const back = pull(v) as Tensor[]
          const bound = 1 + size(v) * size(ju) + size(back) * size(u)
          expect(Math.abs(dot(v, ju) - dot(back, u))).toBeLessThan(1e-12 * bound)
        }),
        { numRuns: 5 },
      )
    })
  })
})
