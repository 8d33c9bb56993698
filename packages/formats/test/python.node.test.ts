import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type JsonTensor, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { readNpy, readSafetensors, readSafetensorsHeader } from '../src/index.js'
import { loadTree } from '../src/node/index.js'
import { expectSame } from './trees.js'

// Files that Python's safetensors and NumPy wrote: scripts/oracle/formats.py

const fixtures = join(import.meta.dirname, 'fixtures')
const read = (name: string): Uint8Array => readFileSync(join(fixtures, name))
type Expected = JsonTensor | Readonly<Record<string, JsonTensor>>
const { versions, ...expected } = JSON.parse(read('expected.json').toString()) as Readonly<Record<string, Expected>>
const isTensor = (thing: Expected): thing is JsonTensor => Array.isArray(thing.shape)

describe('a file of Python', () => {
  it.each(Object.entries(expected))(
    '%s is read as Python reads it, each dtype as one that holds it',
    async (name, wanted) => {
      const tree = await loadTree<Tensor | Record<string, Tensor>>(join(fixtures, name))
      if (isTensor(wanted)) return expectSame(tree, tensor(wanted))
      expect(Object.keys(tree).sort()).toEqual(Object.keys(wanted).sort())
      for (const [key, value] of Object.entries(wanted))
        expectSame((tree as Record<string, Tensor>)[key], tensor(value))
    },
  )

  it('has metadata', () => {
    expect(versions).toBeDefined()
    expect(readSafetensorsHeader(read('dtypes.safetensors')).metadata).toEqual({ format: 'pt', text: 'ä "quoted"' })
  })

  it('with what no tensor holds is refused by name', () => {
    expect(() => readSafetensors(read('fp8.safetensors'))).toThrow(/entry "scaled" .* F8_E4M3/)
    expect(() => readSafetensors(read('long.safetensors'))).toThrow(/element 1 of entry "ids" .* 2147483648/)
    expect(() => readNpy(read('objects.npy'))).toThrow(/Python objects/)
    expect(() => readNpy(read('records.npy'))).toThrow(/records/)
    expect(() => readNpy(read('text.npy'))).toThrow(/text/)
  })
})
