import { checkpoint, cond, ones, scan, stack, type Tensor, tensor } from '@adjoint/autograd'
import { describe, test } from 'vitest'
import { materialize } from '../../src/gradcheck/samples.js'
import { isFloat } from '../../src/graph/dtype.js'
import { rebuild } from '../../src/graph/tree.js'
import { table } from '../../src/ops/index.js'
import { rules } from '../../src/rules/index.js'
import { tensorsOf } from '../compile/harness.js'
import { eachSample } from '../ops/samples.js'
import { call, examples, expectClose } from '../vmap/examples.js'
import { compiled, loop, mapped, type Program, withDerivatives } from '../vmap/programs.js'

/** Both branches are the op, each of inputs of its own: where the wrong one is taken or differentiated, all differs. */
const branchesOf = (f: Program) => {
  const one = (some: Tensor[], _: Tensor[]) => f(...some)
  const other = (_: Tensor[], others: Tensor[]) => f(...others).map((y) => (isFloat(y.dtype) ? y.mul(-1.5) : y))
  return [one, other] as const
}
const halves = (inputs: Tensor[]) => [inputs.slice(0, inputs.length / 2), inputs.slice(inputs.length / 2)] as const

/** Where the branches are slow, only the chosen one runs in compiled code; a product is, whatever its size. */
const asOp =
  (f: Program, isSlow = false): Program =>
  (predicate, ...inputs) => {
    const branches = isSlow
      ? branchesOf((...given) => {
          ones([1, 1]).matmul(ones([1, 1]))
          return f(...given)
        })
      : branchesOf(f)
    return cond(predicate!, ...branches, ...halves(inputs))
  }
/** JavaScript's own choice, of a predicate that is known. */
const plain =
  (f: Program): Program =>
  (predicate, ...inputs) =>
    branchesOf(f)[predicate!.item() ? 0 : 1](...halves(inputs))

/** In the rounds of a loop: of what is batched, each has a row. */
const scanned =
  (f: Program, isBatched: readonly boolean[]): Program =>
  (...inputs) => {
    const round = (_: null, rows: Tensor[]) => {
      let next = 0
      return [null, f(...inputs.map((x, i) => (isBatched[i] ? rows[next++]! : x)))] as const
    }
    return tensorsOf(
      scan(
        round,
        null,
        inputs.filter((_, i) => isBatched[i]),
      )[1],
    )
  }

const [yes, no] = [tensor(true), tensor(false)] as [Tensor, Tensor]
const truths = [true, false, true]

describe('every op in both branches of cond equals the chosen one, values and derivatives to second order', () => {
  test.each(table.map((op, turn) => [op.opName, op, turn] as const))('%s', (_, op, turn) => {
    eachSample(op, (sample, index) => {
      const args = materialize(sample)
      const sets = examples(sample, 2 * truths.length)
      const count = sets[0]!.length
      if (count === 0) return
      const f: Program = (...tensors) => tensorsOf(call(op, rebuild(args, tensors) as unknown[]))
      const derived = (g: Program) => withDerivatives(g, op.differentiable)

      const inputs = [...sets[0]!, ...sets[1]!]
      const known = [yes, no].map((truth) => [truth, ...inputs])
      const isPaired = [false, ...inputs.map(() => true)]
      const pairs = inputs.map((x, i) => stack([x, inputs[(i + count) % inputs.length]!]) as Tensor)
      const common = [yes, no].map((truth) => [truth, ...pairs])
      // each example or round has a predicate of its own; some inputs are the same for all
      const isBatched = [true, ...inputs.map((_, i) => (i + index) % 3 > 0)]
      const at = (k: number) => [...sets[2 * k]!, ...sets[2 * k + 1]!]
      const rows = inputs.map((x, i) => (isBatched[i + 1] ? (stack(truths.map((_, k) => at(k)[i]!)) as Tensor) : x))
      const own = [[tensor(truths) as Tensor, ...rows]]
      const axes = (is: readonly boolean[]) => ({ in: is.map((each) => (each ? 0 : null)) })
      const looped = (is: readonly boolean[], size: number) => derived((...given) => loop(plain(f), given, is, size))
      const within = mapped(asOp(f), axes(isBatched))
      const rounds = scanned(asOp(f, index % 2 === 0), isBatched)

      // compiled by itself, and else by turns; elementwise functions, which are many of a kind, by turns alone
      const ways: readonly (readonly [readonly Tensor[][], Program, readonly Program[]])[] = [
        [known, derived(plain(f)), [compiled(derived(asOp(f, true)))]],
        [own, looped(isBatched, truths.length), [derived(within)]],
        [own, looped(isBatched, truths.length), [compiled(derived(rounds))]],
        [common, looped(isPaired, 2), [derived(mapped(asOp(f), axes(isPaired)))]],
        [known, derived(plain(f)), [compiled(derived(checkpoint(asOp(f))))]],
        [own, looped(isBatched, truths.length), [compiled(derived(within)), derived(rounds)]],
      ]
      const [itself, ...others] = ways
      const another = others[(turn + index) % others.length]!
      const chosen = op.opName in rules ? [ways[turn % ways.length]!] : index === 0 ? [itself!, another] : [another]
      for (const [all, plainly, each] of chosen) {
        for (const given of all) {
          const wanted = plainly(...given)
          for (const way of each) expectClose(way(...given), wanted)
        }
      }
    })
  })
})
