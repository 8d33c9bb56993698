import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { digits, train, trained } from '../vanishing-gradients/depth.js'
import { run } from '../vanishing-gradients/index.js'
import { interrupted, numbersOf } from './interrupted.js'

test('vanishing gradients: what vanishes, what explodes, what cures it, and who learns', async () => {
  const results = await run({ short: true, print: () => {} })
  const { curves, inits, depths, sigmoid, small, time, clipped, training, file } = results
  const first = (norms: Readonly<Record<string, readonly number[]>>, name: string): number => norms[name]![0]!

  // 12 layers: a sigmoid passes on at most a quarter at each
  expect(first(curves, 'sigmoid')).toBeLessThan(4 ** -11)
  expect(curves.sigmoid!.at(-1)).toBeGreaterThan(0.1)
  expect(first(curves, 'tanh')).toBeGreaterThan(0.05)
  expect(first(inits, 'small, N(0, 0.05²)')).toBeLessThan(1e-6)
  expect(first(inits, 'Kaiming')).toBeGreaterThan(0.1)
  expect(first(inits, 'Kaiming')).toBeLessThan(10)
  expect(first(inits, 'too large, 3 × Xavier')).toBeGreaterThan(1e3)
  const [shallow, , deep] = depths.sigmoid!.map(([, gradient]) => gradient)
  expect(deep).toBeLessThan(shallow! / 1e5)

  expect(first(sigmoid, 'BatchNorm')).toBeGreaterThan(0.1)
  expect(first(sigmoid, 'residual')).toBeGreaterThan(0.1)
  expect(first(sigmoid, 'LayerNorm')).toBeLessThan(1e-4)
  expect(first(small, 'LayerNorm')).toBeGreaterThan(0.05)

  expect(first(time, 'RNN, gain 0.5')).toBeLessThan(1e-8)
  expect(first(time, 'RNN, gain 1')).toBeGreaterThan(0.01)
  expect(first(time, 'RNN, gain 3')).toBeGreaterThan(1e3)
  expect(first(time, 'LSTM, forget bias 5')).toBeGreaterThan(100 * first(time, 'LSTM, forget bias 1'))
  expect(clipped.without.losses.at(-1)).toBeNaN()
  expect(clipped.with.losses.at(-1)).toBeLessThan(0.3)

  expect(training['tanh, orthogonal']!.share).toBeGreaterThan(training['sigmoid, plain']!.share + 0.2)

  const picture = readFileSync(file, 'utf8')
  expect(picture.match(/class="panel"/g)).toHaveLength(8)
  expect(picture).not.toMatch(/ d="[^"]*NaN/)
})

test('vanishing gradients: stopped in the middle of an epoch and resumed, a training is the same to the last bit', async () => {
  const some = digits(150)
  const kind = trained['sigmoid, BatchNorm']!
  const whole = await train(kind, 3, some, 3, 'one', {})
  const resumed = await interrupted((options) => train(kind, 3, some, 3, 'one', options), 5)
  expect(whole.losses).toHaveLength(9)
  expect(resumed.losses).toEqual(whole.losses)
  expect(resumed.share).toBe(whole.share)
  expect(numbersOf(resumed.model)).toEqual(numbersOf(whole.model))
})
