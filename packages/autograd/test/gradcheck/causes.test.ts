import { concat, noGrad, stopGradient, type Tensor, where } from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import {
  altered,
  alteredForward,
  alteredReverse,
  at,
  type Case,
  type F,
  normal,
  op,
  positive,
  replace,
  scalar,
  scaled,
} from './mutants/kit.js'

type Check = (f: F, inputs: readonly unknown[], options?: object) => ReturnType<typeof gradcheck>
const check = gradcheck as unknown as Check

const found = ({ f, inputs }: Case) => {
  const report = check(f, inputs)
  expect(report.verdict, `${report}`).toBe('fail')
  return { report, diagnoses: report.orders.flatMap(({ diagnoses }) => diagnoses) }
}
const causesOf = (made: Case): string[] => found(made).diagnoses.map(({ cause }) => cause)
const saysOf = (made: Case): string =>
  found(made)
    .diagnoses.map(({ says }) => says)
    .join('\n')

const keep = { keepDims: true } as const
const flat = (x: Tensor): Tensor => x.reshape([x.data.length]) as Tensor
const cubeSum: F = (x: Tensor) => x.pow(3).sum()
const hypotenuse: F = (a: Tensor, b: Tensor) => a.square().add(b.square()).sqrt()
const affine: F = (x: Tensor, w: Tensor) => x.matmul(w).exp()
const complexTimes = (a: Tensor, b: Tensor): Tensor => {
  const part = (z: Tensor, k: number) => z.slice(1, k, k + 1)
  const re = part(a, 0)
    .mul(part(b, 0))
    .sub(part(a, 1).mul(part(b, 1)))
  const im = part(a, 0)
    .mul(part(b, 1))
    .add(part(a, 1).mul(part(b, 0)))
  return concat([re, im] as Tensor[], 1) as Tensor
}

/** Wrong derivatives of one kind: what must be said of each; and others that look like it, of which it must not. */
interface Kind {
  readonly cause: string
  readonly are: Readonly<Record<string, () => Case>>
  readonly not: Readonly<Record<string, () => Case>>
}

