import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { run } from '../over-fitting/index.js'
import { bestOf, learn, loadSource } from '../over-fitting/learn.js'
import { interrupted } from './interrupted.js'

test('over-fitting: labels are learned by heart, also wrong ones; remedies and more data help', async () => {
  const { remedies, labels, sizes, stopped, file } = await run({ short: true, print: () => {} })
  const last = (name: string) => remedies[name]!.at(-1)!
  expect(last('plain').trainAccuracy).toBeGreaterThan(0.75)
  expect(last('plain').testAccuracy).toBeLessThan(0.7)
  expect(bestOf(remedies.plain!).testAccuracy).toBeGreaterThan(last('plain').testAccuracy)
  expect(last('dropout 0.5').trainAccuracy).toBeLessThan(last('plain').trainAccuracy - 0.05)
  expect(last('weight decay 3').weight).toBeLessThan(last('plain').weight)
  // labels that mean nothing are learned as well, and nothing else
  expect(labels['all drawn']!.at(-1)!.trainAccuracy).toBeGreaterThan(0.5)
  expect(labels['all drawn']!.at(-1)!.testAccuracy).toBeLessThan(0.25)
  expect(labels['right labels']!.at(-1)!.testAccuracy).toBeGreaterThan(last('plain').testAccuracy)
  const [few, many] = sizes.map(([, rows]) => bestOf(rows).testAccuracy)
  expect(many).toBeGreaterThan(few!)
  expect(stopped.length).toBeLessThan(remedies.plain!.length)

  const picture = readFileSync(file, 'utf8')
  expect(picture.match(/class="panel"/g)).toHaveLength(6)
  expect(picture).not.toContain('NaN')
})

test('over-fitting: stopped in the middle of an epoch and resumed, a training is the same to the last bit', async () => {
  const source = loadSource(150, 50)
  const setting = { count: 150, dropout: 0.5, decay: 3, patience: 3 }
  const whole = await learn(source, setting, 4, 'one', {})
  const resumed = await interrupted((options) => learn(source, setting, 4, 'one', options), 5)
  expect(whole).toHaveLength(4)
  expect(resumed).toEqual(whole)
})
