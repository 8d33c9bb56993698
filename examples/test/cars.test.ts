import { readFileSync } from 'node:fs'
import { tensor } from '@adjoint/autograd'
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { loadCars, milesOf } from '../cars/data.js'
import { run } from '../cars/index.js'
import { linearEstimates, plain } from '../cars/linear.js'
import { together } from '../cars/model.js'
import { factorFor, heldBy, scoreOf } from '../cars/scores.js'
import { interrupted, numbersOf } from './interrupted.js'

const lines: string[] = []
const whole = run({ short: true, print: (text) => lines.push(text) })

describe('regression on a table of cars', () => {
  test('in short mode the networks explain more of unseen cars than least squares, and a picture is left', async () => {
    const { estimates, file } = await whole
    const truths = estimates.map(({ car }) => car.milesPerGallon)
    const networks = scoreOf(
      truths,
      estimates.map(({ mean }) => mean),
    )
    const linear = scoreOf(
      truths,
      estimates.map((estimate) => estimate.linear),
    )
    expect(networks.r2).toBeGreaterThan(0.83)
    expect(networks.r2).toBeGreaterThan(linear.r2 + 0.02)
    expect(networks.meanAbsoluteError).toBeLessThan(linear.meanAbsoluteError - 0.2)
    const held = heldBy(estimates, ({ factor }) => factor)
    expect(held).toBeGreaterThan(0.75)
    expect(held).toBeLessThan(0.85)
    expect(lines.join('\n')).toContain('What to try next')
    const html = readFileSync(file, 'utf8')
    expect(html).not.toMatch(/NaN|undefined/)
    expect(parseHTML(html).document.querySelectorAll('main .wide')).toHaveLength(4)
  })

  test('each car is judged once, and more weight costs miles nearly everywhere', async () => {
    const { estimates } = await whole
    expect(new Set(estimates.map(({ car }) => car)).size).toBe(392)
    expect(estimates.filter(({ perPound }) => perPound < 0).length).toBeGreaterThan(350)
  })

  test('the cars: what is unknown is left out, and makers are spelt in one way', () => {
    const cars = loadCars()
    expect(cars).toHaveLength(392)
    expect(cars.filter(({ name }) => /^(vw|vokswagen)/.test(name)).map(({ maker }) => maker)).toEqual(
      Array(7).fill('volkswagen'),
    )
    expect(cars.find(({ name }) => name.startsWith('hi '))!.maker).toBe('other')
    expect(cars.flatMap(({ numbers }) => numbers).every(Number.isFinite)).toBe(true)
    expect(milesOf(cars).mean().item()).toBeCloseTo(23.45, 2)
  })

  test('least squares finds a law that is linear', () => {
    const cars = loadCars().map((car) => ({ ...car, milesPerGallon: 3 + 2 * car.numbers[2]! - 0.01 * car.numbers[3]! }))
    const [train, others] = [cars.slice(0, 300), cars.slice(300)]
    const estimates = linearEstimates(train, others, plain)
    for (const [i, { milesPerGallon }] of others.entries()) expect(estimates[i]).toBeCloseTo(milesPerGallon, 4)
  })

  test('networks together: the mean of means, and a variance that grows where they disagree', () => {
    const opinions = [
      [
        [1, 4],
        [3, 2],
      ],
    ]
    expect([...together(tensor(opinions) as never).data]).toEqual([2, 4])
  })

  test('the factor of intervals is the smallest that holds the share asked for, with one car more', () => {
    const [car] = loadCars()
    const estimates = [0.5, 1, 1.5, 2].map((distance) => ({
      car: car!,
      mean: car!.milesPerGallon - 3 * distance,
      deviation: 3,
    }))
    expect(factorFor(0.6, estimates)).toBeCloseTo(1.5, 10)
    expect(factorFor(0.99, estimates)).toBeCloseTo(2, 10)
  })

  test('stopped in the second of its trainings and resumed, it judges the same to the last bit', async () => {
    const { models, estimates } = await whole
    const resumed = await interrupted(run, 450)
    expect(resumed.models.map(numbersOf)).toEqual(models.map(numbersOf))
    expect(resumed.estimates).toEqual(estimates)
  })
})