const kinds: readonly Kind[] = [
  {
    cause: 'sign flip',
    are: {
      'hypotenuse by its second side': () => ({
        f: scaled('hyp', hypotenuse, -1, 1),
        inputs: [positive(1, 4), positive(2, 4)],
      }),
      'an inner product': () => ({
        f: scaled('inner', (a: Tensor, b: Tensor) => a.mul(b).sum(), -1),
        inputs: [normal(3, 5), normal(4, 5)],
      }),
    },
    not: {
      'one row of the wrong sign': () => ({
        f: scaled(
          'sinh',
          (x: Tensor) => x.sinh(),
          -1,
          0,
          (i) => i === 1,
        ),
        inputs: [normal(5, 3, 4)],
      }),
      'the absolute value': () => ({
        f: altered(
          'cosh',
          (x: Tensor) => x.cosh(),
          ([dx], [x]) => [dx!.mul(x!.sign())],
        ),
        inputs: [at(0.5, -0.9, 1.4, -2)],
      }),
    },
  },
  {
    cause: 'constant factor',
    are: {
      'a third': () => ({ f: scaled('atan', (x: Tensor) => x.atan(), 1 / 3), inputs: [normal(6, 5)] }),
      'one and 3e-7': () => ({ f: scaled('sinh', (x: Tensor) => x.sinh(), 1 + 3e-7), inputs: [normal(7, 5)] }),
      'the root of 3': () => ({
        f: scaled('affine', affine, Math.sqrt(3), 1),
        inputs: [normal(8, 2, 2), normal(9, 2, 3)],
      }),
    },
    not: {
      'a factor that follows the point': () => ({
        f: altered(
          'expm',
          (x: Tensor) => x.exp().sub(1),
          (_r, _x, g) => [g],
        ),
        inputs: [normal(10, 4)],
      }),
      'a factor in one column': () => ({
        f: scaled(
          'atan',
          (x: Tensor) => x.atan(),
          5,
          0,
          (_, j) => j === 0,
        ),
        inputs: [normal(11, 3, 3)],
      }),
    },
  },
  {
    cause: 'transpose',
    are: {
      'the gradient of a matrix': () => ({
        f: altered(
          'trace',
          (a: Tensor) => a.matmul(a).exp().sum(),
          ([da]) => [da!.transpose()],
        ),
        inputs: [normal(12, 3, 3).mul(0.4)],
      }),
      'read in the order of 3 x 2': () => ({
        f: altered(
          'sinh',
          (x: Tensor) => x.sinh(),
          ([dx]) => [dx!.transpose().reshape([2, 3])],
        ),
        inputs: [normal(13, 2, 3)],
      }),
      'a matrix that is closed over': () => {
        const m = normal(14, 4, 4)
        return { f: op('mix', (x: Tensor) => m.matmul(x), { vjp: (g) => [m.matmul(g)] }), inputs: [normal(15, 4)] }
      },
      'the other operand': () => ({
        f: altered(
          'product',
          (x: Tensor, w: Tensor) => x.sinh().matmul(w),
          ([, dw], [x, w], g) => [g.matmul(w!).mul(x!.cosh()), dw!],
        ),
        inputs: [normal(16, 2, 3), normal(17, 3, 3)],
      }),
    },
    not: {
      'rows that are shifted': () => ({
        f: altered(
          'sinh',
          (x: Tensor) => x.sinh(),
          ([dx]) => [concat([dx!.slice(0, 1), dx!.slice(0, 0, 1)] as Tensor[])],
        ),
        inputs: [normal(18, 3, 3)],
      }),
    },
  },
  {
    cause: 'shifted',
    are: {
      'one place on': () => ({
        f: altered(
          'sinh',
          (x: Tensor) => x.sinh(),
          ([dx]) => [concat([dx!.slice(0, 1), dx!.slice(0, 0, 1)] as Tensor[])],
        ),
        inputs: [normal(19, 5)],
      }),
      'one column on, with nothing coming in': () => ({
        f: altered(
          'softsign',
          (x: Tensor) => x.div(x.abs().add(1)),
          ([dx]) => [
            dx!.slice(1, 0, -1).pad([
              [0, 0],
              [1, 0],
            ]),
          ],
        ),
        inputs: [normal(20, 2, 4)],
      }),
      'back to front': () => ({
        f: altered(
          'sinh',
          (x: Tensor) => x.sinh(),
          ([dx]) => [dx!.flip(0)],
        ),
        inputs: [normal(21, 5)],
      }),
    },
    not: {
      'the first of all to each': () => ({
        f: altered(
          'sinh',
          (x: Tensor) => x.sinh(),
          ([dx]) => [dx!.slice(0, 0, 1).broadcastTo([4])],
        ),
        inputs: [normal(22, 4)],
      }),
    },
  },
  {
    cause: 'swapped inputs',
    are: {
      'the sides of a triangle': () => ({
        f: altered('hyp', hypotenuse, ([da, db]) => [db!, da!]),
        inputs: [positive(23, 3), positive(24, 3)],
      }),
      'a power': () => ({
        f: altered(
          'power',
          (a: Tensor, b: Tensor) => a.pow(b),
          ([da, db]) => [db!, da!],
        ),
        inputs: [positive(25, 4), normal(26, 4)],
      }),
    },
    not: {
      'a difference whose first has the sign of the second': () => ({
        f: scaled('less', (a: Tensor, b: Tensor) => a.sub(b), -1),
        inputs: [normal(27, 3), normal(28, 3)],
      }),
    },
  },
  {
    cause: 'broadcast reduction',
    are: {
      'a scale of rows: the last alone': () => ({
        f: altered(
          'scale',
          (x: Tensor, s: Tensor) => x.mul(s),
          ([dx], [x], g) => [dx!, g.mul(x!).slice(0, 2, 3).reshape([4])],
        ),
        inputs: [normal(29, 3, 4), normal(30, 4)],
      }),
      'a shift of columns': () => ({
        f: altered(
          'shift',
          (x: Tensor, b: Tensor) => x.add(b.reshape([3, 1])).sinh(),
          ([dx], _i, _g) => [dx!, dx!.slice(1, 0, 1).reshape([3])],
        ),
        inputs: [normal(31, 3, 4), normal(32, 3)],
      }),
    },
    not: {
      'a batch whose last sample is left out': () => ({
        f: scaled(
          'loss',
          (x: Tensor) => x.sinh().sum(1),
          0,
          0,
          (i) => i === 2,
        ),
        inputs: [normal(33, 3, 4)],
      }),
    },
  },
  {
    cause: 'absolute value',
    are: {
      'of the slope of a parabola': () => ({
        f: altered(
          'parabola',
          (x: Tensor) => x.square().add(x),
          ([dx], [x]) => [dx!.mul(x!.mul(2).add(1).sign())],
        ),
        inputs: [at(0.5, -0.9, 1.4, -2)],
      }),
      'of the cotangent': () => ({
        f: altered(
          'atan',
          (x: Tensor) => x.atan(),
          (_r, [x], g) => [g.abs().div(x!.square().add(1))],
        ),
        inputs: [normal(34, 3)],
      }),
    },
    not: {
      'the wrong sign for two of four': () => ({
        f: scaled(
          'sinh',
          (x: Tensor) => x.mul(-1).sinh(),
          -1,
          0,
          (i) => i > 1,
        ),
        inputs: [normal(35, 4)],
      }),
    },
  },
  {
    cause: 'clipped',
    are: {
      'the slope of a sinh at 2': () => ({
        f: altered(
          'sinh',
          (x: Tensor) => x.sinh(),
          ([, ...more], [x], g) => [g.mul(x!.cosh().minimum(2)), ...more],
        ),
        inputs: [at(0.2, 1.9, -2.4)],
      }),
      'the gradient at +-0.1': () => ({
        f: altered(
          'squares',
          (x: Tensor) => x.square().sum(),
          ([dx]) => [dx!.clamp(-0.1, 0.1)],
        ),
        inputs: [normal(36, 4)],
      }),
    },
    not: {
      'a constant in the place of a slope': () => ({
        f: altered(
          'atan',
          (x: Tensor) => x.atan(),
          (_r, _x, g) => [g.mul(0.25)],
        ),
        inputs: [at(0.2, 0.9, -0.4)],
      }),
    },
  },
  {
    cause: 'conjugate',
    are: {
      'a complex product, by the second': () => ({
        f: altered('times', complexTimes, ([da], [a], g) => [da!, complexTimes(g, a!)]),
        inputs: [normal(37, 3, 2), normal(38, 3, 2)],
      }),
      'a complex cube': () => ({
        f: altered(
          'cube',
          (z: Tensor) => complexTimes(z, complexTimes(z, z)),
          (_r, [z], g) => [complexTimes(g, complexTimes(z!, z!).mul(3) as Tensor)],
        ),
        inputs: [normal(39, 2, 2)],
      }),
    },
    not: {
      'a matrix that is not transposed': () => {
        const m = normal(40, 3, 3)
        return { f: op('mix', (x: Tensor) => m.matmul(x), { vjp: (g) => [m.matmul(g)] }), inputs: [normal(41, 3)] }
      },
    },
  },
  {
    cause: 'no gradient',
    are: {
      'by a bias': () => ({
        f: altered(
          'dense',
          (x: Tensor, w: Tensor, b: Tensor) => x.matmul(w).add(b).sinh(),
          (right) => replace(right, 2, (db) => db.mul(0) as Tensor),
        ),
        inputs: [normal(42, 2, 2), normal(43, 2, 3), normal(44, 3)],
      }),
      'by what is stopped': () => ({
        f: (a: Tensor, b: Tensor) => a.sinh().mul(stopGradient(b)),
        inputs: [normal(45, 3), normal(46, 3)],
      }),
    },
    not: {
      'of one element': () => ({
        f: scaled(
          'sinh',
          (x: Tensor) => x.sinh(),
          0,
          0,
          (i) => i === 2,
        ),
        inputs: [normal(47, 5)],
      }),
    },
  },
  {
    cause: 'cotangent ignored',
    are: {
      'a norm': () => ({
        f: altered(
          'norm',
          (x: Tensor) => x.norm(),
          (_r, [x]) => [x!.div(x!.norm())],
        ),
        inputs: [normal(48, 3)],
      }),
      'a constant that is added': () => ({
        f: altered(
          'sinh',
          (x: Tensor) => x.sinh(),
          ([dx]) => [dx!.add(1)],
        ),
        inputs: [normal(49, 3)],
      }),
    },
    not: {
      'a slope of 1': () => ({
        f: altered(
          'sinh',
          (x: Tensor) => x.sinh(),
          (_r, _x, g) => [g],
        ),
        inputs: [normal(50, 3)],
      }),
    },
  },
  {
    cause: 'missing term',
    are: {
      'two uses, one counted': () => ({
        f: altered(
          'both',
          (x: Tensor) => x.sinh().add(x.atan()),
          (_r, [x], g) => [g.mul(x!.cosh())],
        ),
        inputs: [normal(54, 4)],
      }),
      'centred: the mean is fixed': () => ({
        f: altered(
          'centred',
          (x: Tensor) => x.sub(x.mean()).mul(2),
          (_r, _x, g) => [g.mul(2)],
        ),
        inputs: [normal(51, 4)],
      }),
      'x atan x': () => ({
        f: altered(
          'xAtan',
          (x: Tensor) => x.mul(x.atan()),
          (_r, [x], g) => [g.mul(x!.atan())],
        ),
        inputs: [normal(52, 4)],
      }),
    },
    not: {
      'only the diagonal twice': () => ({
        f: altered(
          'centred',
          (x: Tensor) => x.sub(x.mean()),
          ([dx]) => [dx!.mul(2)],
        ),
        inputs: [normal(53, 4)],
      }),
    },
  },
  {
    cause: 'chain factor',
    are: {
      'an inner slope': () => ({
        f: altered(
          'inner',
          (x: Tensor) => x.sinh().atan(),
          (_r, [x], g) => [g.div(x!.sinh().square().add(1))],
        ),
        inputs: [normal(55, 4)],
      }),
      'a root that is not divided by': () => ({
        f: altered(
          'root',
          (x: Tensor) => x.square().sum(1, keep).sqrt(),
          (_r, [x], g) => [g.mul(x!)],
        ),
        inputs: [positive(57, 2, 3)],
      }),
      'the square of a tanh': () => ({
        f: altered(
          'tanh',
          (x: Tensor) => x.tanh(),
          (_r, _x, g) => [g],
        ),
        inputs: [normal(58, 4)],
      }),
    },
    not: {
      'a constant': () => ({ f: scaled('tanh', (x: Tensor) => x.tanh(), 0.3), inputs: [normal(59, 4)] }),
    },
  },
  {
    cause: 'random gradient',
    are: {
      'a call that counts': () => {
        let calls = 0
        return {
          f: altered(
            'sinh',
            (x: Tensor) => x.sinh(),
            ([dx]) => [dx!.mul(++calls)],
          ),
          inputs: [normal(60, 3)],
        }
      },
      'every other call': () => {
        let calls = 0
        return {
          f: altered(
            'atan',
            (x: Tensor) => x.atan(),
            ([dx]) => [dx!.mul(++calls % 2)],
          ),
          inputs: [normal(61, 3)],
        }
      },
    },
    not: {
      'the same noise each time': () => ({
        f: altered(
          'atan',
          (x: Tensor) => x.atan(),
          ([dx]) => [dx!.mul(normal(62, 3))],
        ),
        inputs: [normal(63, 3)],
      }),
    },
  },
  {
    cause: 'float32',
    are: {
      'a slope': () => ({
        f: altered(
          'atan',
          (x: Tensor) => x.atan(),
          (_r, [x], g) => [g.mul(x!.square().add(1).reciprocal().cast('float32').cast('float64'))],
        ),
        inputs: [normal(64, 5)],
      }),
      'all that comes back': () => ({
        f: altered(
          'sinh',
          (x: Tensor) => x.sinh(),
          ([dx]) => [dx!.cast('float32').cast('float64')],
        ),
        inputs: [normal(65, 5)],
      }),
    },
    not: {
      'an epsilon in a denominator': () => ({
        f: altered(
          'atan',
          (x: Tensor) => x.atan(),
          (_r, [x], g) => [g.div(x!.square().add(1 + 1e-7))],
        ),
        inputs: [normal(66, 5)],
      }),
    },
  },
  {
    cause: 'only some',
    are: {
      'a row': () => ({
        f: scaled(
          'sinh',
          (x: Tensor) => x.sinh(),
          3,
          0,
          (i) => i === 1,
        ),
        inputs: [normal(67, 4, 3)],
      }),
      'a branch': () => ({
        f: altered(
          'bent',
          (x: Tensor) => where(x.greater(0), x.sinh(), x.mul(2)),
          (_r, [x], g) => [g.mul(where(x!.greater(0), x!.cosh(), 1.5))],
        ),
        inputs: [at(0.4, -0.5, 1.2, -1.4)],
      }),
      'one of 3,600': () => ({
        f: scaled(
          'sinh',
          (x: Tensor) => x.sinh().sum(),
          -1,
          0,
          (i, j) => i === 17 && j === 40,
        ),
        inputs: [normal(68, 60, 60)],
      }),
    },
    not: {
      'all of them': () => ({ f: scaled('sinh', (x: Tensor) => x.sinh(), 3), inputs: [normal(69, 4, 3)] }),
    },
  },
  {
    cause: 'double accumulation',
    are: {
      'one of two uses': () => ({
        f: altered(
          'both',
          (x: Tensor) => x.sinh().add(x.atan()),
          ([dx], [x], g) => [dx!.add(g.mul(x!.cosh()))],
        ),
        inputs: [normal(56, 4)],
      }),
      'what two inputs get goes to both': () => ({
        f: altered(
          'pair',
          (a: Tensor, b: Tensor) => a.sinh().mul(b),
          (right) => right.map(() => right[0]!.add(right[1]!)),
        ),
        inputs: [normal(70, 3), normal(71, 3)],
      }),
    },
    not: {
      'only one of them gets it': () => ({
        f: scaled('pair', (a: Tensor, b: Tensor) => a.sinh().mul(b), 2),
        inputs: [normal(72, 3), normal(73, 3)],
      }),
    },
  },
]

