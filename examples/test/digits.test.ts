import { Random } from '@adjoint/autograd'
import { batches } from '@adjoint/nn'
import { describe, expect, test } from 'vitest'
import { loadDigits, pixels, side } from '../data/mnist.js'
import { Shifted } from '../data/shifted.js'
import { learn, read, run } from '../digits/index.js'
import { interrupted, numbersOf } from './interrupted.js'

describe('digits', () => {
  test('in short mode the network learns something, with gradients that were checked', async () => {
    const calls: string[] = []
    const progress = {
      start: (total: number | undefined) => calls.push(`start ${total}`),
      update: () => calls.push('update'),
      stop: () => calls.push('stop'),
    }
    const { check, losses, accuracy, model, test: images } = await run({ short: true, print: () => {}, progress })
    expect(check.verdict).toBe('pass')
    expect(losses).toHaveLength(60)
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2)
    expect(accuracy).toBeGreaterThan(0.75)
    expect(calls[0]).toBe('start 60')
    expect(calls.filter((call) => call === 'update')).toHaveLength(60)
    expect(calls.at(-1)).toBe('stop')

    const readings = read(model, images)
    const right = readings.filter(({ truth, prediction }) => truth === prediction).length
    expect(right / readings.length).toBeCloseTo(accuracy, 6)
    for (const { probability } of readings) expect(probability).toBeGreaterThan(0.1)
  })

  test('stopped in the middle of an epoch and resumed, it learns the same to the last bit', async () => {
    const digits = loadDigits('train', 2_000)
    const { losses, model } = await learn(digits, { short: true })
    const resumed = await interrupted((options) => learn(digits, options), 25)
    expect(resumed.losses).toEqual(losses)
    expect(numbersOf(resumed.model)).toEqual(numbersOf(model))
  })

  test('shifting moves images by at most a pixel and loses no ink in the middle', () => {
    const { images, labels } = loadDigits('train', 40)
    const data = batches(images, labels, { batchSize: 4 })
    const shifted = [...new Shifted(data, new Random(5))]
    expect(shifted).toHaveLength(data.length)
    const center = (pixel: readonly number[], index: 0 | 1) => {
      let [sum, moment] = [0, 0]
      pixel.forEach((ink, i) => {
        sum += ink
        moment += ink * (index === 0 ? Math.floor(i / side) : i % side)
      })
      return moment / sum
    }
    const moves = shifted.flatMap(({ x, y }, i) => {
      expect(x.shape).toEqual([4, pixels])
      expect([...y.data]).toEqual([...labels.data.slice(4 * i, 4 * i + 4)])
      const [before, after] = [images.at(4 * i).data, x.at(0).data].map((data) => [...data])
      return ([0, 1] as const).map((axis) => center(after!, axis) - center(before!, axis))
    })
    for (const move of moves) expect([-1, 0, 1]).toContain(Math.round(move * 1e4) / 1e4 + 0)
    expect(new Set(moves.map(Math.round)).size).toBeGreaterThan(1)
  })
})
