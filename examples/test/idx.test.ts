import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { DataFileError, readIdx } from '../data/idx.js'
import { loadDigits } from '../data/mnist.js'

const folder = mkdtempSync(join(tmpdir(), 'adjoint-idx-'))
afterAll(() => rmSync(folder, { recursive: true }))

let count = 0
const fileOf = (bytes: Uint8Array | readonly number[], name = `file-${++count}`): string => {
  const file = join(folder, name)
  writeFileSync(file, Uint8Array.from(bytes))
  return file
}
const big = (n: number): number[] => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]
const idx = (shape: readonly number[], data: readonly number[], type = 8): number[] => [
  ...[0, 0, type, shape.length],
  ...shape.flatMap(big),
  ...data,
]
/** The message of the DataFileError that reading must end with, without the name of the file. */
const messageOf = (file: string, dimensions: number): string => {
  try {
    readIdx(file, dimensions)
  } catch (error) {
    expect(error).toBeInstanceOf(DataFileError)
    const { message } = error as DataFileError
    expect(message.startsWith(`${file}: `)).toBe(true)
    return message.slice(file.length + 2)
  }
  throw new Error(`${file} was read`)
}

describe('reading IDX', () => {
  test('shape and elements', () => {
    const { shape, data } = readIdx(fileOf(idx([2, 1, 3], [1, 2, 3, 4, 5, 255])), 3)
    expect(shape).toEqual([2, 1, 3])
    expect([...data]).toEqual([1, 2, 3, 4, 5, 255])
  })

  test('a missing file', () => {
    expect(messageOf(join(folder, 'nothing'), 1)).toBe(
      "there is no such file. Run 'npx -y pnpm@10 install' in the repository to get the data.",
    )
  })

  test('a folder in its place', () => {
    expect(messageOf(folder, 1)).toContain('it cannot be read (EISDIR)')
  })

  test('an empty file, and one cut off inside its header', () => {
    expect(messageOf(fileOf([]), 1)).toContain('it ends at byte 0, inside its header of 8 bytes. Delete node_modules')
    expect(messageOf(fileOf(idx([2, 2], []).slice(0, 9)), 2)).toContain('ends at byte 9, inside its header of 12 bytes')
  })

  test('elements cut off, or too many', () => {
    expect(messageOf(fileOf(idx([2, 3], [1, 2, 3, 4])), 2)).toContain(
      'it ends at byte 16, but its header declares [2, 3] elements up to byte 18. Delete node_modules',
    )
    expect(messageOf(fileOf(idx([2], [1, 2, 3])), 1)).toContain(
      'at byte 10, its [2] elements end, but the file goes on to byte 11',
    )
    expect(messageOf(fileOf(idx([2 ** 31, 2 ** 31, 2 ** 31], [1])), 3)).toContain('its header declares')
  })

  test('another kind of file', () => {
    expect(messageOf(fileOf([0x50, 0x4b, 3, 4, 0, 0, 0, 0]), 1)).toContain(
      'at byte 0, it starts with 50 4b 03 04 where an IDX file starts with 00 00',
    )
  })

  test('a compressed file', () => {
    const file = fileOf(gzipSync(Uint8Array.from(idx([1], [1]))))
    expect(messageOf(file, 1)).toBe(`at byte 0, it is compressed. Unpack it with 'gunzip ${file}'.`)
  })

  test('elements of another type', () => {
    expect(messageOf(fileOf(idx([1], [0, 0, 0, 0], 13)), 1)).toContain('at byte 2, it declares 32-bit floats')
    expect(messageOf(fileOf(idx([1], [0], 7)), 1)).toContain('unknown type 0x07')
  })

  test('other dimensions', () => {
    expect(messageOf(fileOf(idx([4], [1, 2, 3, 4, 0, 0, 0, 0])), 3)).toContain(
      'at byte 3, it declares 1 dimensions, not 3. Are images and labels interchanged?',
    )
  })
})

describe('loading digits', () => {
  const place = (images: number[], labels: number[]) => {
    fileOf(images, 't10k-images-idx3-ubyte')
    fileOf(labels, 't10k-labels-idx1-ubyte')
  }
  const image = new Array<number>(784).fill(51)

  test('pixels become ink from 0 to 1', () => {
    place(idx([2, 28, 28], [...image, ...image]), idx([2], [7, 3]))
    const { images, labels } = loadDigits('test', 2, folder)
    expect(images.shape).toEqual([2, 784])
    expect(images.data[783]).toBeCloseTo(0.2, 7)
    expect(labels.dtype).toBe('int32')
    expect([...labels.data]).toEqual([7, 3])
  })

  test('files that do not fit together', () => {
    place(idx([1, 28, 28], image), idx([2], [7, 3]))
    expect(() => loadDigits('test', 1, folder)).toThrow(
      /t10k-labels.*: at byte 4, it declares 2 labels for the 1 images/,
    )
  })

  test('images of another size, labels that are no digits, and more than there are', () => {
    place(idx([1, 1, 784], image), idx([1], [7]))
    expect(() => loadDigits('test', 1, folder)).toThrow('at byte 8, its images are 1 x 784, not 28 x 28')
    place(idx([1, 28, 28], image), idx([1], [12]))
    expect(() => loadDigits('test', 1, folder)).toThrow(/t10k-labels.*: at byte 8, the label is 12/)
    place(idx([1, 28, 28], image), idx([1], [9]))
    expect(() => loadDigits('test', 2, folder)).toThrow('it declares 1 images, not 2')
  })

  test('the installed files', () => {
    const { images, labels } = loadDigits('test', 10)
    expect([...labels.data]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    expect(images.mean().item()).toBeCloseTo(0.12, 1)
  })
})
