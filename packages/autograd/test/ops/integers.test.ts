import {
  add,
  conv2d,
  DTypeError,
  div,
  floorDivide,
  fmod,
  matmul,
  mul,
  neg,
  pow,
  remainder,
  square,
  sub,
  type Tensor,
  tensor,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { withBackends } from '../../src/execution/eager.js'
import { reference } from '../../src/execution/reference/index.js'
import { ways } from '../compile/harness.js'

// int32 arithmetic is exact and wraps at 32 bits, whatever runs it: BigInt is the oracle.

const int32 = { dtype: 'int32' } as const
const ints = (numbers: readonly number[]): Tensor => tensor(numbers as number[], int32)
const wrap = (n: bigint): number => Number(BigInt.asIntN(32, n))
const edges = [0, 1, -1, 2, -7, 46341, 65537, -65537, 123456789, -987654321, 2 ** 31 - 1, -(2 ** 31)]
const pairs = edges.flatMap((a) => edges.map((b) => [a, b] as const))

type Run = (f: (...xs: Tensor[]) => Tensor, ...xs: Tensor[]) => number[]
const eager: Run = (f, ...xs) => [...f(...xs).data]
const runs: readonly (readonly [string, Run])[] = [
  ['eager', eager],
  ['the reference', (f, ...xs) => withBackends([reference], () => eager(f, ...xs))],
  ...ways.map(([name, wrapped]): [string, Run] => [name, (f, ...xs) => eager(wrapped(f), ...xs)]),
]

/** Both operands in several lengths, so that small and large tensors are seen. */
const lengths = [1, 5, pairs.length, 20 * pairs.length]
const columns = (length: number) => {
  const rows = Array.from({ length }, (_, i) => pairs[(i * 7) % pairs.length]!)
  return { rows, a: ints(rows.map(([a]) => a)), b: ints(rows.map(([, b]) => b)) }
}

describe.each(runs)('int32 arithmetic, %s', (_, run) => {
  test.each<[string, (a: Tensor, b: Tensor) => Tensor, (a: bigint, b: bigint) => bigint]>([
    ['a + b', (a, b) => add(a, b), (a, b) => a + b],
    ['a - b', (a, b) => sub(a, b), (a, b) => a - b],
    ['a * b', (a, b) => mul(a, b), (a, b) => a * b],
    ['-a', (a) => neg(a), (a) => -a],
    ['a^2', (a) => square(a), (a) => a * a],
    ['a ** 2', (a) => pow(a, 2), (a) => a * a],
    ['a ** 5', (a) => pow(a, 5), (a) => a ** 5n],
    ['a ** 31', (a) => pow(a, 31), (a) => a ** 31n],
    ['(a * b + b) * a', (a, b) => mul(add(mul(a, b), b), a), (a, b) => (a * b + b) * a],
    ['a * 65537', (a) => mul(a, 65537), (a) => a * 65537n],
  ])('%s wraps at 32 bits', (_name, f, oracle) => {
    for (const length of lengths) {
      const { rows, a, b } = columns(length)
      const wanted = rows.map(([x, y]) => wrap(oracle(BigInt(x), BigInt(y))))
      expect(run(f as (...xs: Tensor[]) => Tensor, a, b), `${length} elements`).toEqual(wanted)
    }
  })

  test.each(['float32', 'float64'] as const)(
    'a cast of %s drops the fraction and wraps; what is no number is 0',
    (dtype) => {
      const given = [1.9, -1.9, 0.5, -0.5, 3e9, -3e9, 2 ** 31, 2 ** 32 + 2 ** 10, -(2 ** 31), 1e20, 1e30, -1e38]
      const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
      const numbers = [...given, ...odd].map(dtype === 'float32' ? Math.fround : Number)
      const wanted = numbers.map((n) => (Number.isFinite(n) ? wrap(BigInt(Math.trunc(n))) : 0))
      for (const times of [1, 300]) {
        const list = Array.from({ length: times }, () => numbers).flat()
        const x = tensor(list, { dtype }) as Tensor
        const results = Array.from({ length: times }, () => wanted).flat()
        expect(run((y) => y!.cast('int32'), x)).toEqual(results)
        // also where more follows, which compiled code might do at once
        expect(run((y) => y!.mul(1).cast('int32').cast('float64').add(0.5), x)).toEqual(results.map((n) => n + 0.5))
        expect(run((y) => y!.cast('bool'), x)).toEqual(list.map((n) => Number(n !== 0)))
      }
    },
  )

  test('powers with exponents that are tensors: fractions keep their integer part', () => {
    const bases = [3, -3, 2, -2, 1, -1, -1, 0, 0, 7, -7]
    const exponents = [40, 41, 31, -1, -5, -3, -4, 0, -2, 2 ** 31 - 1, 0]
    const wanted = bases.map((base, i) => {
      const exponent = exponents[i]!
      if (exponent < 0) return Math.trunc(base ** exponent) | 0
      // 7^(2^31 - 1), by squaring modulo 2^32
      let result = 1n
      for (let power = BigInt(base), left = exponent; left > 0; left = Math.floor(left / 2), power *= power) {
        power = BigInt.asIntN(32, power)
        if (left % 2 === 1) result = BigInt.asIntN(32, result * power)
      }
      return wrap(result)
    })
    expect(run((a, b) => pow(a!, b!), ints(bases), ints(exponents)).map((n) => n + 0)).toEqual(wanted.map((n) => n + 0))
  })

  test('the remainder by 0 is 0', () => {
    expect(run((a, b) => remainder(a!, b!), ints([7, -7, 0, 5]), ints([0, 0, 0, 3]))).toEqual([0, 0, 0, 2])
  })

  test('fmod and floorDivide, by 0 too, which gives 0', () => {
    const divisors = pairs.filter(([, b]) => b !== 0)
    const [a, b] = [0, 1].map((k) => ints(divisors.map((pair) => pair[k]!))) as [Tensor, Tensor]
    const floored = (x: bigint, y: bigint) => (x % y !== 0n && x < 0n !== y < 0n ? x / y - 1n : x / y)
    const wanted = (f: (x: bigint, y: bigint) => bigint) => divisors.map(([x, y]) => wrap(f(BigInt(x), BigInt(y))))
    expect(run((x, y) => fmod(x!, y!), a, b).map((n) => n + 0)).toEqual(wanted((x, y) => x % y))
    expect(run((x, y) => floorDivide(x!, y!), a, b).map((n) => n + 0)).toEqual(wanted(floored))
    for (const f of [fmod, floorDivide]) {
      expect(run((x, y) => f(x!, y!), ints([7, -7, 0, 5]), ints([0, 0, 0, 10])).map((n) => n + 0)).toEqual([
        0,
        0,
        0,
        f === fmod ? 5 : 0,
      ])
    }
  })

  test('a quotient is a float', () => {
    expect(run((a, b) => div(a!, b!), ints([7, -7, 0, 5]), ints([0, 0, 0, 4]))).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      1.25,
    ])
  })

  test('sums, products and matrix products', () => {
    const [m, k, n] = [5, 12, 7]
    const a = Array.from({ length: m * k }, (_, i) => edges[(i * 5) % edges.length]!)
    const b = Array.from({ length: k * n }, (_, i) => edges[(i * 7 + 3) % edges.length]!)
    const cell = (i: number) => {
      const [row, column] = [Math.floor(i / n), i % n]
      let sum = 0n
      for (let l = 0; l < k; l++) sum += BigInt(a[row * k + l]!) * BigInt(b[l * n + column]!)
      return wrap(sum)
    }
    const product = Array.from({ length: m * n }, (_, i) => cell(i))
    expect(run((x, y) => matmul(x!.reshape([m, k]), y!.reshape([k, n])) as Tensor, ints(a), ints(b))).toEqual(product)
    const transposed = (x: Tensor, y: Tensor) =>
      matmul(y.reshape([k, n]).transpose(), x.reshape([m, k]).transpose()).transpose() as Tensor
    expect(run(transposed as never, ints(a), ints(b))).toEqual(product)
    const batch = (x: Tensor, y: Tensor) => matmul(x.reshape([1, m, k]), y.reshape([1, k, n])) as Tensor
    expect(run(batch as never, ints(a), ints(b))).toEqual(product)
    const odd = a.map((x) => x | 1)
    const big = odd.map(BigInt)
    expect(run((x) => x!.prod(), ints(odd))).toEqual([wrap(big.reduce((x, y) => x * y))])
    expect(run((x) => x!.sum(), ints(odd))).toEqual([wrap(big.reduce((x, y) => x + y))])
    const image = (x: Tensor, y: Tensor) => conv2d(x.reshape([1, 1, 2, 2]), y.reshape([1, 1, 2, 2])) as Tensor
    const four = edges.slice(-4).map(BigInt)
    expect(run(image as never, ints(edges.slice(-4)), ints(edges.slice(-4)))).toEqual([
      wrap(four.reduce((sum, x) => sum + x * x, 0n)),
    ])
  })

  test('sums of more than 2^22 large elements', () => {
    const count = 2 ** 22 + 3
    const x = ints([2 ** 31 - 1]).broadcastTo([2, count]) as Tensor
    const wanted = wrap(BigInt(count) * (2n ** 31n - 1n))
    if (run === runs[1]![1]) return
    expect(run((y) => y!.add(0).sum(1), x)).toEqual([wanted, wanted])
    expect(run((y) => y!.add(0).reshape([count, 2]).sum(0), x)).toEqual([wanted, wanted])
  })
})

