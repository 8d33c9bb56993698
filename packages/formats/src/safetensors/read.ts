import { AdjointError, ArgumentError, checker, closest, kinds, type Tensor } from '@adjoint/autograd'
import { type Bytes, bytesKind, viewOf } from '../bytes.js'
import { tensorOf } from '../elements.js'
import { FormatError } from '../errors.js'
import { putTogether, type Tree } from '../tree.js'
import { read } from './dtypes.js'
import { parseHeader, type SafetensorsEntry, type SafetensorsHeader } from './header.js'
import { mark, outlineKey, sumsOf, tensorSum } from './sums.js'

/** How a file is read. */
export interface ReadSafetensorsOptions {
  /**
   * Compare the checksums of a file that this package wrote with what is there. Default true; false for one that another
   * program has changed on purpose.
   */
  readonly verify?: boolean
}

const options = { verify: kinds.boolean }
const takes = {
  read: checker('readSafetensors', { bytes: bytesKind, options }),
  open: checker('openSafetensors', { bytes: bytesKind, options }),
  header: checker('readSafetensorsHeader', { bytes: bytesKind }),
  tensor: checker('SafetensorsFile.tensor', { name: kinds.string }),
  tree: checker('SafetensorsFile.tree', {}),
}

/** A file of which each tensor is made when it is asked for. */
export interface SafetensorsFile extends SafetensorsHeader {
  /**
   * One of its tensors.
   *
   * @throws ArgumentError for a name that it does not have; FormatError for elements that are not right
   */
  tensor(name: string): Tensor
  /** All of it, as `readSafetensors` gives it. */
  tree<T = Tree>(): T
}

/**
 * The tree of a safetensors file: what `writeSafetensors` was given; of other writers' files an object of tensors by name.
 * F64, F32, I32 and BOOL stay what they are, F16 and BF16 become float32, and other integers int32, exactly. All is checked
 * first. The type is yours to say, and is not checked: `readSafetensors<{ epoch: number }>(bytes)`.
 *
 * @throws FormatError for bytes that are cut off, changed or of another format, and for elements that no dtype holds exactly
 * (FP8, an I64 beyond 32 bits): it says at which byte, or in which entry
 * @example
 * const bytes = writeSafetensors({ w: tensor([1, 2]), rate: 0.1 })
 * readSafetensors(bytes)   // { w: [1, 2], rate: 0.1 }
 */
export function readSafetensors<T = Tree>(bytes: Bytes, options: ReadSafetensorsOptions = {}): T {
  takes.read(arguments)
  return new OpenFile('readSafetensors', viewOf(bytes), options).tree()
}

/**
 * A safetensors file of which tensors are made one by one, as they are asked for: the header alone is read at first.
 *
 * @throws FormatError for a header that is not right, or bytes that are fewer or more than it says
 * @example
 * const file = openSafetensors(writeSafetensors({ w: tensor([1, 2]), b: tensor([3]) }))
 * file.entries.keys()   // w, b
 * file.tensor('b')      // [3]
 */
export function openSafetensors(bytes: Bytes, options: ReadSafetensorsOptions = {}): SafetensorsFile {
  takes.open(arguments)
  return new OpenFile('openSafetensors', viewOf(bytes), options)
}

/**
 * What the header of a safetensors file says: where its tensors are, what they are, and its metadata.
 *
 * @param bytes the beginning of the file, up to the end of its header at least; the first 8 bytes say how long that is
 * @throws FormatError for a header that is not right, or not all there: it says how many bytes are missing
 * @example
 * const { entries } = readSafetensorsHeader(writeSafetensors({ w: zeros([2, 3]) }))
 * entries.get('w').shape   // [2, 3]
 */
export function readSafetensorsHeader(bytes: Bytes): SafetensorsHeader {
  takes.header(arguments)
  return parseHeader('readSafetensorsHeader', viewOf(bytes))
}