describe.each(kinds.map((kind) => [kind.cause, kind] as const))('%s', (cause, { are, not }) => {
  test.each(Object.entries(are))('is named: %s', (_, make) => {
    const { report } = found(make())
    expect(causesOf(make()), `${report}`).toContain(cause)
  })
  test.each(Object.entries(not))('is not named: %s', (_, make) => {
    const { report } = found(make())
    expect(causesOf(make()), `${report}`).not.toContain(cause)
  })
})

describe('a factor that is a count', () => {
  test('is called a mean or a sum where so many elements meet', () => {
    const f = scaled('total', (x: Tensor) => x.sinh().sum(1), 1 / 4)
    expect(saysOf({ f, inputs: [normal(80, 3, 4)] })).toContain('a mean may stand where a sum belongs')
    const g = scaled('average', (x: Tensor) => x.sinh().mean(0), 3)
    expect(saysOf({ f: g, inputs: [normal(81, 3, 4)] })).toContain('a sum may stand where a mean belongs')
  })

  test.each<[string, F, number, Tensor]>([
    ['three times, of three elements', (x: Tensor) => x.sinh(), 3, normal(82, 3)],
    ['a third, along the axis that stays', (x: Tensor) => x.sinh().sum(1), 1 / 3, normal(83, 3, 4)],
    ['four times, of an element of four', (x: Tensor) => x.atan(), 4, normal(84, 2, 2)],
  ])('is not where they do not: %s', (_, f, factor, x) => {
    const says = saysOf({ f: scaled('f', f, factor), inputs: [x] })
    expect(says).toContain('times what it should be')
    expect(says).not.toMatch(/mean|sum/)
  })
})