describe('what integers and truth values have no result for is refused', () => {
  const truths = tensor([true, false]) as Tensor
  const whole = ints([3, 2])
  test.each<[string, () => unknown, readonly string[]]>([
    ['-bool', () => truths.neg(), ['neg: bool[2] given', 'logicalNot()', "'int32'"]],
    ['bool - bool', () => truths.sub(truths), ['sub: bool[2], bool[2]', 'logicalXor()', "'int32'"]],
    ['bool - false', () => truths.sub(false as never), ['sub', 'logicalXor()']],
    ['bool rem bool', () => truths.remainder(truths), ['remainder', "'int32'"]],
    ['bool fmod bool', () => fmod(truths, truths), ['fmod', 'no remainder', "'int32'"]],
    ['bool // bool', () => floorDivide(truths, truths), ['floorDivide', 'no quotient', "'int32'"]],
    ['int32 // 0', () => floorDivide(whole, 0), ['floorDivide: int32[2], 0', 'float']],
    ['int32 to a negative power', () => whole.pow(-1), ['pow: int32[2], -1', 'fractions', "'float32'"]],
    ['int32 rem 0', () => whole.remainder(0), ['remainder: int32[2], 0', 'float']],
  ])('%s', (_, act, says) => {
    expect(act).toThrow(DTypeError)
    for (const text of says) expect(act).toThrow(text)
  })

  test('beside numbers, truth values count as int32', () => {
    expect([...truths.sub(1).data]).toEqual([0, -1])
    expect([...truths.mul(truths).data]).toEqual([1, 0])
    expect([...truths.add(truths).data]).toEqual([1, 0])
  })
})
