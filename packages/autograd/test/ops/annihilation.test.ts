import {
  CompileError,
  conv2d,
  jvp,
  layerNorm,
  logSoftmax,
  logSumExp,
  matmul,
  Random,
  scaledDotProductAttention,
  softmax,
  type Tensor,
  tensor,
  vjp,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { eagerBackends, withBackends } from '../../src/execution/eager.js'
import { createJavaScript } from '../../src/execution/javascript/index.js'
import { reference } from '../../src/execution/reference/index.js'
import { createWasm } from '../../src/execution/wasm/index.js'
import { materialize } from '../../src/gradcheck/samples.js'
import { isFloat } from '../../src/graph/dtype.js'
import { rebuild } from '../../src/graph/tree.js'
import { table } from '../../src/ops/index.js'
import { eager, tensorsOf, type Wrap, ways } from '../compile/harness.js'
import { inTurn } from './samples.js'

// A cotangent or tangent that is exactly 0 gives 0, whatever it meets. So what is not finite and touches only such results
// leaves every derivative as it is where it is finite: no matter which op, which mode and which backend.

type F = (...tensors: Tensor[]) => Tensor

const kinds = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
const random = new Random(3)
const drawn = (like: Tensor): number[] => [...random.uniform(like.shape, { low: 0.5, high: 2, dtype: 'float64' }).data]
const like = (x: Tensor, data: readonly number[]): Tensor =>
  tensor(data as number[], { dtype: x.dtype }).reshape(x.shape) as Tensor
const replaced = (x: Tensor, place: number, number: number): Tensor => like(x, [...x.data].with(place, number))
const isSame = (a: number, b: number): boolean => Object.is(a, b) || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b))

/** Both modes as functions of the tensors, then of the cotangent or the tangents of the floats among them. */
const modesOf = (f: F, floats: readonly number[], wrap: Wrap) => {
  const ofFloats =
    (tensors: readonly Tensor[]): F =>
    (...list) =>
      f(...tensors.map((x, i) => (floats.includes(i) ? list[floats.indexOf(i)]! : x)))
  const given = (tensors: readonly Tensor[]) => floats.map((i) => tensors[i]!)
  return {
    pull: wrap((tensors: Tensor[], cotangent: Tensor) => vjp(ofFloats(tensors), ...given(tensors))[1](cotangent)) as (
      tensors: Tensor[],
      cotangent: Tensor,
    ) => Tensor[],
    push: wrap((tensors: Tensor[], tangents: Tensor[]) => jvp(ofFloats(tensors), given(tensors), tangents)[1]) as (
      tensors: Tensor[],
      tangents: Tensor[],
    ) => Tensor,
  }
}

/** Complaints about an op at one sample, with each kind of number at some places in turn. */
const faults = (f: F, tensors: readonly Tensor[], wrap: Wrap): string[] => {
  const found: string[] = []
  const floats = tensors.flatMap(({ dtype }, i) => (isFloat(dtype) ? [i] : []))
  const { pull, push } = modesOf(f, floats, wrap)
  const y = f(...tensors)
  const masked = (x: Tensor, list: readonly number[], keeps: (at: number) => boolean) =>
    like(
      x,
      list.map((e, at) => (keeps(at) ? e : 0)),
    )
  const zeroCotangent = masked(y, drawn(y), () => false)
  const zeroTangents = floats.map((i) => masked(tensors[i]!, drawn(tensors[i]!), () => false))
  const cotangent = drawn(y)
  const tangents = floats.map((i) => drawn(tensors[i]!))
  const havePart = partsIn(f, tensors, floats, pull, y)

  for (const [n, i] of floats.entries()) {
    for (const [round, place] of few(tensors[i]!).entries()) {
      for (const kind of round === 0 ? kinds : [Number.NaN]) {
        const complain = (mode: string, got: Tensor, wanted: (at: number) => number): void => {
          for (const [at, e] of [...got.data].entries()) {
            if (isSame(e, wanted(at))) continue
            found.push(`input ${i}[${place}] = ${kind}: ${mode} [${at}] is ${e}, not ${wanted(at)}`)
          }
        }
        const spoilt = tensors.with(i, replaced(tensors[i]!, place, kind))
        const results = new Set([
          ...differing(y, f(...spoilt)),
          ...differing(y, f(...tensors.with(i, replaced(tensors[i]!, place, Number.NaN)))),
        ])
        for (const part of pull(spoilt, zeroCotangent)) complain('of a cotangent 0, the cotangent', part, () => 0)
        complain('of tangents 0, the tangent', push(spoilt, zeroTangents), () => 0)

        const elsewhere = masked(y, cotangent, (at) => !results.has(at))
        const wanted = pull([...tensors], elsewhere)
        for (const [j, part] of pull(spoilt, elsewhere).entries()) {
          complain(`the cotangent of input ${floats[j]}`, part, (at) =>
            j === n && at === place ? 0 : wanted[j]!.data[at]!,
          )
        }
        // what has a part in spoilt results stands still
        const parts = havePart(results)
        const still = tangents.map((list, j) => masked(tensors[floats[j]!]!, list, (at) => !parts[j]!(at)))
        const along = push([...tensors], still).data
        complain('the tangent', push(spoilt, still), (at) => (results.has(at) ? 0 : along[at]!))
      }
    }
  }
  return found
}

