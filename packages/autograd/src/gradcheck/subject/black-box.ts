import { ArgumentError } from '../../graph/errors.js'
import { requireSync } from '../../graph/tracking.js'
import { MissingMode } from './available.js'
import { nameAt } from './coordinates.js'
import type { Doubt } from './doubt.js'
import { type PlainTree, plainTree } from './plain.js'
import type { Precision } from './precision.js'
import type { Made, Subject } from './subject.js'
import { counted, namingThrown } from './thrown.js'

/** Functions of plain numbers: a value, and what is claimed of its derivative. */
export interface PlainFunctions {
  readonly value: (x: never) => unknown
  readonly grad?: ((x: never) => unknown) | undefined
  readonly vjp?: ((x: never, cotangent: never) => unknown) | undefined
  readonly jvp?: ((x: never, tangent: never) => unknown) | undefined
}

type Run = (...args: unknown[]) => unknown
type Runs = { readonly value: Run } & { readonly [name in keyof PlainFunctions]: Run | undefined }

const owner = 'gradcheck.blackBox'

/**
 * The subject that these functions are, and what is to be said of them. Each call has an x of its own, and one of float32 numbers
 * is given no others.
 *
 * @param dtype undefined for what x has room for
 */
export const blackBoxSubject = (functions: PlainFunctions, x: unknown, dtype: Precision | undefined): Made => {
  const { value: given, grad, vjp, jvp } = functions as Runs
  const { run: value, calls } = counted(given)
  const asGiven = plainTree(x, 'x', owner)
  const precision = dtype ?? (asGiven.precisions.has('float64') ? 'float64' : 'float32')
  const inputs = rounded(precision, asGiven)
  requireNumbers(inputs, precision)
  const { point } = inputs
  const first = tryOut('value', value, inputs, point)
  const outputs = rounded(precision, plainTree(first.result, 'value', `${owner}: what value gave`))
  requireDerivatives(functions, outputs)
  const ones = ({ coordinates, make }: PlainTree) => make(new Float64Array(coordinates.size).fill(1))
  const others = [
    grad && tryRule('grad', grad, inputs, point),
    vjp && tryRule('vjp', vjp, inputs, point, ones(outputs)),
    jvp && tryRule('jvp', jvp, inputs, point, ones(inputs)),
  ]
  const subject: Subject = {
    inputs: inputs.coordinates,
    outputs: outputs.coordinates,
    point,
    value: (at) => outputs.read(value(inputs.make(at)), 'value'),
    forward: (at, direction) => {
      if (jvp === undefined) throw new MissingMode('no jvp was given')
      return outputs.read(jvp(inputs.make(at), inputs.make(direction)), 'jvp')
    },
    reverse: (at, cotangent) => {
      if (vjp !== undefined) return inputs.read(vjp(inputs.make(at), outputs.make(cotangent)), 'vjp')
      if (grad === undefined) throw new MissingMode('no grad was given')
      return inputs.read(grad(inputs.make(at)), 'grad').map((slope) => slope * cotangent[0]!)
    },
    gradientOf: null,
    slopeOf: null,
    plainly: null,
    rounded: null,
    precision,
  }
  const notes = [
    ...(precision === 'float32' ? ['compared as float32 numbers, of which differences show five digits or so'] : []),
    'order 1 alone: second derivatives of a black box are known to nobody',
  ]
  return {
    subject: namingThrown(subject, `${owner}: value`, calls),
    notes,
    doubts: [first, ...others].flatMap((each) => each?.doubts ?? []),
  }
}

/** The tree with all numbers rounded to what they can be. */
const rounded = (precision: Precision, tree: PlainTree): PlainTree => {
  if (precision === 'float64') return tree
  const round = (vector: Float64Array) => Float64Array.from(Float32Array.from(vector))
  return { ...tree, point: round(tree.point), make: (vector) => tree.make(round(vector)) }
}

const requireNumbers = ({ point, coordinates, precisions }: PlainTree, precision: Precision): void => {
  if (point.length === 0) {
    throw new ArgumentError(
      `${owner}: x has no numbers to differentiate by; pass an array of some, or a tree of arrays.`,
    )
  }
  const odd = point.findIndex((number) => !Number.isFinite(number))
  if (odd >= 0) {
    throw new ArgumentError(
      `${owner}: ${nameAt(coordinates, odd)} is ${point[odd]}; pass finite numbers: nothing can be compared beside others.`,
    )
  }
  if (precision === 'float64' && precisions.has('float32')) {
    throw new ArgumentError(
      `${owner}: x has Float32Arrays, which round what differences move; pass dtype: 'float32', or Float64Arrays alone.`,
    )
  }
}

const requireDerivatives = ({ grad, vjp, jvp }: PlainFunctions, { coordinates: { size } }: PlainTree): void => {
  if (size === 0) throw new ArgumentError(`${owner}: value gave no number; return a number, or an array of numbers.`)
  if (grad === undefined && vjp === undefined && jvp === undefined) {
    throw new ArgumentError(`${owner}: there is no derivative to check; give grad, vjp or jvp beside value.`)
  }
  if (grad === undefined) return
  if (vjp !== undefined) throw new ArgumentError(`${owner}: grad and vjp are both given; leave one of them out.`)
  if (size > 1) {
    throw new ArgumentError(
      `${owner}: value gave ${size} numbers, and a gradient is that of one; give vjp: (x, cotangent) => ... instead of grad.`,
    )
  }
}

/** The result of a function, and the doubt about it if it changes what it is given. */
const tryOut = (name: string, f: Run, { make, read }: PlainTree, point: Float64Array, ...more: unknown[]) => {
  const x = make(point)
  const result = requireSync(`${owner}: ${name}`, f(x, ...more))
  return { result, doubts: isStill(() => read(x, name), point) ? [] : [overwritten(name)] }
}

/** The same of a derivative; what else is wrong with it is told as it is checked. */
const tryRule = (name: string, f: Run, inputs: PlainTree, point: Float64Array, ...more: unknown[]) => {
  const run: Run = (...args) => {
    try {
      return f(...args)
    } catch {
      return null
    }
  }
  return tryOut(name, run, inputs, point, ...more)
}

const isStill = (numbers: () => Float64Array, point: Float64Array): boolean => {
  try {
    return numbers().every((x, i) => Object.is(x, point[i]))
  } catch {
    return false
  }
}

const overwritten = (name: string): Doubt => ({
  ...{ kind: 'mutated input', input: 'x', output: name },
  says: `${name} overwrites its argument, and gave what it gave for a copy of it: whoever calls it with an array has another afterwards`,
})
