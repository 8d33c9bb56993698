import { ArgumentError, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { Linear, Sequential } from '@adjoint/nn'
import { describe, expect, it } from 'vitest'
import {
  FormatError,
  openSafetensors,
  readSafetensors,
  readSafetensorsHeader,
  type Tree,
  writeSafetensors,
} from '../src/index.js'
import { expectSame } from './trees.js'

const again = (tree: unknown): unknown => readSafetensors(writeSafetensors(tree))
const textOf = (bytes: Uint8Array): string => {
  const length = new DataView(bytes.buffer).getUint32(0, true)
  return new TextDecoder().decode(bytes.subarray(8, 8 + length))
}
/** A file as another writer makes it. */
const file = (header: unknown, data: ArrayLike<number> = []): Uint8Array => {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + data.length)
  new DataView(bytes.buffer).setUint32(0, text.length, true)
  bytes.set(text, 8)
  bytes.set(data, 8 + text.length)
  return bytes
}
const entry = (dtype: string, shape: number[], begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
})
const of = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

describe('a tree', () => {
  it('comes back as it was, to the last bit', () => {
    const tree = {
      float32: tensor([1.5, Number.NaN, Number.NEGATIVE_INFINITY, -0]),
      float64: tensor([[0.1, 5e-324]], { dtype: 'float64' }),
      int32: tensor([2 ** 31 - 1, -(2 ** 31)], { dtype: 'int32' }),
      bool: tensor([true, false, true]),
      scalar: tensor(3),
      empty: zeros([0, 3]),
      emptyBool: zeros([2, 0], { dtype: 'bool' }),
      nested: { list: [tensor([1]), 2, [null, 'text', true, undefined], {}], big: 2n ** 70n },
      numbers: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e-300, 0.1],
    }
    expectSame(again(tree), tree)
  })

  it('may be one tensor, or have none', () => {
    for (const tree of [tensor([1, 2]), {}, [], 'text', null, 5, [[]], { a: {} }]) expectSame(again(tree), tree)
  })

  it('has any keys: with dots, dollars, of prototypes, halves of characters, none', () => {
    const tree = Object.fromEntries(
      [
        '__proto__',
        'constructor',
        '__metadata__',
        '',
        '.',
        'a.b',
        '$tensor',
        '$',
        '$$',
        '\ud800',
        '"',
        '\n',
        '10',
        '9',
      ].map((key, i) => [key, i % 2 === 0 ? tensor([i]) : i]),
    )
    expectSame(again({ ...tree, inner: tree, a: { b: tensor([7]) } }), { ...tree, inner: tree, a: { b: tensor([7]) } })
    expect(Object.getPrototypeOf(again(tree))).toBe(Object.prototype)
  })

  it('with a key __proto__ gives its reader no other prototype', () => {
    const tree = again(JSON.parse('{ "__proto__": { "admin": true }, "list": [] }')) as Record<string, unknown>
    expect(tree.admin).toBeUndefined()
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
  })

  it('is a plain file where it is an object of tensors: names as they are, no outline', () => {
    const model = new Sequential(new Linear(2, 3), new Linear(3, 1))
    const state = model.stateDict()
    const bytes = writeSafetensors(state)
    const { entries, metadata } = readSafetensorsHeader(bytes)
    expect([...entries.keys()]).toEqual(['0.weight', '0.bias', '1.weight', '1.bias'])
    expect(Object.keys(metadata)).toEqual(['adjoint.sums'])
    const other = new Sequential(new Linear(2, 3), new Linear(3, 1))
    other.loadStateDict(readSafetensors(bytes))
    expectSame(other.stateDict(), state)
  })

  it('names tensors by their keys, each once', () => {
    const tree = { model: { '0.weight': tensor([1]) }, model2: [tensor([2])], 'model.0': { weight: tensor([3]) } }
    expect([...readSafetensorsHeader(writeSafetensors(tree)).entries.keys()]).toEqual([
      'model.0.weight',
      'model2.0',
      'model.0.weight#2',
    ])
    expectSame(again(tree), tree)
  })

  it('is aligned: each tensor begins at a multiple of the width of its elements', () => {
    const tree = { a: zeros([3], { dtype: 'bool' }), b: zeros([3]), c: zeros([1], { dtype: 'float64' }) }
    const { entries } = readSafetensorsHeader(writeSafetensors(tree))
    expect(['a', 'b', 'c'].map((name) => entries.get(name)!.begin % { a: 1, b: 4, c: 8 }[name]!)).toEqual([0, 0, 0])
    expect([...entries.keys()]).toEqual(['a', 'b', 'c'])
  })

  it('does not follow the tensors that it was made of, nor they it', () => {
    const x = tensor([1, 2])
    const bytes = writeSafetensors({ x })
    const { x: y } = readSafetensors<{ x: Tensor }>(bytes)
    bytes.fill(255)
    expect(y.toArray()).toEqual([1, 2])
    expect(x.toArray()).toEqual([1, 2])
  })

  it.each<[string, unknown, RegExp]>([
    ['a function', { a: [() => 1] }, /the tree\.a\[0\] is a function; .*leave it out/],
    ['a symbol', Symbol('x'), /the tree is a symbol/],
    ['a Map', { a: new Map() }, /the tree\.a is an instance of Map/],
    ['a date', [new Date()], /the tree\[0\] is an instance of Date/],
    ['a model', { model: new Linear(1, 1) }, /the tree\.model is an instance of Linear; pass its stateDict\(\)/],
    [
      'a typed array',
      { 'a.b': new Float32Array(2) },
      /the tree\["a\.b"\] is an instance of Float32Array; make it a tensor/,
    ],
    ['a property of a symbol', { [Symbol('s')]: 1 }, /has a property Symbol\(s\)/],
    ['a named property of an array', Object.assign([1], { more: 2 }), /has a property more/],
  ])('with %s is refused by path', (_, tree, says) => {
    expect(() => writeSafetensors(tree)).toThrow(ArgumentError)
    expect(() => writeSafetensors(tree)).toThrow(says)
  })

  it('that holds itself, or nests without end, is refused', () => {
    const ring: { self?: unknown } = {}
    ring.self = ring
    expect(() => writeSafetensors({ ring })).toThrow(/the tree\.ring\.self holds itself/)
    let deep: unknown = 1
    for (let i = 0; i < 1e5; i++) deep = [deep]
    expect(() => writeSafetensors(deep)).toThrow(/nests more than 500 deep/)
  })

  it('may have metadata for other readers, which it does not disturb', () => {
    const bytes = writeSafetensors({ a: tensor([1]), b: 2 }, { metadata: { format: 'pt' } })
    expect(readSafetensorsHeader(bytes).metadata.format).toBe('pt')
    expectSame(readSafetensors(bytes), { a: tensor([1]), b: 2 })
    expect(() => writeSafetensors({}, { metadata: { 'adjoint.tree': 'adjoint ' } })).toThrow(/choose another/)
  })
})

