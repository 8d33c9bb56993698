import { jvp, type Tensor, vjp } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { materialize } from '../../src/gradcheck/samples.js'
import { isFloat } from '../../src/graph/dtype.js'
import { rebuild } from '../../src/graph/tree.js'
import { table } from '../../src/ops/index.js'
import { rules } from '../../src/rules/index.js'
import { ways as compiledWays, tensorsOf, type Wrap } from '../compile/harness.js'
import { inTurn } from '../ops/samples.js'
import { degreesOf, exponents, factors, scaled, times, tolerance, waves } from './degrees.js'
import { elsewhere } from './elsewhere.js'
import { eagerWays, type Fn } from './ways.js'

// What an op gives of tensors times a power of 2 is what it gives of the tensors, times a power of that, as long as nothing
// on the way is out of range. So every op that is no function of single elements is tried over the whole range.

const others = Object.values<readonly string[]>(elsewhere)
  .flat()
  .filter((name) => !(name in rules || factors.has(name)))

const differentiable = table.filter(({ opName, differentiable }) => !(opName in rules) && differentiable)

test('every op of several elements is tried far out', () => {
  const known = [...degreesOf.keys(), ...factors.keys(), ...others]
  expect(known).toEqual(expect.arrayContaining(differentiable.map(({ opName }) => opName)))
})

const ways: readonly (readonly [string, Wrap])[] = [...eagerWays, ...compiledWays]

describe.each(ways)('%s', (way, wrap) => {
  test.each(differentiable.filter(({ opName }) => !others.includes(opName)).map((op) => [op.opName, op] as const))(
    '%s of tensors of any size: value, cotangents and tangents',
    (name, op) => {
      for (const [i, sample] of op.samples.entries()) {
        if (!inTurn(op, i, ways).some(([each]) => each === way)) continue
        for (const dtype of ['float64', 'float32'] as const) {
          const args = materialize(sample, 0, dtype)
          const tensors = tensorsOf(args)
          const floats = tensors.flatMap((x, i) => (isFloat(x.dtype) ? [i] : []))
          const inputs = floats.map((i) => tensors[i]!)
          const f: Fn = (...given) => {
            const all = tensors.map((x, i) => (floats.includes(i) ? given[floats.indexOf(i)]! : x))
            return (op as unknown as (...args: unknown[]) => Tensor)(...(rebuild(args, all) as unknown[]))
          }
          const plain = f(...inputs)
          if (plain.size === 0 || (dtype === 'float32' && plain.dtype !== dtype)) continue
          const weights = waves(plain, 1)
          const along = inputs.map((x) => waves(x, 2))
          const made = {
            value: wrap(f),
            pull: wrap((...given: Tensor[]) => vjp(f, ...given)[1](weights) as Tensor[]),
            push: inputs.map((_, k) =>
              wrap((...given: Tensor[]) => jvp((x: Tensor) => f(...given.with(k, x)), [given[k]!], [along[k]!])[1]),
            ),
          }
          const base = { pull: made.pull(...inputs), push: made.push.map((push) => push(...inputs) as Tensor) }
          const list = (x: Tensor) => [...x.data]
          const [bases, pushes] = [base.pull.map(list), base.push.map(list)]
          const value = list(made.value(...inputs))
          const close = (what: string, got: Tensor, wanted: readonly number[]) => {
            const size = Math.max(...wanted.map(Math.abs))
            const off = list(got).findIndex((x, i) => !(Math.abs(x - wanted[i]!) <= tolerance[dtype] * size))
            expect(off < 0 ? '' : `${what}: element ${off} is ${got.data[off]} instead of ${wanted[off]}`).toBe('')
          }
          const degrees = factors.get(name) ?? degreesOf.get(name)!
          const degree = typeof degrees === 'function' ? degrees(inputs, plain) : degrees
          const degreeAt = (k: number) => degree[k] ?? degree.at(-1)!
          const steps: readonly (readonly number[])[] = factors.has(name)
            ? exponents[dtype].two.map(([p, q]) => inputs.map((_, k) => (degreeAt(k) === 0 ? 0 : k === 0 ? p : q)))
            : exponents[dtype].one.map((p) => inputs.map(() => Math.trunc(p / Math.max(1, degreeAt(0)))))
          for (const powers of steps) {
            const total = factors.has(name)
              ? powers.reduce((sum, power, k) => sum + power * degreeAt(k), 0)
              : powers[0]! * degreeAt(0)
            const given = inputs.map((x, k) => scaled(x, powers[k]!))
            const what = `${dtype} ${inputs} times 2^${powers}`
            close(what, made.value(...given), times(value, total))
            made.pull(...given).forEach((cotangent, k) => {
              close(`cotangent ${k}, ${what}`, cotangent, times(bases[k]!, total - powers[k]!))
            })
            made.push.forEach((push, k) => {
              close(`tangent ${k}, ${what}`, push(...given) as Tensor, times(pushes[k]!, total - powers[k]!))
            })
          }
        }
      }
    },
  )
})
