import type { Num } from '@adjoint/autograd/scalar'

type Operand = Complex | number
const of = (x: Operand): Complex => (typeof x === 'number' ? new Complex(x, 0) : x)

/** A complex number with those methods of `Num` that the objectives use; comparisons are of the real parts. */
class Complex {
  constructor(
    readonly re: number,
    readonly im: number,
  ) {}
  add(other: Operand): Complex {
    const { re, im } = of(other)
    return new Complex(this.re + re, this.im + im)
  }
  mul(other: Operand): Complex {
    const { re, im } = of(other)
    return new Complex(this.re * re - this.im * im, this.re * im + this.im * re)
  }
  neg(): Complex {
    return new Complex(-this.re, -this.im)
  }
  sub(other: Operand): Complex {
    return this.add(of(other).neg())
  }
  reciprocal(): Complex {
    const size = this.re * this.re + this.im * this.im
    return new Complex(this.re / size, -this.im / size)
  }
  div(other: Operand): Complex {
    return this.mul(of(other).reciprocal())
  }
  square(): Complex {
    return this.mul(this)
  }
  sqrt(): Complex {
    const re = Math.sqrt((Math.hypot(this.re, this.im) + this.re) / 2)
    return new Complex(re, this.im / (2 * re))
  }
  exp(): Complex {
    const size = Math.exp(this.re)
    return new Complex(size * Math.cos(this.im), size * Math.sin(this.im))
  }
  log(): Complex {
    return new Complex(Math.log(Math.hypot(this.re, this.im)), Math.atan2(this.im, this.re))
  }
  sin(): Complex {
    return new Complex(Math.sin(this.re) * Math.cosh(this.im), Math.cos(this.re) * Math.sinh(this.im))
  }
  cos(): Complex {
    return new Complex(Math.cos(this.re) * Math.cosh(this.im), -Math.sin(this.re) * Math.sinh(this.im))
  }
  sigmoid(): Complex {
    return this.neg().exp().add(1).reciprocal()
  }
  tanh(): Complex {
    return this.mul(2).sigmoid().mul(2).sub(1)
  }
  maximum(other: Complex): Complex {
    return this.re >= other.re ? this : other
  }
  lt(other: number): boolean {
    return this.re < other
  }
  eq(other: number): boolean {
    return this.re === other
  }
}

/** A tree of numbers with others in their places. */
export const mapped = (tree: unknown, f: (x: number) => unknown): unknown => {
  if (typeof tree === 'number') return f(tree)
  if (Array.isArray(tree)) return tree.map((each) => mapped(each, f))
  return Object.fromEntries(Object.entries(tree as object).map(([key, each]) => [key, mapped(each, f)]))
}

/** The numbers of a tree in order. */
export const leavesOf = (tree: unknown): number[] => {
  const leaves: number[] = []
  mapped(tree, (x) => leaves.push(x))
  return leaves
}

/** So small that its square is 0. */
const step = 1e-200

/**
 * All derivatives of a function, a row for each result, without differentiation: the imaginary parts of f(x + i h) / h, which are
 * exact to rounding since nothing is subtracted (Squire and Trapp 1998, Using complex variables to estimate derivatives of real functions).
 */
export const complexStep = <P>(f: (x: P) => Num | readonly Num[], at: unknown): number[][] => {
  const columns = leavesOf(at).map((_, wanted) => {
    let place = 0
    const result = f(mapped(at, (x) => new Complex(x, place++ === wanted ? step : 0)) as P)
    return [result].flat().map((each) => (each as unknown as Complex).im / step)
  })
  return columns[0]!.map((_, row) => columns.map((column) => column[row]!))
}
