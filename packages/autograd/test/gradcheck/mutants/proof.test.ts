import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { faults } from './faults/index.js'
import { runFault } from './run.js'

// docs/gradcheck-proof.md says what is found today. Groups that take long there are counted only: the page is written anew for them.
const page = readFileSync(join(import.meta.dirname, '../../../../../docs/gradcheck-proof.md'), 'utf8')
const [, table] = page.split('| wrong derivatives   |')
const rows = new Map(
  table!
    .split('\n\n')[0]!
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, group]) => group! in faults)
    .map(([, group, ...cells]) => [group!, cells.slice(0, -1)] as const),
)
const secondsOf = (group: string): number => Number(rows.get(group)?.at(-1))
const groups = Object.keys(faults)
const cheap = groups.toSorted((a, b) => secondsOf(a) - secondsOf(b)).slice(0, groups.length / 2)

const shareOf = (told: readonly (boolean | null)[]): string => {
  const known = told.filter((each) => each !== null)
  return known.length === 0 ? '' : `${known.filter(Boolean).length} of ${known.length}`
}

describe('the page of proof', () => {
  test('has a row for each group of faults, with as many as there are', () => {
    const sizes = Object.entries(faults).map(([group, list]) => [group, String(list.length)])
    expect([...rows].map(([group, [of]]) => [group, of])).toEqual(sizes)
    for (const group of groups) expect(secondsOf(group), group).toBeGreaterThanOrEqual(0)
  })

  test.each(cheap)('%s: what is caught, its place and its cause are those of today', (group) => {
    const outcomes = faults[group]!.map((fault) => runFault(fault))
    const kinds = ['caught', 'inconclusive', 'passed', 'refused']
    const counts = kinds.map((kind) => String(outcomes.filter(({ found }) => found === kind).length))
    const shares = [outcomes.map(({ location }) => location), outcomes.map(({ cause }) => cause)].map(shareOf)
    expect([...counts, ...shares]).toEqual(rows.get(group)!.slice(1, 7))
  })
})
