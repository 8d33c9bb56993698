import { describe, expect, test } from 'vitest'
import { meanSquaredError } from '../xor/by-hand.js'
import { gradientDifference, initialWeights, run } from '../xor/index.js'
import { Network } from '../xor/with-adjoint.js'

const silent = { print: () => {} }

describe('XOR', () => {
  test("adjoint's gradients are those of the hand-written pass", () => {
    const network = new Network(initialWeights())
    for (let epoch = 0; epoch <= 600; epoch++) {
      if (epoch % 150 === 0) expect(gradientDifference(network)).toBeLessThan(1e-14)
      network.train(0.1)
    }
  })

  test('the comparison would notice a wrong gradient', () => {
    const network = new Network(initialWeights())
    const { forward } = network
    network.forward = () => {
      const nodes = forward.call(network)
      return { ...nodes, E: nodes.E.mul(1 + 1e-12).as([]) }
    }
    expect(gradientDifference(network)).toBeGreaterThan(1e-14)
  })

  test('both trainings print the same digits, and learn XOR', () => {
    const { rows, predictions, byHand } = run(silent)
    expect(rows.map(({ epoch }) => epoch)).toEqual([0, 4_000, 8_000])
    for (const { hand, adjoint, difference } of rows) {
      expect(adjoint.toFixed(12)).toBe(hand.toFixed(12))
      expect(difference).toBeLessThan(1e-14)
    }
    expect(rows.map(({ adjoint }) => adjoint.toFixed(6))).toEqual(['0.367411', '0.020810', '0.003660'])
    expect(predictions.map(Math.round)).toEqual([0, 1, 1, 0])
    predictions.forEach((prediction, i) => {
      expect(Math.abs(prediction - byHand[i]!)).toBeLessThan(1e-10)
    })
  })

  test('the short run is short, and learns something', () => {
    const { rows, curve } = run({ short: true, ...silent })
    expect(rows.map(({ epoch }) => epoch)).toEqual([0, 500, 1_000])
    expect(rows[2]!.adjoint).toBeLessThan(rows[0]!.adjoint)
    expect(curve).toHaveLength(51)
  })

  test('the mean squared error is what its name says', () => {
    expect(meanSquaredError([[1], [1], [1], [0.5]])).toBe((1 + 0.25) / 4)
  })
})
