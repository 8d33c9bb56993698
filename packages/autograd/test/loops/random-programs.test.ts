import { grad, jvp, noGrad, scan, stack, type Tensor, tensor, valueAndGrad, vmap } from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { isFloat } from '../../src/graph/dtype.js'
import { difference } from '../compile/harness.js'
import { inputsOf, lossOf, type Program, programs, runProgram } from '../compile/programs.js'
import { byFloats, compiled, type Program as Fn, loop } from '../vmap/programs.js'

type Role = 'carry' | 'row' | 'captured' | 'computed'
interface Sample {
  readonly program: Program
  readonly roles: readonly Role[]
  readonly choices: readonly number[]
  readonly length: number
  readonly reverse: boolean
}
type Step = (carry: Tensor[], row: Tensor[]) => readonly [Tensor[], Tensor[]]
type Run = (step: Step, carry: Tensor[], rows: Tensor[], sample: Sample) => Tensor[]

const scanned: Run = (step, carry, rows, { length, reverse }) =>
  (scan(step as never, carry as never, rows as never, { length, reverse }) as unknown as Tensor[][]).flat()

const unrolled: Run = (step, carry, rows, { length, reverse }) => {
  const shown: Tensor[][] = []
  let state = carry
  for (let i = 0; i < Math.max(1, length); i++) {
    const at = reverse ? length - 1 - i : i
    const [next, ys] = step(
      state,
      rows.map((row) => (length === 0 ? (row.sum(0).cast(row.dtype) as Tensor) : (row.at(at) as Tensor))),
    )
    if (length > 0) state = next
    shown[Math.max(0, at)] = ys
  }
  return [
    ...state,
    ...shown[0]!.map((y, j) =>
      length === 0 ? (stack([y]).slice(0, 0, 0) as Tensor) : (stack(shown.map((ys) => ys[j]!)) as Tensor),
    ),
  ]
}

const isSame = (x: Tensor, y: Tensor) => `${x}` === `${y}`
const meanOf = (x: Tensor) =>
  x
    .cast('float64')
    .tanh()
    .sum()
    .mul(1 / Math.max(1, x.size)) as Tensor

/** What a round makes of a random program's results. */
const stepOf =
  ({ program, roles, choices }: Sample, around: readonly Tensor[]): Step =>
  (carry, row) => {
    let [c, r, next] = [0, 0, 0]
    const int = (bound: number) => choices[next++ % choices.length]! % bound
    const inputs = roles.map((role, i) => (role === 'carry' ? carry[c++]! : role === 'row' ? row[r++]! : around[i]!))
    const made = runProgram(program, inputs)
    const items = [...inputs, ...made]
    const after = carry.map((x) => {
      const what = int(6)
      if (what === 0) return x
      const like = items.filter((y) => isSame(x, y))
      if (what === 1) return like[int(like.length)]!
      const mean = meanOf(items[items.length - 1 - int(Math.min(3, items.length))]!)
      if (x.dtype === 'bool') return x.logicalXor(mean.greater(0))
      if (!isFloat(x.dtype)) return x.add(mean.mul(3).cast('int32')) as Tensor
      const other = like[like.length - 1 - int(Math.min(2, like.length))]!
      if (what === 2) return x.mul(0.5).add(mean.cast(x.dtype)) as Tensor
      if (what === 3) return x.mul(mean.cast(x.dtype)).add(other.tanh()).tanh() as Tensor
      return other.tanh().mul(0.7).add(mean.cast(x.dtype)) as Tensor
    })
    const ys = Array.from({ length: int(4) }, () => {
      const at = int(items.length + 2)
      return at < items.length ? items[at]! : at === items.length ? tensor([1.5, 2]) : (after[0] ?? items[0]!)
    })
    return [after as Tensor[], ys as Tensor[]]
  }

const programOf =
  (sample: Sample, run: Run): Fn =>
  (...inputs) => {
    const around = inputs.map((x, i) => (sample.roles[i] === 'computed' && isFloat(x.dtype) ? (x.sin() as Tensor) : x))
    const of = (role: Role) => around.filter((_, i) => sample.roles[i] === role)
    return run(stepOf(sample, around), of('carry'), of('row'), sample)
  }