/** Which elements may have a part in some results: all that NaN reaches from, or of many, all that have a derivative. */
const partsIn = (
  f: F,
  tensors: readonly Tensor[],
  floats: readonly number[],
  pull: (tensors: Tensor[], cotangent: Tensor) => Tensor[],
  y: Tensor,
): ((results: ReadonlySet<number>) => readonly ((at: number) => boolean)[]) => {
  if (floats.reduce((sum, i) => sum + tensors[i]!.size, 0) > 200) {
    const weights = drawn(y)
    return (results) => {
      const cotangent = like(
        y,
        weights.map((e, at) => (results.has(at) ? e : 0)),
      )
      return pull([...tensors], cotangent).map(
        ({ data }) =>
          (at) =>
            data[at] !== 0,
      )
    }
  }
  const bases = [tensors, tensors.map((x) => (isFloat(x.dtype) ? (x.neg() as Tensor) : x))]
  const reached = floats.map((i) =>
    Array.from({ length: tensors[i]!.size }, (_, place) =>
      bases.flatMap((base) => differing(f(...base), f(...base.with(i, replaced(base[i]!, place, Number.NaN))))),
    ),
  )
  return (results) => reached.map((places) => (at) => places[at]!.some((result) => results.has(result)))
}

const differing = (y: Tensor, other: Tensor): number[] => {
  const [a, b] = [y.data, other.data]
  return Array.from({ length: y.size }, (_, at) => at).filter((at) => !Object.is(a[at], b[at]))
}

const few = ({ size }: Tensor): number[] =>
  [...new Set([0, size >> 1, size - 1])].filter((place) => place < size && place >= 0)

const always = [createWasm({ always: true }), createJavaScript(() => false), reference]
const settings: readonly (readonly [string, Parameters<typeof withBackends>[0], Wrap])[] = [
  ['eager', eagerBackends(), eager],
  ['eager on the reference backend', [reference], eager],
  ['eager on WebAssembly and interpreting JavaScript', always, eager],
  ...ways.map(([name, wrap]) => [`compiled ${name}`, eagerBackends(), wrap] as const),
]

describe.each(settings)('%s', (name, backends, wrap) => {
  // NaN is no k-th value but of the last k: another element is chosen
  const differentiable = table
    .filter((op) => op.differentiable && op.opName !== 'layerNorm' && op.opName !== 'kthValue')
    .map((op) => [op.opName, op] as const)
  test.each(differentiable)('%s: zeros annihilate NaN and infinities', (_, op) => {
    for (const [i, sample] of op.samples.entries()) {
      if (!inTurn(op, i, settings).some(([each]) => each === name)) continue
      const args = materialize(sample)
      // of several results, the one that has a derivative
      const f: F = (...tensors) =>
        tensorsOf((op as unknown as (...args: unknown[]) => unknown)(...(rebuild(args, tensors) as unknown[]))).find(
          ({ dtype }) => isFloat(dtype),
        )!
      let found: readonly string[] = []
      try {
        found = withBackends(backends, () => faults(f, tensorsOf(args), wrap))
      } catch (error) {
        // where the shape depends on elements, it is refused, and there is nothing to try
        if (wrap === eager || !(error instanceof CompileError && error.message.includes('depends on elements')))
          throw error
      }
      expect(found.slice(0, 5), `sample ${i}`).toEqual([])
    }
  })

  if (backends[0] === reference) return
  const normal = (...shape: number[]) => new Random(1).normal(shape, { dtype: 'float64' }) as Tensor
  test.each<[string, F, Tensor[]]>([
    ['matmul', matmul as F, [normal(40, 30), normal(30, 20)]],
    ['matmul, batched', matmul as F, [normal(3, 20, 10), normal(3, 10, 12)]],
    ['matmul, one row', matmul as F, [normal(1, 60), normal(60, 40)]],
    ['matmul, one column', matmul as F, [normal(60, 40), normal(40, 1)]],
    ['conv2d', ((x, k) => conv2d(x, k, { padding: 1 })) as F, [normal(2, 3, 9, 9), normal(4, 3, 3, 3)]],
    ['softmax', ((x) => softmax(x)) as F, [normal(20, 60)]],
    ['logSoftmax', ((x) => logSoftmax(x)) as F, [normal(20, 60)]],
    ['logSumExp', ((x) => logSumExp(x, -1)) as F, [normal(20, 60)]],
    ['layerNorm', ((x) => layerNorm(x)) as F, [normal(20, 60)]],
    ['attention', scaledDotProductAttention as F, [normal(2, 9, 8), normal(2, 9, 8), normal(2, 9, 8)]],
  ])('%s of more elements: zeros annihilate NaN and infinities', (_, f, tensors) => {
    const found = withBackends(backends, () => faults(f, tensors, wrap))
    expect(found.slice(0, 5)).toEqual([])
  })
})
