import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { run } from '../curve-fit/index.js'
import { interrupted } from './interrupted.js'

test('curve fit: the error falls with the width, and a picture is left', async () => {
  const { fits, ridge, file } = await run({ short: true, print: () => {} })
  const [narrow, middle, wide] = fits.map(({ error }) => error)
  expect(fits.map(({ width }) => width)).toEqual([1, 4, 16])
  expect(narrow).toBeGreaterThan(0.4)
  expect(middle).toBeLessThan(0.3)
  expect(wide).toBeLessThan(0.08)
  expect(wide).toBeLessThan(middle!)

  const [blunt, , sharp] = ridge.map(({ error }) => error)
  expect(sharp).toBeLessThan(blunt! / 2)

  const picture = readFileSync(file, 'utf8')
  expect(picture).toMatch(/^<!doctype html>/)
  expect(picture).toContain('16 neurons')
  expect(picture.match(/class="panel"/g)).toHaveLength(3)
  expect(picture).not.toContain('NaN')
})

test('stopped in a training and resumed, the curves are the same to the last bit', async () => {
  const whole = await run({ short: true, print: () => {} })
  // in the second of six trainings
  const again = await interrupted(run, 930)
  const numbers = ({ fits, ridge }: typeof whole) =>
    [...fits, ...ridge].map(({ error, fitted }) => [error, ...fitted.data])
  expect(numbers(again)).toEqual(numbers(whole))
})
