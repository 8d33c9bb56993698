import { readFileSync } from 'node:fs'
import { Random, tensor } from '@adjoint/autograd'
import { decode } from 'fast-png'
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { loadDigits } from '../data/mnist.js'
import { inkImage } from '../report/ink-image.js'
import { run } from '../vae/index.js'
import { bound, divergence, Vae } from '../vae/model.js'
import { interrupted, numbersOf } from './interrupted.js'

const lines: string[] = []
const whole = run({ short: true, print: (text) => lines.push(text) })

describe('variational autoencoder', () => {
  test('in short mode images come to cost less, the code is used, and a picture is left', async () => {
    const { narrow, wide, file } = await whole
    for (const { costs } of [narrow, wide]) {
      const [first, last] = [costs[0]!, costs.at(-1)!]
      expect(costs).toHaveLength(5)
      expect(last.reconstruction + last.code).toBeLessThan(first.reconstruction + first.code - 10)
      // the images of a decoder that knows the mean of all images and nothing else cost 206
      expect(last.reconstruction + last.code).toBeLessThan(200)
      expect(last.code).toBeGreaterThan(2)
    }
    expect(narrow.byNumber.reduce((sum, cost) => sum + cost)).toBeCloseTo(narrow.costs.at(-1)!.code, 2)
    expect(lines.join('\n')).toContain('What to try next')

    const html = readFileSync(file, 'utf8').replaceAll(/base64,[^"]+/g, '')
    expect(html).not.toMatch(/NaN|undefined/)
    const { document } = parseHTML(html)
    expect(document.querySelectorAll('.through figure')).toHaveLength(10)
    expect(document.querySelectorAll('.walk svg')).toHaveLength(30)
  })

  test('the cost of a code: 0 for a standard normal one, and by the formula for another', () => {
    const [mean, logVariance] = [tensor([[0, 1, -2]]), tensor([[0, 0, Math.log(4)]])] as const
    const [none, moved, wider] = divergence(mean as never, logVariance as never).data
    expect(none).toBe(0)
    expect(moved).toBeCloseTo(0.5, 6)
    expect(wider).toBeCloseTo((4 + 4 - Math.log(4) - 1) / 2, 6)
  })

  test('derivatives go through the draw: the encoder learns from what the decoder makes of it', () => {
    const model = new Vae(2, 8, new Random(0))
    const costs = model.forward(loadDigits('train', 5).images)
    costs.at(':', 0).sum().backward()
    const encoder = [...model.namedParameters()].filter(([name]) => name.startsWith('encoder'))
    expect(encoder).toHaveLength(4)
    for (const [, parameter] of encoder) expect(parameter.grad.abs().max().item()).toBeGreaterThan(0)
    expect(bound(costs).item()).toBeCloseTo(costs.sum().item() / 5, 3)
  })

  test('ink is drawn as an image', () => {
    const [, bytes] = inkImage([0, 1, 0.5, 2, 0, 0], 3, 'six').match(/base64,([^"]+)/)!
    const { width, height, channels, data } = decode(Buffer.from(bytes!, 'base64'))
    expect([width, height, channels]).toEqual([3, 2, 2])
    expect([...data].filter((_, i) => i % 2 === 1)).toEqual([0, 255, 128, 255, 0, 0])
  })

  test('stopped in the middle of the second training and resumed, it learns the same to the last bit', async () => {
    const { narrow, wide } = await whole
    const resumed = await interrupted(run, 130)
    for (const [one, other] of [
      [resumed.narrow, narrow],
      [resumed.wide, wide],
    ] as const) {
      expect(one.costs).toEqual(other.costs)
      expect(numbersOf(one.model)).toEqual(numbersOf(other.model))
    }
  })
})
