import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { methodTypes } from '../../../../scripts/methods.js'

test('the methods have the forms of the functions: if not, run node scripts/methods.js', () => {
  const folder = join(import.meta.dirname, '../../src/tensor/methods')
  const found = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  expect(Object.keys(found).length).toBeGreaterThan(5)
  expect(found).toEqual(methodTypes())
})
