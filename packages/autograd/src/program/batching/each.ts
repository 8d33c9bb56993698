import { allocate } from '../../graph/dtype.js'
import { ShapeError } from '../../graph/errors.js'
import type { Examples, Look } from '../../graph/kernel.js'
import { formatShape, sameShape, sizeOf } from '../../graph/shape.js'
import { denseData, denseValue, onesLike, rowOf, type Spec, type Value } from '../../graph/value.js'

// Where elements are looked at.

/** What looks at the elements of one example, for all of them: at once if it can, else one after the other. */
export const forExamples = (
  size: number,
  given: readonly { readonly areEqual: boolean }[],
  f: Look,
  like?: readonly Spec[],
): Look => {
  const { forAll } = f
  if (forAll === undefined) return (values) => eachExample(size, values, given, f, like)
  const together = (sizes: readonly number[], inputs: readonly Examples[]) =>
    forAll(
      [...sizes, size],
      inputs.map(({ value, has }, i) => ({ value, has: [...has, !given[i]!.areEqual] })),
    )
  const alone = (values: readonly Value[]) =>
    together(
      [],
      values.map((value) => ({ value, has: [] })),
    )
  return Object.assign(alone, { forAll: together })
}

/** What `f` gives for each example in turn, along a first axis. What that is `like` may be known. */
const eachExample = (
  size: number,
  values: readonly Value[],
  given: readonly { readonly areEqual: boolean }[],
  f: Look,
  like?: readonly Spec[],
): readonly (Value | null)[] => {
  const at = (i: number) => f(values.map((value, j) => (given[j]!.areEqual ? value : rowOf(value, i))))
  // without examples, what f gives has the shapes that it has for others
  if (size === 0) {
    if (like !== undefined) return like.map((spec) => stacked([], spec))
    const ones = values.map((value, j) =>
      onesLike(given[j]!.areEqual ? value : { ...value, shape: value.shape.slice(1) }),
    )
    return f(ones).map((value) => value && stacked([], value))
  }
  const rows = Array.from({ length: size }, (_, i) => at(i))
  return rows[0]!.map((first, j) => {
    const all = rows.map((row, i) => requireAlike(row[j]!, first, i))
    return first && stacked(all as Value[], first)
  })
}

/** What a custom op gives for an example is like what it gives for the first. */
const requireAlike = (value: Value | null, first: Value | null, example: number): Value | null => {
  if (value === first || (value && first && value.dtype === first.dtype && sameShape(value.shape, first.shape)))
    return value
  const [got, expected] = [value, first].map((each) =>
    each === null ? 'nothing' : each.dtype + formatShape(each.shape),
  )
  throw new ShapeError(
    `vmap: a custom op that looks at elements gave ${got} for example ${example} and ${expected} for example 0; what it ` +
      'gives must have a shape that does not depend on elements.',
  )
}

const stacked = (rows: readonly Value[], { shape, dtype }: Spec): Value => {
  const size = sizeOf(shape)
  const data = allocate(dtype, size * rows.length)
  for (const [i, row] of rows.entries()) data.set(denseData(row), i * size)
  return denseValue(data, [rows.length, ...shape], dtype)
}
