import { AdjointError, type AnyTensor, checker, kinds, type Tensor, type TypedArray, tensor } from '@adjoint/autograd'
import { type Bytes, bytesKind, decodeText, encodeText, joined, littleBytes, viewOf } from '../bytes.js'
import { elementsOf } from '../elements.js'
import { FormatError } from '../errors.js'
import { type Described, describedBy, nameOf, written } from './dtypes.js'
import { dictionaryOf, sizesOf, textOf } from './literal.js'

// The format is described in numpy/lib/format.py.

const takes = {
  write: checker('writeNpy', { x: kinds.tensor }),
  read: checker('readNpy', { bytes: bytesKind }),
}

/**
 * The bytes of an .npy file, as `numpy.save` writes it: dtype and shape, and the elements in row-major order.
 *
 * @example readNpy(writeNpy(tensor([[1, 2], [3, 4]])))   // [[1, 2], [3, 4]]
 */
export function writeNpy(x: AnyTensor): Uint8Array<ArrayBuffer> {
  takes.write(arguments)
  return joined(npyParts(x))
}

/**
 * The tensor of an .npy file. Floats of 16 bits become float32, and integers of other widths int32, exactly; either order of
 * bytes and either order of axes is read.
 *
 * @throws FormatError for bytes that are cut off or of another format, for elements that no tensor holds (complex numbers,
 * text, Python objects), and for an integer beyond 32 bits: it says at which byte
 * @example readNpy(writeNpy(tensor([true, false]))).dtype   // bool
 */
export function readNpy(bytes: Bytes): Tensor {
  takes.read(arguments)
  return tensorOfNpy('readNpy', 'the array', viewOf(bytes), 0)
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

/** The header, and the elements, which are not copied. */
export const npyParts = ({ data, shape, dtype }: AnyTensor): readonly Uint8Array[] => {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${written[dtype]}', 'fortran_order': False, 'shape': (${sizes}), }`
  // spaces and a line feed, so that the elements begin at a multiple of 64
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10
  const start = Uint8Array.from([...magic, 1, 0, length & 255, length >>> 8])
  return [start, encodeText(`${text.padEnd(length - 1)}\n`), littleBytes(data as unknown as Float32Array)]
}

/** Longer than any header of a tensor: those of records may be long. */
const mostHeaderBytes = 2 ** 20

/**
 * @param what is read, as messages call it
 * @param base the byte of the file at which it begins
 */
export const tensorOfNpy = (owner: string, what: string, bytes: Uint8Array, base: number): Tensor => {
  const refuse: Refuse = (at, problem) => {
    throw new FormatError(`${owner}: ${what}: byte ${base + at}: ${problem}; give what numpy.save writes.`)
  }
  const { described, fortran, shape, start } = headerOf(bytes, refuse)
  const { element, littleEndian } = described
  const size = shape.reduce((product, axis) => product * axis, 1)
  const due = size * element.width
  const there = bytes.length - start
  if (there < due) {
    refuse(
      start,
      `shape (${shape.join(', ')}) of ${element.name} takes ${due} bytes, and ${there} follow: ${due - there} are missing`,
    )
  }
  if (there > due)
    refuse(start + due, `the array ends here, and ${there - due} bytes follow; several arrays are an .npz file`)
  const data = elementsOf(bytes.subarray(start), element, { owner, what, offset: base + start, littleEndian })
  try {
    return tensor(fortran ? rowMajor(data, shape) : data, { shape: [...shape], dtype: element.dtype })
  } catch (error) {
    if (!(error instanceof AdjointError)) throw error
    throw new FormatError(`${owner}: ${what} is no tensor. ${error.message}`, { cause: error })
  }
}

type Refuse = (at: number, problem: string) => never

interface Header {
  readonly described: Described
  readonly fortran: boolean
  readonly shape: readonly number[]
  /** Where the elements begin. */
  readonly start: number
}

const headerOf = (bytes: Uint8Array, refuse: Refuse): Header => {
  const wrong = magic.findIndex((byte, i) => bytes[i] !== byte)
  if (wrong >= 0) return refuse(wrong, `it is ${bytes[wrong] ?? 'missing'}, and an .npy file has ${magic[wrong]} there`)
  const major = bytes[6] ?? 0
  if (major < 1 || major > 3) return refuse(6, `version ${major} of the format is unknown`)
  const before = major === 1 ? 10 : 12
  if (bytes.length < before) return refuse(bytes.length, 'the file ends before its header')
  const view = new DataView(bytes.buffer, bytes.byteOffset, before)
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  const start = before + length
  if (length > mostHeaderBytes)
    return refuse(8, `the header has ${length} bytes, and ${mostHeaderBytes} are read at most`)
  if (start > bytes.length) return refuse(8, `the header has ${length} bytes, and ${bytes.length - before} follow`)
  const text = decodeText(bytes.subarray(before, start))
  const fields = text === undefined ? undefined : dictionaryOf(text)
  if (fields === undefined) return refuse(before, 'the header is no dictionary of Python')
  const [descr, order, shape] = ['descr', 'fortran_order', 'shape'].map((name) => fields.get(name))
  if (descr === undefined || order === undefined || shape === undefined || fields.size !== 3) {
    return refuse(
      before,
      `the header has ${[...fields.keys()].join(', ') || 'nothing'}, and descr, fortran_order and shape are due`,
    )
  }
  const sizes = sizesOf(shape)
  if (sizes === undefined) return refuse(before, `the shape ${shape.slice(0, 80)} is no tuple of sizes`)
  if (order !== 'True' && order !== 'False') return refuse(before, `fortran_order is ${order}, and no truth value`)
  return { described: typeOf(descr, before, refuse), fortran: order === 'True', shape: sizes, start }
}

const typeOf = (descr: string, at: number, refuse: Refuse): Described => {
  const text = textOf(descr)
  const described = text === undefined ? undefined : describedBy(text)
  if (described !== undefined) return described
  const what = text === undefined ? 'records' : nameOf(text)
  return refuse(
    at,
    `the elements are ${descr.slice(0, 80)}, ${what}, which no tensor holds: cast them to floats or int32 in NumPy`,
  )
}

/** Elements in the order of the last axis, of those that are in the order of the first. */
const rowMajor = (data: TypedArray, shape: readonly number[]): TypedArray => {
  const out = data.slice()
  const index = shape.map(() => 0)
  let from = 0
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from]!
    let stride = out.length
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      stride /= shape[axis]!
      from += stride
      if (++index[axis]! < shape[axis]!) break
      from -= stride * shape[axis]!
      index[axis] = 0
    }
  }
  return out
}
