import { type DType, type Tensor, tensor } from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FormatError, readNpy, readNpz, readSafetensors, writeNpy, writeNpz, writeSafetensors } from '../src/index.js'
import { expectSame } from './trees.js'

const shapes = fc.array(fc.nat(3), { maxLength: 3 })
const elements: Readonly<Record<DType, fc.Arbitrary<number>>> = {
  float32: fc.float(),
  float64: fc.double(),
  int32: fc.integer(),
  bool: fc.nat(1),
}
const tensors: fc.Arbitrary<Tensor> = fc
  .tuple(fc.constantFrom(...(Object.keys(elements) as DType[])), shapes)
  .chain(([dtype, shape]) => {
    const size = shape.reduce((product, axis) => product * axis, 1)
    return fc
      .array(elements[dtype], { minLength: size, maxLength: size })
      .map((data) => tensor(Float64Array.from(data), { shape, dtype }) as Tensor)
  })
const keys = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'a.b', '0.weight', '$tensor', '$', '__metadata__', 'length', '7'),
)
const plain = fc.oneof(
  fc.double(),
  fc.bigInt(),
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.constantFrom(null, undefined),
)
const { tree: anyTree } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, tensors, plain, fc.array(tie('tree'), { maxLength: 4 }), tie('object')),
  object: fc.array(fc.tuple(keys, tie('tree')), { maxLength: 4 }).map(Object.fromEntries),
}))

const trees = anyTree.filter((tree) => tree !== undefined)

/** What a reader makes of bytes: a tree, or the one error that is allowed. */
const attempt = (read: (bytes: Uint8Array) => unknown, bytes: Uint8Array): { tree: unknown } | 'refused' => {
  try {
    return { tree: read(bytes) }
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError)
    return 'refused'
  }
}

describe('safetensors', () => {
  it('has any tree, and gives it back', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        expectSame(readSafetensors(writeSafetensors(tree)), tree)
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  it('with some bytes changed is refused, or reads as what was written', () => {
    fc.assert(
      fc.property(
        trees,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 2 }),
        (tree, flips) => {
          const bytes = writeSafetensors(tree)
          for (const [place, bits] of flips) bytes[place % bytes.length]! ^= bits
          const outcome = attempt(readSafetensors, bytes)
          if (outcome !== 'refused') expectSame(outcome.tree, tree)
        },
      ),
      { numRuns: 2000, seed: 2 },
    )
  })

  it('that is cut off, or has more, is refused', () => {
    fc.assert(
      fc.property(trees, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 9 }), (tree, place, more) => {
        const bytes = writeSafetensors(tree)
        expect(attempt(readSafetensors, bytes.subarray(0, place % bytes.length))).toBe('refused')
        expect(attempt(readSafetensors, Uint8Array.from([...bytes, ...more]))).toBe('refused')
      }),
      { numRuns: 300, seed: 3 },
    )
  })

  it('of any bytes, or any header, is refused or read, and nothing else', () => {
    const json = fc.json({ maxDepth: 4 }).map((text) => new TextEncoder().encode(text))
    const entries = fc.dictionary(
      fc.string(),
      fc.record({
        dtype: fc.constantFrom('F32', 'F64', 'F16', 'I64', 'BOOL', 'F8_E4M3', 'F4', 'X'),
        shape: fc.array(fc.oneof(fc.nat(3), fc.double(), fc.maxSafeNat())),
        data_offsets: fc.tuple(fc.nat(40), fc.nat(40)),
      }),
    )
    const header = entries.map((object) => new TextEncoder().encode(JSON.stringify(object)))
    fc.assert(
      fc.property(fc.oneof(json, header, fc.uint8Array()), fc.uint8Array({ maxLength: 40 }), (text, data) => {
        const bytes = Uint8Array.from([text.length, 0, 0, 0, 0, 0, 0, 0, ...text, ...data])
        new DataView(bytes.buffer).setUint32(0, text.length, true)
        attempt(readSafetensors, bytes)
        attempt(readSafetensors, data)
      }),
      { numRuns: 2000, seed: 4 },
    )
  })
})

describe('npy and npz', () => {
  const objects = fc.dictionary(
    keys.filter((key) => new TextDecoder().decode(new TextEncoder().encode(key)) === key),
    tensors,
    {
      maxKeys: 3,
    },
  )
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 })

  it('have any tensors, and give them back', () => {
    fc.assert(
      fc.property(tensors, objects, fc.boolean(), (x, all, compress) => {
        expectSame(readNpy(writeNpy(x)), x)
        const back = readNpz(writeNpz(all, { compress }))
        expect(Object.keys(back).sort()).toEqual(Object.keys(all).sort())
        for (const [key, value] of Object.entries(all)) expectSame(back[key], value)
      }),
      { numRuns: 200, seed: 5 },
    )
  })

  it('with some bytes changed, or cut off, are refused or read, and nothing else', () => {
    fc.assert(
      fc.property(objects, flips, fc.nat(), fc.boolean(), (all, flips, place, compress) => {
        for (const [bytes, read] of [
          [writeNpz(all, { compress }), readNpz],
          ...Object.values(all).map((x) => [writeNpy(x), readNpy] as const),
        ] as const) {
          expect(attempt(read, bytes.subarray(0, place % bytes.length))).toBe('refused')
          for (const [place, bits] of flips) bytes[place % bytes.length]! ^= bits
          attempt(read, bytes)
        }
      }),
      { numRuns: 1000, seed: 6 },
    )
  })

  it('of which a file in an archive has one byte changed are refused', () => {
    fc.assert(
      fc.property(tensors, fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean(), (x, place, bits, compress) => {
        const bytes = writeNpz({ x }, { compress })
        const [start, end] = [35, new DataView(bytes.buffer).getUint32(bytes.length - 6, true)]
        bytes[start + (place % (end - start))]! ^= bits
        const outcome = attempt(readNpz, bytes)
        // deflated bytes may be others for the same elements
        if (outcome !== 'refused') expectSame(outcome.tree, { x })
        if (!compress) expect(outcome).toBe('refused')
      }),
      { numRuns: 500, seed: 7 },
    )
  })
})
