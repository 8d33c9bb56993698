import type { DType } from '../../graph/dtype.js'
import { CompileError } from '../../graph/errors.js'
import { refuseForeignTensor } from '../../graph/foreign.js'
import type { Node } from '../../graph/node.js'
import { formatShape, type Shape, sameShape } from '../../graph/shape.js'
import { parameterBit } from '../../graph/tracking.js'
import { deepest, isTensor, isTreeClass, leavesOf } from '../../graph/tree.js'
import { isPlainObject } from '../../graph/words.js'

/** The arguments of a call, laid out flat: what in them is no tensor must be the same for a trace to hold. */
export interface Arguments {
  readonly tensors: readonly Node[]
  /** Numbers and other things, and the form of the trees. */
  readonly rest: readonly unknown[]
}

/** What a trace keeps of the arguments that it was made with. */
export interface Signature {
  readonly tensors: readonly Expected[]
  /** How many different ones they are. */
  readonly distinct: number
  readonly rest: readonly unknown[]
}

interface Expected {
  readonly shape: Shape
  readonly dtype: DType
  /** Where the same tensor stands first. */
  readonly first: number
  /** Which tensor it has to be; null if any will do. */
  readonly bound: Node | null
}

/** A parameter is traced as the tensor that it is: what becomes of its gradient is part of the program. */
export const isParameter = (tensor: Node): boolean => (tensor.tracking & parameterBit) !== 0 && tensor.op === null

/** Marks in `rest` that are equal to nothing else. */
const tensorMark = Symbol('tensor')
const openMark = Symbol('open')
const openRecordMark = Symbol('open record')
const closeMark = Symbol('close')

export const argumentsOf = (args: readonly unknown[]): Arguments => {
  const tensors: Node[] = []
  const rest: unknown[] = []
  for (let i = 0; i < args.length; i++) {
    // walked again, for words
    if (!flatten(args[i], tensors, rest, 2)) leavesOf(args, 'compile: argument', { Failure: CompileError })
  }
  return { tensors, rest }
}

/** False for a tree that is too deep, since it holds itself or for another reason. */
const flatten = (tree: unknown, tensors: Node[], rest: unknown[], depth: number): boolean => {
  if (isTensor(tree)) {
    tensors.push(tree)
    rest.push(tensorMark)
  } else if (Array.isArray(tree)) {
    if (depth > deepest) return false
    rest.push(openMark)
    for (const item of tree) if (!flatten(item, tensors, rest, depth + 1)) return false
    rest.push(closeMark)
  } else if (isPlainObject(tree) && !isTreeClass(tree)) {
    if (depth > deepest) return false
    rest.push(openRecordMark)
    for (const [key, item] of Object.entries(tree)) {
      rest.push(key)
      if (!flatten(item, tensors, rest, depth + 1)) return false
    }
    rest.push(closeMark)
  } else {
    refuseForeignTensor('compile: an argument', tree)
    if (ArrayBuffer.isView(tree)) {
      throw new CompileError(
        `compile: an argument is a ${tree.constructor.name}, whose elements would be those of the first call for ever: ` +
          'pass tensor(array).',
      )
    }
    rest.push(tree)
  }
  return true
}

/** @param bound the tensors that were traced as what they are */
export const signatureOf = ({ tensors, rest }: Arguments, bound: ReadonlySet<Node>): Signature => ({
  tensors: tensors.map((tensor) => ({
    shape: tensor.sizes,
    dtype: tensor.dtype,
    first: tensors.indexOf(tensor),
    bound: bound.has(tensor) ? tensor : null,
  })),
  distinct: new Set(tensors).size,
  rest,
})

export const fits = (signature: Signature, { tensors, rest }: Arguments): boolean => {
  if (signature.rest.length !== rest.length || signature.tensors.length !== tensors.length) return false
  if (tensors.length > 1 && new Set(tensors).size !== signature.distinct) return false
  for (let i = 0; i < rest.length; i++) if (!Object.is(signature.rest[i], rest[i])) return false
  for (let i = 0; i < tensors.length; i++) {
    const { shape, dtype, first, bound } = signature.tensors[i]!
    const tensor = tensors[i]!
    if (tensors[first] !== tensor) return false
    if (isParameter(tensor) || bound !== null) {
      if (tensor !== bound) return false
    } else if (tensor.dtype !== dtype || !sameShape(tensor.sizes, shape)) return false
  }
  return true
}

/** As it stands in explanations: `float32[2, 3], 0.5`. */
export const describe = ({ tensors, rest }: Signature): string => {
  let next = 0
  let text = ''
  let needsComma = false
  for (const item of rest) {
    if (item === closeMark) {
      text += ']'
      needsComma = true
      continue
    }
    if (needsComma) text += ', '
    needsComma = item !== openMark && item !== openRecordMark
    if (!needsComma) text += '['
    else if (item === tensorMark) {
      const { dtype, shape } = tensors[next++]!
      text += `${dtype}${formatShape(shape)}`
    } else text += typeof item === 'function' ? 'a function' : String(item)
  }
  return text
}
