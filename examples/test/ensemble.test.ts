import { readFileSync } from 'node:fs'
import { Random, tensor } from '@adjoint/autograd'
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { loadDigits } from '../data/mnist.js'
import { run } from '../ensemble/index.js'
import { chanceOfTelling, judge, together } from '../ensemble/judgement.js'
import { createMember } from '../ensemble/model.js'
import { OwnOrders } from '../ensemble/own-orders.js'
import { race } from '../ensemble/speed.js'
import { interrupted, numbersOf } from './interrupted.js'

const whole = run({ short: true, print: () => {} })

describe('ensemble', () => {
  test('in short mode all together have a lower loss than one on average, and a picture is left', async () => {
    const { members, growing, odd, races, losses, file } = await whole
    const all = growing.at(-1)!
    const mean = members.reduce((sum, { loss }) => sum + loss, 0) / members.length
    expect(members).toHaveLength(4)
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 3)
    expect(all.accuracy).toBeGreaterThan(0.75)
    // by Jensen's inequality it cannot be otherwise
    expect(all.loss).toBeLessThan(mean)
    expect(growing[0]!.accuracy).toBe(members[0]!.accuracy)
    expect(races.at(-1)!.difference).toBeLessThan(1e-5)
    for (const { alone, all } of odd) expect(all.sure).toBeLessThan(alone.sure)

    const html = readFileSync(file, 'utf8')
    expect(html).not.toMatch(/NaN|undefined/)
    expect(parseHTML(html).document.querySelectorAll('.opinions .digit')).toHaveLength(9 * odd.length)
  })

  test('trained as one, networks become what they become one after another, and move', () => {
    const random = new Random(3)
    const members = [1, 2, 3].map(() => createMember(random, 5))
    const before = members.map(({ layers }) => layers[0].weight.detach())
    const { difference, hidden } = race(members, new OwnOrders(loadDigits('train', 400), 3, 20, random), 0.01)
    expect(hidden).toBe(5)
    expect(difference).toBeLessThan(1e-5)
    members.forEach(({ layers }, i) => {
      expect(layers[0].weight.sub(before[i]!).abs().max().item()).toBeGreaterThan(0.01)
    })
  })

  test('the orders of members differ, each has every image once, and an epoch can begin in its middle', () => {
    const digits = loadDigits('train', 60)
    const read = (data: Iterable<{ readonly y: { toArray(): number[][] } }>) => [...data].map(({ y }) => y.toArray())
    const whole = read(new OwnOrders(digits, 2, 20, new Random(1)))
    const rest = read(new OwnOrders(digits, 2, 20, new Random(1)).from(1))
    expect(rest).toEqual(whole.slice(1))
    const [one, other] = [0, 1].map((member) => whole.flatMap((batch) => batch[member]!))
    expect(one).not.toEqual(other)
    expect(one!.toSorted()).toEqual([...digits.labels.data].toSorted())
    expect(other!.toSorted()).toEqual([...digits.labels.data].toSorted())
  })

  test('judgements: of known probabilities', () => {
    const row = (digit: number, sure: number) =>
      Array.from({ length: 10 }, (_, i) => (i === digit ? sure : (1 - sure) / 9))
    const labels = tensor([3, 4], { dtype: 'int32' })
    const said = tensor([
      [row(3, 0.95), row(1, 0.75)],
      [row(3, 0.55), row(4, 0.95)],
    ]) as never
    const alone = judge(together(said, 1), labels)
    expect(alone.accuracy).toBe(0.5)
    expect(alone.loss).toBeCloseTo(-(Math.log(0.95) + Math.log(0.25 / 9)) / 2, 5)
    expect(alone.calibrationError).toBeCloseTo((0.05 + 0.75) / 2, 5)
    expect(judge(together(said), labels).accuracy).toBe(1)
    expect(chanceOfTelling([3, 4], [1, 2])).toBe(1)
    expect(chanceOfTelling([1, 2], [2, 0])).toBeCloseTo(0.625)
  })

  test('stopped in the middle of an epoch and resumed, it learns and judges the same to the last bit', async () => {
    const { ensemble, losses, odd } = await whole
    const resumed = await interrupted(run, 50)
    expect(resumed.losses).toEqual(losses)
    expect(resumed.odd.map(({ all }) => all)).toEqual(odd.map(({ all }) => all))
    expect(numbersOf(resumed.ensemble)).toEqual(numbersOf(ensemble))
  })
})
