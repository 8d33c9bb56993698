import { Node } from '../../graph/node.js'
import { formatShape, type Shape, sizeOf } from '../../graph/shape.js'
import { denseData } from '../../graph/value.js'
import { isPlainObject } from '../../graph/words.js'

/** Of more elements than this, only dtypes and shapes are written. */
const mostElements = 64
const lineWidth = 100

/** The call that was made, to be pasted: with the values of the inputs where they are few, and what they are otherwise. */
export const reproOf = (call: string, what: string, inputs: unknown, options: object): string => {
  const args = [what, written(inputs, elementsIn(inputs) <= mostElements), written(options, true)]
  const line = `${call}(${args.join(', ')})`
  return line.length <= lineWidth ? line : `${call}(\n${args.map((arg) => `  ${arg},\n`).join('')})`
}

const isName = (text: string): boolean => /^[A-Za-z_$][\w$]*$/.test(text)
/** What a function is called, or f. */
export const nameOf = ({ name }: { readonly name: string }): string => (isName(name) ? name : 'f')

const isTypedArray = (thing: unknown): thing is Float64Array =>
  ArrayBuffer.isView(thing) && !(thing instanceof DataView)

const elementsIn = (thing: unknown): number => {
  if (thing instanceof Node) return sizeOf(thing.sizes)
  if (isTypedArray(thing)) return thing.length
  const parts = Array.isArray(thing) ? thing : isPlainObject(thing) ? Object.values(thing) : []
  return parts.reduce<number>((count, part) => count + (typeof part === 'number' ? 1 : elementsIn(part)), 0)
}

/** A thing as the code that makes it; where it has no values, dtypes and shapes in comments. */
export const written = (thing: unknown, hasValues: boolean): string => {
  const write = (part: unknown): string => written(part, hasValues)
  if (thing instanceof Node) return hasValues ? tensorOf(thing) : `/* ${thing.dtype} ${formatShape(thing.sizes)} */`
  if (isTypedArray(thing)) {
    const { name } = thing.constructor
    return hasValues ? `${name}.of(${Array.from(thing, numberOf).join(', ')})` : `/* ${name} of ${thing.length} */`
  }
  if (Array.isArray(thing)) {
    const isLong = !hasValues && thing.length > 0 && thing.every((part) => typeof part === 'number')
    return isLong ? `/* an array of ${thing.length} numbers */` : `[${thing.map(write).join(', ')}]`
  }
  if (isPlainObject(thing)) {
    const fields = Object.entries(thing).map(
      ([name, field]) => `${isName(name) ? name : JSON.stringify(name)}: ${write(field)}`,
    )
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
  }
  if (typeof thing === 'object' && thing !== null) return `/* ${thing.constructor?.name ?? 'an object'} */`
  if (typeof thing === 'string') return JSON.stringify(thing)
  if (typeof thing === 'bigint') return `${thing}n`
  if (typeof thing === 'function') return '/* a function */'
  return typeof thing === 'number' ? numberOf(thing) : String(thing)
}

const numberOf = (x: number): string => (Object.is(x, -0) ? '-0' : String(x))

const tensorOf = ({ sizes, dtype, value }: Node): string => {
  const data = denseData(value)
  if (data.length === 0) return `zeros(${formatShape(sizes)}, { dtype: '${dtype}' })`
  const write = (x: number) => (dtype === 'bool' ? String(x === 1) : numberOf(x))
  return `tensor(${nested(Array.from(data, write), sizes)}, { dtype: '${dtype}' })`
}

const nested = (numbers: readonly string[], shape: Shape): string => {
  const [size, ...inner] = shape
  if (size === undefined) return numbers[0]!
  const each = numbers.length / size
  const parts = Array.from({ length: size }, (_, i) => nested(numbers.slice(i * each, (i + 1) * each), inner))
  return `[${parts.join(', ')}]`
}
