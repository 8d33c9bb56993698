import { ArgumentError, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { FormatError, readNpy, readNpz, writeNpy, writeNpz } from '../src/index.js'
import { crc32 } from '../src/numpy/crc.js'
import { expectSame } from './trees.js'

const bytesOf = (text: string): number[] => [...new TextEncoder().encode(text)]
const of = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
/** An .npy file with a header of any text. */
const file = (header: string, data: ArrayLike<number> = [], version = 1): Uint8Array => {
  const length = header.length
  const size = version === 1 ? [length & 255, length >> 8] : [length & 255, length >> 8, 0, 0]
  return Uint8Array.from([0x93, ...bytesOf('NUMPY'), version, 0, ...size, ...bytesOf(header), ...Array.from(data)])
}
const header = (descr: string, shape: string, order = 'False') =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`

const samples: Readonly<Record<string, Tensor>> = {
  float32: tensor([
    [1.5, Number.NaN],
    [-0, Number.POSITIVE_INFINITY],
  ]),
  float64: tensor([0.1, 5e-324], { dtype: 'float64' }),
  int32: tensor([[-(2 ** 31)], [2 ** 31 - 1]], { dtype: 'int32' }),
  bool: tensor([true, false]),
  scalar: tensor(3),
  empty: zeros([2, 0, 3]),
}

describe('npy', () => {
  it('has a tensor of each dtype, and gives it back', () => {
    for (const x of Object.values(samples)) expectSame(readNpy(writeNpy(x)), x)
  })

  it('is what NumPy writes, to the byte', () => {
    const bytes = writeNpy(tensor([1, 2, 3]))
    // the header is filled up so that the elements begin at a multiple of 64
    expect(bytes.length).toBe(128 + 12)
    expect(String.fromCharCode(...bytes.subarray(0, 128))).toBe(
      `${"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }".padEnd(127)}\n`,
    )
  })

  it('is read in every version, order of bytes and order of axes', () => {
    for (const version of [1, 2, 3]) {
      expect(readNpy(file(header("'<i2'", '(2,)'), of(new Int16Array([-5, 300])), version)).toArray()).toEqual([
        -5, 300,
      ])
    }
    expect(readNpy(file(header("'>i2'", '(2,)'), [1, 2, 255, 254])).toArray()).toEqual([258, -2])
    expect(readNpy(file(header("'>f8'", '()'), [...of(new Float64Array([0.1]))].reverse())).item()).toBe(0.1)
    const columns = of(new Int32Array([1, 4, 2, 5, 3, 6]))
    expect(readNpy(file(header("'<i4'", '(2, 3)', 'True'), columns)).toArray()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ])
    const cube = Int32Array.from({ length: 24 }, (_, i) => i)
    const read = readNpy(file(header("'<i4'", '(2, 3, 4)', 'True'), of(cube)))
    expect(
      read.data.every((value, i) => value === Math.floor(i / 12) + 2 * (Math.floor(i / 4) % 3) + 6 * (i % 4)),
    ).toBe(true)
    expect(readNpy(file(header("'<f4'", '(0, 3)', 'True'))).shape).toEqual([0, 3])
  })

  it('is read as others write its header', () => {
    const two = of(new Float32Array([1, 2]))
    for (const text of [
      `{"shape": (2,), "fortran_order": False, "descr": "<f4"}`,
      `{'shape':(2L,),'descr':'<f4','fortran_order':False}\n`,
      `  { 'descr' : '<f4' , 'fortran_order' : False , 'shape' : ( 2 , ) , }   \n`,
    ]) {
      expect(readNpy(file(text, two)).toArray()).toEqual([1, 2])
    }
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /byte 0: it is missing, and an \.npy file has 147 there/],
    ['another format', Uint8Array.from([0x93, 0x4e, 0x54]), /byte 2: it is 84, and an \.npy file has 85 there/],
    ['an unknown version', file(header("'<f4'", '()'), [], 4), /byte 6: version 4 /],
    ['no header', Uint8Array.from([0x93, ...bytesOf('NUMPY'), 1, 0, 9]), /byte 9: the file ends before its header/],
    [
      'a header cut off',
      file(header("'<f4'", '()')).subarray(0, 30),
      /byte 8: the header has \d+ bytes, and 20 follow/,
    ],
    ['a header that is none', file('[1, 2]'), /byte 10: the header is no dictionary of Python/],
    ['a header with code', file("{'descr': eval('1')}"), /no dictionary/],
    ['a header without shape', file("{'descr': '<f4', 'fortran_order': False}"), /has descr, fortran_order, and/],
    ['a key twice', file("{'descr': '<f4', 'descr': '<f4'}"), /no dictionary/],
    ['a shape that is none', file(header("'<f4'", '(2)')), /the shape \(2\) is no tuple/],
    ['a negative size', file(header("'<f4'", '(-2,)')), /no dictionary/],
    ['an order that is none', file(header("'<f4'", '()', "'C'")), /fortran_order is 'C'/],
    [
      'elements missing',
      file(header("'<f4'", '(2,)'), [0, 0, 0]),
      /shape \(2\) of float32 takes 8 bytes, and 3 follow: 5 are/,
    ],
    ['bytes behind', file(header("'|i1'", '(1,)'), [0, 0, 0]), /the array ends here, and 2 bytes follow/],
    ['a size without end', file(header("'<f4'", '(9007199254740991, 9007199254740991)'), [0]), /are missing/],
    ['Python objects', file(header("'|O'", '(1,)'), [0]), /'\|O', Python objects, which no tensor holds/],
    ['text', file(header("'<U3'", '(1,)'), [0]), /'<U3', text/],
    ['complex numbers', file(header("'<c8'", '(1,)'), [0]), /complex numbers/],
    ['dates', file(header("'<M8[ns]'", '(1,)'), [0]), /dates/],
    ['long floats', file(header("'<f16'", '(1,)'), [0]), /floats of another width/],
    ['records', file(header("[('a', '<f4'), ('b', [('c', '<i4')])]", '(1,)'), [0]), /records, which no tensor holds/],
    ['two bytes in no order', file(header("'|i2'", '(1,)'), [0, 0]), /which no tensor holds/],
    [
      'an integer beyond 32 bits',
      file(header("'<i8'", '(2,)'), of(new BigInt64Array([1n, 2n ** 40n]))),
      /element 1 of the array \(int64, at byte \d+\) is 1099511627776/,
    ],
  ])('with %s is refused by its place', (_, bytes, says) => {
    expect(() => readNpy(bytes)).toThrow(FormatError)
    expect(() => readNpy(bytes)).toThrow(says)
  })
})

describe('npz', () => {
  it.each([false, true])('has tensors by name, and gives them back (compressed: %s)', (compress) => {
    const tensors = { ...samples, 'a/b.c': tensor([1]), ä: tensor([2]), '': tensor([3]), ['__proto__']: tensor([4]) }
    expectSame(readNpz(writeNpz(tensors, { compress })), tensors)
    expectSame(readNpz(writeNpz({})), {})
  })

  it('of the same tensors is the same bytes, and fewer if compressed', () => {
    const tensors = { a: zeros([1000]) }
    const plain = writeNpz(tensors)
    expect(writeNpz(tensors)).toEqual(plain)
    expect(writeNpz(tensors, { compress: true }).length).toBeLessThan(plain.length / 4)
  })

  it('takes tensors by name and nothing else', () => {
    const write = writeNpz as (tree: unknown) => Uint8Array
    expect(() => write({ a: tensor([1]), epoch: 3 })).toThrow(ArgumentError)
    expect(() => write({ a: { b: tensor([1]) } })).toThrow(/'a' is no tensor, .* write a tree as safetensors/)
    expect(() => write({ '\ud800': tensor([1]) })).toThrow(/half a character/)
  })

  it('has the checksums of zip archives', () => {
    // the check value of CRC-32/ISO-HDLC
    expect(crc32(Uint8Array.from(bytesOf('123456789')))).toBe(0xcbf43926)
  })

  const good = (compress = false): Uint8Array => writeNpz({ a: tensor([1, 2]), b: tensor([3]) }, { compress })
  const changed = (place: (bytes: Uint8Array) => number, value: number, bytes = good()): Uint8Array => {
    bytes[place(bytes)] = value
    return bytes
  }
  const directory = (bytes: Uint8Array): number => new DataView(bytes.buffer).getUint32(bytes.length - 6, true)

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /byte 0: no directory ends here/],
    ['another format', new Uint8Array(100), /byte 100: no directory ends here: the file is cut off, or no zip archive/],
    ['the end cut off', good().subarray(0, -1), /no directory ends here/],
    ['the beginning cut off', good().subarray(1), /the directory has bytes/],
    ['a changed element', changed(() => 165, 77), /'a\.npy' is not what was written: its checksum differs/],
    ['a changed element, deflated', changed(() => 60, 77, good(true)), /'a\.npy' is not what was written/],
    ['a changed name', changed((bytes) => directory(bytes) + 46, 99), /another file than 'c\.npy' begins here/],
    ['a changed size', changed((bytes) => directory(bytes) + 24, 99), /has 99 bytes, made of \d+, which cannot be/],
    ['a size without end', changed((bytes) => directory(bytes) + 27, 255, good(true)), /which cannot be/],
    ['an unknown method', changed((bytes) => directory(bytes) + 10, 14), /packed by method 14/],
    ['a password', changed((bytes) => directory(bytes) + 8, 1), /'a\.npy' is encrypted/],
    ['two files in one place', changed((bytes) => directory(bytes) + 42, 1), /does not begin here/],
    [
      'zip64',
      changed(
        (bytes) => directory(bytes) + 20,
        255,
        changed(
          (bytes) => directory(bytes) + 21,
          255,
          changed(
            (bytes) => directory(bytes) + 22,
            255,
            changed((bytes) => directory(bytes) + 23, 255),
          ),
        ),
      ),
      /4 GiB and more \(zip64\) are not read/,
    ],
    ['another file in it', zipSync({ 'a.txt': Uint8Array.from([1]) }), /'a\.txt' \(byte \d+\) is no \.npy file/],
    ['a file that is no array', zipSync({ 'a.npy': Uint8Array.from([1]) }), /'a\.npy': byte \d+: it is 1/],
  ])('with %s is refused by its place', (_, bytes, says) => {
    expect(() => readNpz(bytes)).toThrow(FormatError)
    expect(() => readNpz(bytes)).toThrow(says)
  })
})
