import { expect, test } from 'vitest'
import { tableOf } from '../src/table.js'

const check = { f: (x: unknown) => x, inputs: [] }
const box = { value: (x: unknown) => x, x: [1] }

test('the checks of a file are those of its default export and its other exports', () => {
  expect(tableOf('a.ts', { default: { first: check }, second: box })).toEqual({ first: check, second: box })
  expect(tableOf('a.ts', { first: check })).toEqual({ first: check })
  // as CommonJS has it
  expect(tableOf('a.js', { default: { first: check }, first: check })).toEqual({ first: check })
})

test.each([
  ['no exports', {}, 'exports no check'],
  ['an empty table', { default: {} }, 'exports no check'],
  ['a default export that is a list', { default: [check] }, 'its default export is no object of checks'],
  ['a default export that is nothing', { default: null }, 'its default export is no object of checks'],
  ['a default export that is a check', { default: check }, 'its default export is a check without a name'],
  ['a helper among its exports', { helper: () => 3 }, 'helper is a function, without the inputs'],
  ['something else', { size: 3 }, 'size is no check'],
  ['a check without a function', { default: { a: { inputs: [] } } }, 'a has no f, the function to check'],
  ['a check of no function', { a: { f: 3, inputs: [] } }, 'a has an f that is no function'],
  ['a check without inputs', { a: { f: check.f } }, 'a has no inputs'],
  ['inputs in no array', { a: { f: check.f, inputs: 3 } }, 'a has inputs that are no array'],
  ['a black box without a point', { a: { value: box.value } }, 'a has no x, the point'],
  ['a black box of no function', { a: { value: 3, x: [1] } }, 'a has a value that is no function'],
  ['one name twice', { default: { a: check }, a: box }, 'a is exported, and is in the default export too'],
])('%s: refused, with the file, what is missing and what to write', (_words, exports, said) => {
  expect(() => tableOf('a.ts', exports)).toThrow(said)
  expect(() => tableOf('a.ts', exports)).toThrow(/^a\.ts.*(export default|Call one of them otherwise)/)
})
