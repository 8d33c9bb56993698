import { type AnyTensor, ArgumentError, checker, kinds, refuseForeignTensor, Tensor } from '@adjoint/autograd'
import { type Zippable, zipSync } from 'fflate'
import { type Bytes, bytesKind, decodeText, encodeText, joined, viewOf } from '../bytes.js'
import { FormatError } from '../errors.js'
import { isPlainObject } from '../tree.js'
import { npyParts, tensorOfNpy } from './npy.js'
import { membersOf } from './zip.js'

/** How an archive is written. */
export interface WriteNpzOptions {
  /** Deflate the files, as `numpy.savez_compressed` does: smaller and slower. Default false. */
  readonly compress?: boolean
}

export const npzOptions = { compress: kinds.boolean }

const takes = {
  write: checker('writeNpz', {
    tensors: kinds.kind('an object of tensors by name', isPlainObject),
    options: npzOptions,
  }),
  read: checker('readNpz', { bytes: bytesKind }),
}

/**
 * The bytes of an .npz file, as `numpy.savez` writes it: tensors by name, each as an .npy file in a zip archive.
 *
 * @throws ArgumentError for what is no tensor, by its name
 * @example
 * const bytes = writeNpz({ x: tensor([1, 2]), y: tensor(3) })
 * readNpz(bytes)   // { x: [1, 2], y: 3 }
 */
export function writeNpz(
  tensors: Readonly<Record<string, AnyTensor>>,
  options: WriteNpzOptions = {},
): Uint8Array<ArrayBuffer> {
  takes.write(arguments)
  return npzBytes('writeNpz', tensors, options)
}

/**
 * The tensors of an .npz file by name. What becomes of each dtype `readNpy` says.
 *
 * @throws FormatError for bytes that are cut off, changed or of another format: it says at which byte
 * @example readNpz(writeNpz({ x: tensor([1, 2]) }, { compress: true })).x   // [1, 2]
 */
export function readNpz(bytes: Bytes): Record<string, Tensor> {
  takes.read(arguments)
  return Object.fromEntries(
    membersOf('readNpz', viewOf(bytes)).map(({ name, offset, bytes }) => {
      if (name.endsWith('.npy')) return [name.slice(0, -4), tensorOfNpy('readNpz', `'${name}'`, bytes, offset)]
      throw new FormatError(
        `readNpz: '${name}' (byte ${offset}) is no .npy file, and an .npz file has no others; leave it out of the archive.`,
      )
    }),
  )
}

/** The least time that an archive can have: the same tensors give the same bytes. */
const mtime = /* @__PURE__ */ new Date(1980, 0, 1)

export const npzBytes = (
  owner: string,
  tensors: object,
  { compress = false }: WriteNpzOptions,
): Uint8Array<ArrayBuffer> => {
  const files: Zippable = {}
  let total = 0
  for (const [name, x] of Object.entries(tensors)) {
    if (!(x instanceof Tensor)) {
      refuseForeignTensor(`${owner}: '${name}'`, x)
      throw new ArgumentError(
        `${owner}: '${name}' is no tensor, and an .npz file has tensors by name; write a tree as safetensors.`,
      )
    }
    if (decodeText(encodeText(name)) !== name || name.length > 10_000) {
      throw new ArgumentError(
        `${owner}: '${name}' is no name of a file: half a character stands alone, or it is longer than 10000; rename it.`,
      )
    }
    const file = joined(npyParts(x))
    total += file.length + 2 * encodeText(name).length + 200
    files[`${name}.npy`] = file
  }
  const count = Object.keys(files).length
  if (total >= 2 ** 32 || count >= 2 ** 16 - 1) {
    throw new ArgumentError(
      `${owner}: ${count} tensors of ${total} bytes are more than an archive without zip64 has (65534, and 4 GiB); write several, or ` +
        'safetensors.',
    )
  }
  return zipSync(files, { level: compress ? 6 : 0, mtime })
}
