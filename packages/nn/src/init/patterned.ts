import { argsort, eye, kinds, type Shape, ShapeError, type Tensor, tensor, where } from '@adjoint/autograd'
import { requireAmount, requireCount, requireOption } from '../errors.js'
import { count as countKind } from '../kinds.js'
import { formatShape } from '../shapes.js'
import { initializer, maker } from './initializer.js'
import { type GainOption, gainKind, gainOf } from './scaled.js'

const requireMatrix = (owner: string, shape: Shape): readonly [rows: number, columns: number] => {
  if (shape.length === 2) return shape as unknown as readonly [number, number]
  throw new ShapeError(`${owner}: makes matrices, and not shape ${formatShape(shape)}; give it two sizes.`)
}

/** Rows as long as they are in a row-major list, each orthogonal to those before, of length 1 (Gram and Schmidt, twice). */
const orthonormalize = (numbers: Float64Array, rows: number, columns: number): void => {
  const row = (i: number) => numbers.subarray(i * columns, (i + 1) * columns)
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0)
  for (let i = 0; i < rows; i++) {
    const own = row(i)
    // what rounding leaves of the first time, the second takes away
    for (let time = 0; time < 2; time++) {
      for (let j = 0; j < i; j++) {
        const other = row(j)
        const along = dot(own, other)
        for (let k = 0; k < columns; k++) own[k]! -= along * other[k]!
      }
    }
    const length = Math.sqrt(dot(own, own))
    for (let k = 0; k < columns; k++) own[k]! /= length
  }
}

/**
 * A matrix with orthogonal rows or columns, whichever are fewer, of length `gain`: so that products with it neither grow nor
 * shrink (Saxe et al., Exact solutions to the nonlinear dynamics of learning in deep linear neural networks, 2014). Drawn
 * evenly from all of them. Of more than two axes, all but the first count as one.
 *
 * @throws ShapeError for fewer than two axes
 * @example init.orthogonal({ gain: 'relu' })([4, 3])
 */
export const orthogonal = maker('orthogonal', { options: { gain: gainKind } }, ({ gain = 1 }: GainOption = {}) => {
  const factor = gainOf('init.orthogonal', gain)
  return initializer((shape, { random, dtype }) => {
    if (shape.length < 2) {
      throw new ShapeError(
        `init.orthogonal: shape ${formatShape(shape)} has no rows and columns; give it two axes or more.`,
      )
    }
    const rows = shape[0]!
    const columns = shape.slice(1).reduce((product, size) => product * size, 1)
    const [few, many] = rows < columns ? [rows, columns] : [columns, rows]
    const numbers = Float64Array.from(random.normal([few, many], { dtype: 'float64' }).data)
    orthonormalize(numbers, few, many)
    const lying = tensor(numbers, { dtype: 'float64' }).reshape([few, many]) as Tensor
    const standing = rows < columns ? lying : (lying.transpose() as Tensor)
    return standing
      .mul(factor)
      .reshape([...shape])
      .cast(dtype) as Tensor
  })
})

/** Ones where row and column are the same, times `gain`: a layer that begins as the identity. @example init.identity()([3, 3]) */
export const identity = maker('identity', { options: { gain: gainKind } }, ({ gain = 1 }: GainOption = {}) => {
  const factor = gainOf('init.identity', gain)
  return initializer((shape, { dtype }) => {
    const [rows, columns] = requireMatrix('init.identity', shape)
    return eye(rows, columns, { dtype }).mul(factor) as Tensor
  })
})

/** How `dirac` divides. */
export interface DiracOptions {
  /** As many as the convolution has. Default 1. */
  readonly groups?: number
}

/**
 * Weights [outputs, inputs, ...kernel] of a convolution that begins by copying channel i to output i, as far as there are
 * both: 1 at the middle of the kernel, 0 elsewhere.
 *
 * @throws ShapeError for fewer than three axes, and for outputs that the groups do not divide
 * @example init.dirac()([4, 4, 3, 3])
 */
export const dirac = maker('dirac', { options: { groups: countKind } }, ({ groups = 1 }: DiracOptions = {}) => {
  requireCount('init.dirac', 'groups', groups)
  return initializer((shape, { dtype }) => {
    if (shape.length < 3 || shape[0]! % groups !== 0) {
      throw new ShapeError(
        `init.dirac: shape ${formatShape(shape)} is none of weights [outputs, inputs, ...kernel] of ${groups} groups; give ` +
          'those of a convolution.',
      )
    }
    const [outputs, inputs, ...kernel] = shape as unknown as [number, number, ...number[]]
    const area = kernel.reduce((product, size) => product * size, 1)
    const middle = kernel.reduce((place, size) => place * size + Math.floor(size / 2), 0)
    const numbers = new Float64Array(outputs * inputs * area)
    const perGroup = outputs / groups
    for (let output = 0; output < outputs; output++) {
      const input = output % perGroup
      if (input < inputs) numbers[(output * inputs + input) * area + middle] = 1
    }
    return tensor(numbers, { dtype }).reshape([...shape]) as Tensor
  })
})

/**
 * Weights [inputs, outputs] of which each output has the share `sparsity` of its inputs at 0, and the rest normally
 * distributed (Martens, Deep learning via Hessian-free optimization, 2010).
 *
 * @param sparsity the share of zeros, from 0 to 1; their number is rounded up
 * @throws ShapeError for other than two axes
 * @example init.sparse(0.9, 0.1)([10, 3])
 */
export const sparse = maker(
  'sparse',
  { sparsity: kinds.number, standardDeviation: kinds.optional(kinds.number) },
  (sparsity: number, standardDeviation = 0.01) => {
    requireOption('init.sparse', 'sparsity', sparsity, sparsity >= 0 && sparsity <= 1, 'a share from 0 to 1')
    requireAmount('init.sparse', 'standardDeviation', standardDeviation)
    return initializer((shape, { random, dtype }) => {
      const [inputs, outputs] = requireMatrix('init.sparse', shape)
      const zeros = Math.ceil(sparsity * inputs)
      const values = random.normal([inputs, outputs], { standardDeviation, dtype })
      // the places of each column in a random order: those that come first are zeros
      const order = random.uniform([inputs, outputs], { dtype: 'float64' })
      const places = argsort(argsort(order, 0), 0)
      return where(places.greaterEqual(zeros), values, 0) as Tensor
    })
  },
)