class OpenFile implements SafetensorsFile {
  readonly entries: ReadonlyMap<string, SafetensorsEntry>
  readonly metadata: Readonly<Record<string, string>>
  readonly byteLength: number
  readonly #owner: string
  readonly #bytes: Uint8Array
  readonly #sums: ReadonlyMap<string | null, string>

  constructor(owner: string, bytes: Uint8Array, { verify = true }: ReadSafetensorsOptions) {
    const { entries, metadata, byteLength } = parseHeader(owner, bytes)
    const difference = bytes.length - byteLength
    if (difference !== 0) {
      const end = `the last tensor ends at byte ${byteLength}`
      throw new FormatError(
        difference < 0
          ? `${owner}: ${end}, and the file at byte ${bytes.length}: ${-difference} bytes are missing; read all of the file.`
          : `${owner}: ${end}, and ${difference} bytes follow; give the bytes of the file and no more.`,
      )
    }
    this.entries = entries
    this.metadata = metadata
    this.byteLength = byteLength
    this.#owner = owner
    this.#bytes = bytes
    const sums = verify ? sumsOf(entries, metadata) : new Map<string, string>()
    if (sums === undefined) throw this.#changed('the header')
    this.#sums = sums
  }

  tensor(name: string): Tensor {
    takes.tensor(arguments)
    const entry = this.entries.get(name)
    if (entry === undefined) {
      const near = closest(name, this.entries.keys())
      throw new ArgumentError(
        `SafetensorsFile.tensor: the file has no '${name}'; ${near === undefined ? 'entries lists what there is: use one of them' : `did you mean '${near}'?`}`,
      )
    }
    return this.#read(name, entry)
  }

  tree<T = Tree>(): T {
    takes.tree(arguments)
    const outline = Object.hasOwn(this.metadata, outlineKey) ? this.metadata[outlineKey] : undefined
    if (outline === undefined) {
      return Object.fromEntries([...this.entries].map(([name, entry]) => [name, this.#read(name, entry)])) as T
    }
    const left = new Set(this.entries.keys())
    const tree = putTogether(this.#owner, outline.slice(mark.length), (name) => {
      const entry = this.entries.get(name)
      if (entry === undefined) {
        throw new FormatError(
          `${this.#owner}: the outline of the tree in the metadata names a tensor ${JSON.stringify(name)} that the file does not ` +
            'have; write the file anew.',
        )
      }
      left.delete(name)
      return this.#read(name, entry)
    })
    for (const name of left) {
      throw new FormatError(
        `${this.#owner}: the tensor ${JSON.stringify(name)} has no place in the outline of the tree in the metadata; write the file ` +
          'anew, without that metadata if it is no file of this package any more.',
      )
    }
    return tree as T
  }

  #read(name: string, { dtype, shape, begin, end }: SafetensorsEntry): Tensor {
    const what = JSON.stringify(name)
    if (!Object.hasOwn(read, dtype)) {
      throw new FormatError(
        `${this.#owner}: entry ${what} (byte ${begin}) is ${dtype}, which no tensor holds; cast it to F32 where the file is made, or ` +
          'read the others one by one with openSafetensors.',
      )
    }
    const bytes = this.#bytes.subarray(begin, end)
    const sum = this.#sums.get(name)
    if (sum !== undefined && sum !== tensorSum(bytes)) throw this.#changed(`entry ${what} (bytes ${begin} to ${end})`)
    try {
      const place = { owner: this.#owner, what: `entry ${what}`, offset: begin, littleEndian: true }
      return tensorOf(bytes, shape, read[dtype]!, place)
    } catch (error) {
      if (!(error instanceof AdjointError) || error instanceof FormatError) throw error
      throw new FormatError(`${this.#owner}: entry ${what} is no tensor. ${error.message}`, { cause: error })
    }
  }

  #changed(what: string): FormatError {
    return new FormatError(
      `${this.#owner}: ${what} is not what was written: its checksum differs, so the file is damaged; use another copy of it. ` +
        'If another program changed it on purpose, pass { verify: false }.',
    )
  }
}