describe('a mode', () => {
  const exp: F = (x: Tensor) => x.sinh()

  test('is right where the other is wrong, in words', () => {
    const reverse = saysOf({ f: alteredReverse('sinh', exp, ([dx]) => [dx!.neg()]), inputs: [normal(85, 3)] })
    expect(reverse).toMatch(/^reverse mode, .*sign is wrong.*forward mode is right: look at the vjp rule$/)
    const forward = saysOf({ f: alteredForward('sinh', exp, (dy) => dy.neg() as Tensor), inputs: [normal(86, 3)] })
    expect(forward).toMatch(/^forward mode, .*sign is wrong.*reverse mode is right: look at the jvp rule$/)
  })

  test('is not blamed where it is made of the rule of the other', () => {
    const made = { f: scaled('sinh', exp, -1), inputs: [normal(87, 3)] }
    expect(found(made).diagnoses.map(({ mode }) => mode)).toEqual(['reverse'])
    const byJvp = op('sinh', exp, { jvp: ([dx], [x]) => dx!.mul(x!.cosh()).neg() })
    expect(found({ f: byJvp, inputs: [normal(88, 3)] }).diagnoses.map(({ mode }) => mode)).toEqual(['forward'])
  })

  test('is named by both at once where both are wrong', () => {
    const f = op('sinh', exp, {
      vjp: (g, [x]) => [g.mul(x!.cosh()).neg()],
      jvp: ([dx], [x]) => dx!.mul(x!.cosh()).neg(),
    })
    expect(saysOf({ f, inputs: [normal(89, 3)] })).toMatch(/^both modes, [^\n]*sign is wrong[^\n]*$/)
  })
})

