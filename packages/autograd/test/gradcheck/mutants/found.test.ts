import { describe, expect, test } from 'vitest'
import { awkwards } from './awkward/index.js'
import { faults } from './faults/index.js'
import { runAwkward, runFault } from './run.js'

describe('gradcheck finds each planted fault, where it is, and the op that it is in', () => {
  const named: (readonly [name: string, isNamed: boolean])[] = []
  test.each(
    Object.values(faults)
      .flat()
      .map((fault) => [fault.name, fault] as const),
  )('%s', (name, fault) => {
    const { found, location, op, cause, text } = runFault(fault)
    expect(found, text).toBe('caught')
    expect(location, text).not.toBe(false)
    expect(op, text).not.toBe(false)
    if (cause !== null) named.push([name, cause])
  })

  test('and names the right cause of 19 in 20', () => {
    const missed = named.filter(([, isNamed]) => !isNamed).map(([name]) => name)
    expect(missed.length, missed.join(', ')).toBeLessThanOrEqual(named.length / 20)
  })
})

describe('gradcheck does not blame what is right, nor doubts it for a reason that is none', () => {
  test.each(
    Object.values(awkwards)
      .flat()
      .map((awkward) => [awkward.name, awkward] as const),
  )('%s', (_, awkward) => {
    const { found, text } = runAwkward(awkward, 0)
    expect(found, text).toBe('right')
  })
})
