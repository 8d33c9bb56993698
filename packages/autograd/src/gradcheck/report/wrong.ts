import type { Shape } from '../../graph/shape.js'
import type { Comparison, Errors } from '../comparison/agreement.js'
import { patternOf } from '../patterns/pattern.js'
import type { Coordinates, Leaf } from '../subject/coordinates.js'
import type { Subject } from '../subject/subject.js'

/** A tensor by whose elements derivatives are wrong, or of whose elements they are. */
export interface WrongTensor {
  /** `input[0].w`, or `output` where it depends on the output which derivatives are wrong. */
  readonly path: string
  /** Its shape. */
  readonly shape: Shape
  /** The greatest error by each element, in bars, row by row: NaN where nothing was compared. */
  readonly errors: Float64Array
  /** More bars than this are wrong. */
  readonly tolerance: number
  /** Which elements are wrong, as words to stand after 'wrong': `only in row 2`; null if they follow no rule. */
  readonly pattern: string | null
}

/** The tensors that comparisons by element show to be wrong, with the pattern of what is wrong in each. */
export const wrongTensors = (
  comparisons: readonly Comparison[],
  { inputs, outputs, point }: Subject,
  tolerance: number,
): WrongTensor[] => {
  const differing = comparisons.filter(({ agrees }) => !agrees)
  const certain = differing.filter(isWithDifferences)
  const seen = certain.length > 0 ? certain : differing
  const inInputs = tensorsOf(inputs, greatest(seen.map(({ byInput }) => byInput)), tolerance, point)
  // which outputs are concerned is news only where the inputs do not say it
  if (inInputs.some(({ pattern }) => pattern !== null && pattern !== everywhere)) return inInputs
  const inOutputs = tensorsOf(outputs, greatest(seen.map(({ byOutput }) => byOutput)), tolerance)
  const isNews = inOutputs.length < outputs.leaves.length || inOutputs.some(({ pattern }) => pattern !== everywhere)
  return outputs.size > 1 && isNews ? [...inInputs, ...inOutputs] : inInputs
}

const everywhere = 'everywhere'

export const isWithDifferences = ({ right }: Comparison): boolean => right.startsWith('numeric')

const greatest = (all: readonly (Errors | null)[]): Errors | null => {
  const found = all.filter((errors) => errors !== null)
  const [first] = found
  if (first === undefined) return null
  return first.map((_, k) => found.reduce((most, errors) => larger(most, errors[k]!), Number.NaN))
}

const larger = (a: number, b: number): number => (Number.isNaN(a) || b > a ? b : a)

const tensorsOf = (
  { leaves }: Coordinates,
  errors: Errors | null,
  tolerance: number,
  point?: Float64Array,
): WrongTensor[] =>
  leaves.flatMap((leaf) => {
    const own = errors?.subarray(leaf.offset, leaf.offset + leaf.size)
    if (!own?.some((error) => error > tolerance)) return []
    return [
      { path: leaf.path, shape: leaf.shape, errors: own, tolerance, pattern: patternIn(leaf, own, tolerance, point) },
    ]
  })

const patternIn = ({ path, shape, offset, size }: Leaf, errors: Errors, tolerance: number, point?: Float64Array) =>
  patternOf(shape, (position) => errors[position]! > tolerance, {
    known: (position) => !Number.isNaN(errors[position]),
    values: point === undefined ? [] : [{ name: path, at: point.subarray(offset, offset + size) }],
  })