describe('second derivatives', () => {
  test('that are zero are of something taken as a constant', () => {
    const f = op('cube', (x: Tensor) => x.pow(3), { vjp: (g, [x]) => [g.mul(noGrad(() => x!.square().mul(3)))] })
    expect(saysOf({ f, inputs: [normal(90, 3)] })).toContain('as a constant')
  })
})

test('a scalar with one wrong derivative has its cause too', () => {
  expect(causesOf({ f: scaled('sinh', (x: Tensor) => x.sinh(), -1), inputs: [scalar(0.7)] })).toEqual(['sign flip'])
})

test('what no hypothesis explains has no cause', () => {
  const f = altered(
    'odd',
    (x: Tensor) => flat(x).sinh(),
    (_r, [x], g) => [g.mul(x!.mul(1.3).sin().add(2))],
  )
  expect(causesOf({ f, inputs: [normal(91, 4)] })).toEqual([])
  const g = altered('odd', cubeSum, (_r, [x], g) => [g.mul(x!.mul(0.7).cos().add(1.5))])
  expect(causesOf({ f: g, inputs: [normal(92, 4)] })).toEqual([])
})

test('a diagnosis costs a passing check nothing', () => {
  let calls = 0
  const f = altered(
    'sinh',
    (x: Tensor) => x.sinh(),
    (right) => {
      calls++
      return right
    },
  )
  check(f, [normal(93, 2)], { order: 1, nearby: 0 })
  // two rows, two columns by the rule's transpose, the product of both, and what is available
  expect(calls).toBeLessThan(20)
})
