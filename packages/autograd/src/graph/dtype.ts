import { DTypeError, ShapeError } from './errors.js'
import { meantDType } from './familiar.js'
import { shown } from './words.js'

/** What an element is. Floats carry gradients; integers and truth values do not. */
export type DType = 'float32' | 'float64' | 'int32' | 'bool'

/** What holds elements: an array type for each dtype; truth values are bytes. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array

/** The dtypes in the order of promotion: two operands meet at the later one. */
const order: readonly DType[] = ['bool', 'int32', 'float32', 'float64']

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array } as const

/** A dtype given by a caller, checked. */
export const checkDType = (op: string, dtype: DType): DType => {
  if (order.includes(dtype)) return dtype
  const near = meantDType(String(dtype), order)
  const hint = near === undefined ? 'use' : `did you mean '${near}'? Use`
  throw new DTypeError(`${op}: ${shown(dtype)} is no dtype; ${hint} 'float32', 'float64', 'int32' or 'bool'.`)
}
export const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64'
/** Whether an element can be this number; a float takes any, rounded. */
export const holds = (dtype: DType, number: number): boolean =>
  dtype === 'int32' ? number === (number | 0) : dtype !== 'bool' || number === 0 || number === 1
export const bytesPerElement = (dtype: DType): number => arrays[dtype].BYTES_PER_ELEMENT
export const allocate = (dtype: DType, size: number): TypedArray => {
  try {
    return new arrays[dtype](size)
  } catch (cause) {
    const gigabytes = ((size * bytesPerElement(dtype)) / 2 ** 30).toPrecision(3)
    throw new ShapeError(
      `No room for ${size} elements of ${dtype}: they take ${gigabytes} GiB in one piece; work on parts of them.`,
      {
        cause,
      },
    )
  }
}
/** A digit for each, as in keys of caches. */
export const dtypeCode = (dtype: DType): number =>
  dtype === 'float32' ? 0 : dtype === 'float64' ? 1 : dtype === 'int32' ? 2 : 3
export const promote = (a: DType, b: DType): DType => (a === b || order.indexOf(a) > order.indexOf(b) ? a : b)
