import { readFileSync } from 'node:fs'
import { parseHTML } from 'linkedom'
import { expect, test } from 'vitest'
import { run } from '../cnn/index.js'
import { interrupted, numbersOf } from './interrupted.js'

const lines: string[] = []
const whole = run({ short: true, print: (text) => lines.push(text) })

test('cnn: in short mode filters are learned that read digits, and a picture is left', async () => {
  const { losses, milestones, readings, file } = await whole
  expect(losses).toHaveLength(96)
  expect(milestones.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4])
  expect(milestones[0]!.accuracy).toBeLessThan(0.3)
  expect(milestones.at(-1)!.accuracy).toBeGreaterThan(0.9)
  const right = readings.filter(({ truth, prediction }) => truth === prediction).length
  expect(right / readings.length).toBeCloseTo(milestones.at(-1)!.accuracy, 6)
  expect(lines.join('\n')).toContain('What to try next')

  const html = readFileSync(file, 'utf8')
  expect(html).not.toMatch(/NaN|undefined/)
  const { document } = parseHTML(html)
  expect(document.querySelectorAll('.filter')).toHaveLength(17)
  const counts = [...document.querySelectorAll('.confusion td')].map(({ textContent }) => Number(textContent))
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(readings.length)
  const mistakes = readings.length - right
  expect(document.querySelectorAll('.adjoint svg')).toHaveLength(Math.min(16, mistakes))
})

test('cnn: stopped in the middle of an epoch and resumed, it learns the same to the last bit', async () => {
  const { model, losses, milestones } = await whole
  const resumed = await interrupted(run, 40)
  expect(resumed.losses).toEqual(losses)
  expect(resumed.milestones.map(({ accuracy }) => accuracy)).toEqual(milestones.map(({ accuracy }) => accuracy))
  expect(numbersOf(resumed.model)).toEqual(numbersOf(model))
})