describe("another writer's file", () => {
  it('is an object of tensors by name, each dtype as one that holds it exactly', () => {
    const parts = {
      F16: [of(new Uint16Array([0x3c00, 0x0001, 0x7c00, 0xfbff])), [1, 2 ** -24, Number.POSITIVE_INFINITY, -65504]],
      BF16: [of(new Uint16Array([0x3f80, 0x0001, 0xff80])), [1, 2 ** -133, Number.NEGATIVE_INFINITY]],
      I8: [of(new Int8Array([-128, 127])), [-128, 127]],
      U8: [of(new Uint8Array([0, 255])), [0, 255]],
      I16: [of(new Int16Array([-32768])), [-32768]],
      U16: [of(new Uint16Array([65535])), [65535]],
      U32: [of(new Uint32Array([2 ** 31 - 1])), [2 ** 31 - 1]],
      I64: [of(new BigInt64Array([-(2n ** 31n), 2n ** 31n - 1n, -1n])), [-(2 ** 31), 2 ** 31 - 1, -1]],
      U64: [of(new BigUint64Array([2n ** 31n - 1n, 0n])), [2 ** 31 - 1, 0]],
      BOOL: [new Uint8Array([1, 0]), [1, 0]],
    } as const
    const widths = { F16: 2, BF16: 2, I8: 1, U8: 1, I16: 2, U16: 2, U32: 4, I64: 8, U64: 8, BOOL: 1 } as const
    let end = 0
    const header: Record<string, unknown> = {}
    const data: number[] = []
    for (const [name, [bytes]] of Object.entries(parts)) {
      header[name] = entry(name, [bytes.length / widths[name as 'I8']], end, end + bytes.length)
      end += bytes.length
      data.push(...bytes)
    }
    const tree = readSafetensors<Record<string, Tensor>>(file(header, data))
    for (const [name, [, values]] of Object.entries(parts)) {
      expect(tree[name]!.dtype).toBe(name === 'BOOL' ? 'bool' : name.includes('F') ? 'float32' : 'int32')
      expect([...tree[name]!.data]).toEqual(values)
    }
  })

  it('has every float16, as its value', () => {
    const all = new Uint16Array(65536).map((_, i) => i)
    const { x } = readSafetensors<{ x: Tensor }>(file({ x: entry('F16', [65536], 0, 131072) }, of(all)))
    const view = [...x.data]
    for (const [i, value] of view.entries()) {
      const [exponent, fraction] = [(i >> 10) & 31, i & 1023]
      const size =
        exponent === 31
          ? fraction
            ? Number.NaN
            : Infinity
          : exponent
            ? 2 ** (exponent - 25) * (1024 + fraction)
            : 2 ** -24 * fraction
      if (!Object.is(value, i >> 15 ? -size : size)) expect.fail(`${i} is ${value}`)
    }
  })

  it('may begin its tensors anywhere', () => {
    const data = [1, ...of(new Float64Array([0.1]))]
    const tree = readSafetensors(file({ a: entry('BOOL', [1], 0, 1), b: entry('F64', [], 1, 9) }, data))
    expectSame(tree, { a: tensor([true]), b: tensor(0.1, { dtype: 'float64' }) })
  })

  it('is read one by one, and by its header alone', () => {
    const bytes = writeSafetensors({ a: tensor([1]), b: [tensor([2, 3])], c: 'text' })
    const opened = openSafetensors(bytes)
    expect([...opened.entries.keys()]).toEqual(['a', 'b.0'])
    expect(opened.tensor('b.0').toArray()).toEqual([2, 3])
    expect(() => opened.tensor('b.1')).toThrow(/no 'b\.1'; did you mean 'b\.0'/)
    expectSame(opened.tree(), { a: tensor([1]), b: [tensor([2, 3])], c: 'text' })
    const { begin } = opened.entries.get('a')!
    const header = readSafetensorsHeader(bytes.subarray(0, 8 + textOf(bytes).length))
    expect(header.byteLength).toBe(bytes.length)
    expect(header.entries.get('a')).toEqual({ dtype: 'F32', shape: [1], begin, end: begin + 4 })
  })

  it('is taken as an ArrayBuffer too, and as part of another array', () => {
    const bytes = writeSafetensors({ a: tensor([1]) })
    expectSame(readSafetensors(bytes.buffer as ArrayBuffer), { a: tensor([1]) })
    const larger = new Uint8Array(bytes.length + 5)
    larger.set(bytes, 3)
    expectSame(readSafetensors(larger.subarray(3, 3 + bytes.length)), { a: tensor([1]) })
  })
})

