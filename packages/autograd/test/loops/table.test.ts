import { checkpoint, scan, stack, type Tensor, tensor } from '@adjoint/autograd'
import { describe, test } from 'vitest'
import { materialize } from '../../src/gradcheck/samples.js'
import { isFloat } from '../../src/graph/dtype.js'
import { rebuild } from '../../src/graph/tree.js'
import { table } from '../../src/ops/index.js'
import { tensorsOf } from '../compile/harness.js'
import { eachSample, inTurn } from '../ops/samples.js'
import { call, examples, expectClose, positions } from '../vmap/examples.js'
import { compiled, mapped, type Program, type Tensors, withDerivatives } from '../vmap/programs.js'

/** A round: what an op gives, and a carry into which all of that goes. */
const roundOf = (f: Program) => (carry: Tensor, given: Tensors) => {
  const results = f(...given)
  // of moderate size: what grows from round to round would drown in its own rounding
  const added = results.map((result) =>
    isFloat(result.dtype) ? result.mul(0.1).tanh().mul(carry.add(1.5)).mean() : result.cast('float64').mean().tanh(),
  )
  return [added.reduce((a, b) => a.add(b).mul(0.5), carry.mul(0.5)), results] as const
}
const start = tensor(0.25, { dtype: 'float64' })

const scanned =
  (f: Program, isRow: readonly boolean[], reverse: boolean): Program =>
  (...inputs) => {
    const round = roundOf(f)
    const rows = inputs.filter((_, i) => isRow[i])
    const step = (carry: Tensor, row: Tensors) => {
      let next = 0
      return round(
        carry,
        inputs.map((input, i) => (isRow[i] ? row[next++]! : input)),
      )
    }
    const [last, ys] = scan(step as never, start as Tensor, rows as never, { reverse }) as unknown as [Tensor, Tensor[]]
    return [last, ...ys]
  }

const unrolled =
  (f: Program, isRow: readonly boolean[], reverse: boolean, length: number): Program =>
  (...inputs) => {
    const round = roundOf(f)
    const shown: (readonly Tensor[])[] = []
    let carry = start as Tensor
    for (let i = 0; i < length; i++) {
      const at = reverse ? length - 1 - i : i
      const [next, ys] = round(
        carry,
        inputs.map((input, j) => (isRow[j] ? input.at(at) : input)),
      )
      carry = next
      shown[at] = ys
    }
    return [carry, ...shown[0]!.map((_, j) => stack(shown.map((ys) => ys[j]!)))]
  }

describe('every op in the body of a scan equals the unrolled program, values and derivatives to second order', () => {
  const length = 3
  test.each(table.map((op) => [op.opName, op] as const))('%s', (_, op) => {
    eachSample(op, (sample, index) => {
      const args = materialize(sample)
      const sets = examples(sample, length)
      const first = sets[0]!
      if (first.length === 0) return
      const f: Program = (...tensors) => tensorsOf(call(op, rebuild(args, tensors) as unknown[]))
      const reverse = index % 2 === 1
      const derived = (program: Program) => withDerivatives(program, op.differentiable)
      // one alone has rows, by turns, or all have
      const alone = (op.opName.length + index) % first.length
      const ways = positions(first.length).flatMap((isRow, k, all) => {
        if (k !== alone && k < all.length - 1) return []
        const inputs = first.map((x, j) => (isRow[j] ? stack(sets.map((set) => set[j]!)) : x))
        const plainly = derived(unrolled(f, isRow, reverse, length))
        let known: Tensors | undefined
        const equals = (program: Program) => () => {
          known ??= plainly(...inputs)
          expectClose(program(...inputs), known)
        }
        const program = derived(scanned(f, isRow, reverse))
        const both = [equals(program), equals(compiled(program))]
        if (isRow.includes(false)) return [both[k % 2]!]
        const saving = derived(scanned(checkpoint(f), isRow, reverse))
        const around = derived(checkpoint(scanned(f, isRow, reverse)))
        return [...both, equals(saving), equals(compiled(around))]
      })
      // where every other tensor differs between examples
      const isRow = first.map(() => true)
      const isBatched = first.map((_, j) => j % 2 === 0)
      const rows = first.map((_, j) => stack(sets.map((set) => set[j]!)))
      const turned = rows.map((row) => row.flip(0))
      const inputs = rows.map((row, j) => (isBatched[j] ? (stack([row, turned[j]!]) as Tensor) : row))
      const axes = { in: isBatched.map((is) => (is ? 0 : null)) }
      const each = [rows, rows.map((row, j) => (isBatched[j] ? turned[j]! : row))] as const
      const underVmap = () => {
        const wanted = each.map((given) => derived(unrolled(f, isRow, reverse, length))(...(given as Tensor[])))
        const both = wanted[0]!.map((result, j) => stack([result, wanted[1]![j]!]) as Tensor)
        expectClose(mapped(derived(scanned(f, isRow, reverse)), axes)(...inputs), both)
      }
      for (const attempt of inTurn(op, index, [...ways, underVmap])) attempt()
    })
  })
})
