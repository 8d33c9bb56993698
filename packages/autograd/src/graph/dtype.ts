/** What an element is. Floats carry gradients; integers and truth values do not. */
export type DType = 'float32' | 'float64' | 'int32' | 'bool'

export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array

/** The dtypes in the order of promotion: two operands meet at the later one. */
const order: readonly DType[] = ['bool', 'int32', 'float32', 'float64']

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array } as const

export const isDType = (name: unknown): name is DType => order.includes(name as DType)
export const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64'
export const bytesPerElement = (dtype: DType): number => arrays[dtype].BYTES_PER_ELEMENT
export const allocate = (dtype: DType, size: number): TypedArray => new arrays[dtype](size)
export const promote = (a: DType, b: DType): DType => (order.indexOf(a) >= order.indexOf(b) ? a : b)
