import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tensor } from '@adjoint/autograd'
import { afterAll, describe, expect, it } from 'vitest'
import { type Subject, walk } from '../../autograd/test/misuse/walk.js'
import * as formats from '../src/index.js'
import * as node from '../src/node/index.js'

const folder = mkdtempSync(join(tmpdir(), 'adjoint-misuse-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bytes = formats.writeSafetensors({ a: tensor([1]) })
const path = join(folder, 'a.safetensors')
await node.saveTree(path, {})
/** All that may be saved. */
const savable = 'null boolean number nan bigint string object array strings bare tensor'

type Entry = Omit<Subject, 'call'>
const functions: Readonly<Record<string, Entry>> = {
  writeSafetensors: { args: () => [[1], { metadata: { a: 'b' } }], may: [savable], options: { metadata: 'bare' } },
  readSafetensors: { args: () => [bytes, { verify: true }] },
  openSafetensors: { args: () => [bytes, { verify: true }] },
  readSafetensorsHeader: { args: () => [bytes] },
  writeNpy: { args: () => [tensor([1])] },
  readNpy: { args: () => [formats.writeNpy(tensor([1]))] },
  writeNpz: { args: () => [{ a: tensor([1]) }, { compress: true }], may: ['bare'] },
  readNpz: { args: () => [formats.writeNpz({ a: tensor([1]) })] },
}
const files: Readonly<Record<string, Entry>> = {
  saveTree: {
    args: () => [path, [1], { keep: 2, metadata: { a: 'b' } }],
    may: ['', savable],
    options: { metadata: 'bare' },
  },
  loadTree: { args: () => [path, { verify: true }] },
}
const methods: Readonly<Record<string, Subject>> = {
  'SafetensorsFile.tensor': {
    args: () => ['a'],
    call: (...args: [never]) => formats.openSafetensors(bytes).tensor(...args),
  },
  'SafetensorsFile.tree': { args: () => [], call: (...args: []) => formats.openSafetensors(bytes).tree(...args) },
}

const callsOf = (module: object, entries: Readonly<Record<string, Entry>>) =>
  Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [
      name,
      { ...entry, call: Reflect.get(module, name) as Subject['call'] },
    ]),
  )
const namesIn = (module: object): string[] =>
  Object.entries(module)
    .filter(([, thing]) => typeof thing === 'function' && !(thing.prototype instanceof Error))
    .map(([name]) => name)
    .sort()

it('every export is tried here', () => {
  expect(namesIn(formats)).toEqual(Object.keys(functions).sort())
  expect(namesIn(node)).toEqual(Object.keys(files).sort())
})

describe('every function', () => walk(callsOf(formats, functions)))
describe('every function of files', () => walk(callsOf(node, files)))
describe('every method', () => walk(methods))