/** Values, the gradient of their sum by the floats, that of what the gradient adds up to, and the tangent of that. */
const toSecondOrder =
  (f: Fn): Fn =>
  (...inputs) => {
    const floats = inputs.filter(({ dtype }) => isFloat(dtype))
    const loss = (list: Tensor[]) => lossOf(byFloats(f, inputs)(list), list[0]!)
    const slope = (list: Tensor[]) => lossOf(grad(loss)(list), list[0]!)
    const [value, first] = valueAndGrad(loss)(floats)
    const along = floats.map((x) => x.cos() as Tensor)
    const [, tangents] = jvp((list: Tensor[]) => grad(loss)(list), [floats], [along]) as unknown as Tensor[][]
    return [...noGrad(() => f(...inputs)), value, ...first, ...grad(slope)(floats), ...tangents!]
  }

const samplesOf = (lengths: readonly number[]) =>
  programs('float64').chain((program) =>
    fc.record({
      program: fc.constant(program),
      roles: fc.array(fc.constantFrom<Role>('carry', 'carry', 'row', 'row', 'captured', 'computed'), {
        minLength: program.inputs.length,
        maxLength: program.inputs.length,
      }),
      choices: fc.array(fc.nat(999), { minLength: 9, maxLength: 9 }),
      length: fc.constantFrom(...lengths),
      reverse: fc.boolean(),
    }),
  )

const dtypes = ['float64', 'float64', 'float64', 'float32'] as const
/** Inputs of mixed dtypes, with an axis of rounds where they are rows. */
const argumentsOf = ({ program, roles, choices, length }: Sample, seed: number): Tensor[] => {
  const rounds = Math.max(1, length)
  const sets = Array.from({ length: rounds }, (_, i) => inputsOf(program, 10 * seed + i))
  return sets[0]!.map((x, i) => {
    const whole = roles[i] === 'row' ? (stack(sets.map((set) => set[i]!)) as Tensor) : x
    const some = roles[i] === 'row' && length === 0 ? (whole.slice(0, 0, 0) as Tensor) : whole
    if (!isFloat(x.dtype)) return choices[i]! % 3 === 0 ? (some.cast('bool') as Tensor) : some
    return some.cast(i === 0 ? 'float64' : dtypes[choices[i]! % 4]!) as Tensor
  })
}

const settings = { seed: 9, numRuns: 60 }
const ways: readonly (readonly [string, (f: Fn) => Fn])[] = [
  ['eager', (f) => f],
  ['compiled', compiled],
]
const tolerance = (all: readonly Tensor[], inputs: readonly Tensor[]) =>
  [...all, ...inputs].some((x) => x.dtype === 'float32') ? 2e-3 : 1e-8

const requireSame = (got: Tensor[], wanted: Tensor[], inputs: Tensor[]) => {
  const differs = difference(got, wanted, tolerance(wanted, inputs))
  if (differs !== null) throw new Error(`${differs}; of ${wanted.length}: ${wanted.join(' ')}`)
}

describe.each(ways)('random bodies of scans, %s, equal the unrolled loop to second order', (_, way) => {
  test('as they are', () => {
    fc.assert(
      fc.property(samplesOf([0, 1, 3]), (sample) => {
        const inputs = argumentsOf(sample, 1)
        const wanted = toSecondOrder(programOf(sample, unrolled))(...inputs)
        const got = way(toSecondOrder(programOf(sample, scanned)))(...inputs)
        requireSame(got, wanted, inputs)
      }),
      settings,
    )
  }, 60_000)

  test('for many examples, differentiated inside or outside', () => {
    const mask = fc.array(fc.boolean(), { minLength: 9, maxLength: 9 })
    fc.assert(
      fc.property(samplesOf([1, 3]), mask, fc.boolean(), (sample, all, isInside) => {
        const isBatched = sample.roles.map((_, i) => all[i]! || i === 0)
        const [one, other] = [argumentsOf(sample, 1), argumentsOf(sample, 2)]
        const inputs = one.map((x, i) => (isBatched[i] ? (stack([x, other[i]!]) as Tensor) : x))
        const axes = { in: isBatched.map((is) => (is ? 0 : null)) }
        const inside = isInside ? toSecondOrder : (f: Fn) => f
        const outside = isInside ? (f: Fn) => f : toSecondOrder
        const wanted = outside((...given) => loop(inside(programOf(sample, unrolled)), given, isBatched, 2))(...inputs)
        const mapped = vmap(inside(programOf(sample, scanned)) as never, axes) as unknown as Fn
        const got = way(outside(mapped))(...inputs)
        requireSame(got, wanted, inputs)
      }),
      settings,
    )
  }, 60_000)
})
