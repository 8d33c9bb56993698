import { expect, test } from 'vitest'
import { run as runMixture } from '../mixture/index.js'
import { run as runMoons } from '../moons/index.js'
import { run as runNewton } from '../newton/index.js'
import { run as runRobotArm } from '../robot-arm/index.js'

const options = { short: true, print: () => {} }

test('moons: the network of single numbers parts nearly all points in few steps', () => {
  const { losses, accuracy } = runMoons(options)
  expect(losses[0]).toBeGreaterThan(0.5)
  expect(losses.at(-1)).toBeLessThan(0.1)
  expect(accuracy).toBeGreaterThan(0.96)
})

test('newton: at the end each error is the square of the one before times a factor that stays; gradient descent is far', () => {
  const { distances, steps, others } = runNewton(options)
  expect(steps).toBeLessThan(30)
  expect(distances.at(-1)).toBeLessThan(1e-13)
  const last = distances.filter((each) => each < 0.1 && each > 1e-13)
  expect(last.length).toBeGreaterThanOrEqual(4)
  last.slice(1).forEach((each, i) => {
    expect(each / last[i]! ** 2).toBeLessThan(30)
  })
  expect(others[steps]).toBeGreaterThan(1)
  expect(others.at(-1)).toBeGreaterThan(1e-3)
})

test('mixture: what is found is within three of its errors of what is true, where the likelihood is level', () => {
  const { slope, found } = runMixture(options)
  expect(slope).toBeLessThan(1e-8)
  expect(found).toHaveLength(5)
  for (const { what, is, value, error } of found) {
    expect(Math.abs(value - is) / error, what).toBeLessThan(3)
    expect(error, what).toBeLessThan(0.3)
  }
})

test('robot arm: the tip arrives everywhere, each error far below the one before', () => {
  const { errors, steps, worst } = runRobotArm(options)
  expect(errors.length).toBeLessThan(10)
  expect(worst).toBeLessThan(1e-12)
  expect(steps).toBeLessThan(6)
})