describe('what is wrong is said by its place', () => {
  const float = of(new Float32Array([1, 2]))
  const whole = { a: entry('F32', [2], 0, 8) }
  const refused = (bytes: Uint8Array, says: RegExp, read: (bytes: Uint8Array) => unknown = readSafetensors): void => {
    expect(() => read(bytes)).toThrow(FormatError)
    expect(() => read(bytes)).toThrow(says)
  }

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /there are 0 bytes/],
    ['a few bytes', new Uint8Array(7), /there are 7 bytes/],
    ['zeros', new Uint8Array(20), /has 0 bytes, and the shortest, \{\}, has 2/],
    ['a huge header', new Uint8Array(20).fill(255), /header has 18446744073709552000 bytes, and it may have 100000000/],
    ['a header cut off', file(whole, float).subarray(0, 30), /and 22 follow \(\d+ are missing\)/],
    ['tensors cut off', file(whole, float).subarray(0, -3), /the last tensor ends at byte \d+, .* 3 bytes are missing/],
    ['bytes behind', file(whole, [...float, 0]), /and 1 bytes follow/],
    ['no brace', file(' {}'), /byte 8 is 32, and the header begins with a brace/],
    ['no JSON', file('{"a"}'), /the header, which begins at byte 8, is no JSON/],
    ['no UTF-8', Uint8Array.from([4, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff, 0xfe, 0x7d]), /no UTF-8/],
    ['a key twice', file('{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"\\u0061" :{}}'), /the key "a" twice/],
    [
      'a field twice',
      file('{"a":{"dtype":"F32","dtype":"F64","shape":[0],"data_offsets":[0,0]}}'),
      /key "dtype" twice/,
    ],
    ['a field too many', file({ a: { ...whole.a, scale: 1 } }, float), /entry "a" has a field "scale"/],
    ['an entry that is none', file({ a: 5 }), /entry "a" is no object/],
    ['a shape that is none', file({ a: { ...whole.a, shape: [2.5] } }), /its shape is no array of sizes/],
    ['a negative size', file({ a: { ...whole.a, shape: [-2] } }), /its shape is no array of sizes/],
    ['offsets that are none', file({ a: { ...whole.a, data_offsets: [0] } }), /not two byte positions/],
    ['no dtype', file({ a: { ...whole.a, dtype: 5 } }), /its dtype is no text/],
    ['an unknown dtype', file({ a: { ...whole.a, dtype: 'F33' } }), /its dtype "F33" is unknown \(F\d+ is known\)/],
    ['a dtype of the prototype', file({ a: { ...whole.a, dtype: 'toString' } }), /"toString" is unknown/],
    ['a shape of another size', file({ a: { ...whole.a, shape: [3] } }, float), /F32 of shape \[3\] takes 12 bytes/],
    ['a shape without end', file({ a: { ...whole.a, shape: [2 ** 40, 2 ** 40] } }, float), /more elements than a file/],
    ['a hole', file({ a: entry('F32', [1], 4, 8) }, float), /begins at byte \d+ and leaves a gap after the header/],
    [
      'an overlap',
      file({ a: entry('F32', [1], 0, 4), b: entry('F32', [1], 2, 6) }, float),
      /entry "b" begins at byte \d+ and overlaps entry "a"/,
    ],
    ['metadata that is none', file({ __metadata__: [] }), /__metadata__ is no object/],
    ['metadata that is no text', file({ __metadata__: { a: 1 } }), /__metadata__ has number under "a"/],
    [
      'FP8',
      file({ a: entry('F8_E4M3', [8], 0, 8) }, float),
      /entry "a" \(byte \d+\) is F8_E4M3, which no tensor holds/,
    ],
    [
      'a truth value that is none',
      file({ a: entry('BOOL', [2], 0, 2) }, [1, 2]),
      /element 1 of entry "a" .* is the byte 2/,
    ],
    [
      'an I64 beyond 32 bits',
      file({ a: entry('I64', [2], 0, 16) }, of(new BigInt64Array([1n, -(2n ** 31n) - 1n]))),
      /element 1 of entry "a" \(int64, at byte \d+\) is -2147483649/,
    ],
    ['a U64', file({ a: entry('U64', [1], 0, 8) }, of(new BigUint64Array([2n ** 63n]))), /is 9223372036854775808/],
    ['a U64 of 32 bits', file({ a: entry('U64', [1], 0, 8) }, of(new BigUint64Array([2n ** 31n]))), /is 2147483648/],
    ['a U32', file({ a: entry('U32', [1], 0, 4) }, of(new Uint32Array([2 ** 32 - 1]))), /is 4294967295/],
    ['a zip', Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0]), /this is a zip archive, as PyTorch/],
    ['a page', new TextEncoder().encode('<!doctype html>'), /this is a page in HTML/],
    ['an LFS pointer', new TextEncoder().encode('version https://git-lfs'), /a pointer of Git LFS/],
  ])('%s', (_, bytes, says) => refused(bytes, says))

  const outlined = (outline: string): Uint8Array =>
    file({ __metadata__: { 'adjoint.tree': `adjoint ${outline}` }, ...whole }, float)
  it.each<[string, Uint8Array, RegExp]>([
    ['that is no JSON', outlined('['), /outline .* is no JSON/],
    ['of something new', outlined('{"$x":1}'), /says '\$x'/],
    ['of a number that is none', outlined('{"$number":"1"}'), /says '\$number'/],
    ['with other tensors', outlined('{"$tensor":"b"}'), /names a tensor "b"/],
    ['with a tensor in two places', outlined('[{"$tensor":"a"},{"$tensor":"a"}]'), /has the tensor 'a' in two places/],
    ['that nests without end', outlined('['.repeat(100_000)), /outline .* nests more than 500 deep/],
    ['without a tensor', outlined('{}'), /the tensor "a" has no place in the outline/],
    ['without end', outlined('['.repeat(1e5) + ']'.repeat(1e5)), /nests more than/],
  ])('an outline %s', (_, bytes, says) => {
    refused(bytes, /the header is not what was written/)
    refused(bytes, says, (bytes) => readSafetensors(bytes, { verify: false }))
  })

  it('a header alone that is not all there', () => {
    refused(file(whole, float).subarray(0, 20), /12 follow/, readSafetensorsHeader)
  })

  it('changed bytes, by the entry they belong to; and how to read them all the same', () => {
    const bytes = writeSafetensors({ a: tensor([1, 2]), b: [tensor([3])] })
    const { begin, end } = readSafetensorsHeader(bytes).entries.get('b.0')!
    bytes[end - 1]! ^= 128
    refused(bytes, new RegExp(`entry "b.0" \\(bytes ${begin} to ${end}\\) is not what was written`))
    expect(openSafetensors(bytes).tensor('a').toArray()).toEqual([1, 2])
    expectSame(readSafetensors(bytes, { verify: false }), { a: tensor([1, 2]), b: [tensor([-3])] })
  })

  it('a changed outline', () => {
    const bytes = writeSafetensors({ epoch: 3 })
    bytes[8 + textOf(bytes).indexOf('3')] = '4'.charCodeAt(0)
    refused(bytes, /the header is not what was written/)
  })
})

describe('types', () => {
  it('of what is read are said by who reads', () => {
    const tree: Tree = readSafetensors(writeSafetensors({ a: 1 }))
    const { epoch } = readSafetensors<{ epoch: number }>(writeSafetensors({ epoch: 2 }))
    expect([tree, epoch + 1]).toEqual([{ a: 1 }, 3])
  })
})
