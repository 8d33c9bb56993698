import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as adjoint from '@adjoint/autograd'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import * as nn from '../src/index.js'

// What is said of a loss has an example, and that is so.

const folder = join(import.meta.dirname, '../src/losses')

/** Exported functions by name, each with the examples above its first signature. */
const documented = readdirSync(folder).flatMap((name) => {
  const file = ts.createSourceFile(name, readFileSync(join(folder, name), 'utf8'), ts.ScriptTarget.Latest, true)
  const found = new Map<string, readonly string[]>()
  for (const node of file.statements) {
    if (!ts.isFunctionDeclaration(node) || node.name === undefined || found.has(node.name.text)) continue
    if (!node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue
    const tags = ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === 'example')
    const examples = tags.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    found.set(node.name.text, examples)
  }
  return [...found]
})

const face = { ...adjoint, ...nn }
const evaluate = (lines: readonly string[], value: string): unknown =>
  new Function(...Object.keys(face), [...lines, `return (${value})`].join('\n'))(...Object.values(face))
const numbers = (thing: unknown): number[] =>
  thing instanceof adjoint.Tensor ? ([thing.toArray()].flat(9) as number[]) : ([thing].flat(9) as number[])

describe('the documentation of losses', () => {
  test('has an example of each', () => {
    const names = documented.map(([name]) => name)
    expect(names).toContain('mse')
    expect(names.filter((name) => !(name in nn))).toEqual([])
    expect(documented.filter(([, examples]) => examples.length === 0)).toEqual([])
  })

  test.each(documented)('the example of %s is so', (_, examples) => {
    for (const example of examples) {
      const lines = example.split('\n')
      const [code, wanted] = lines.at(-1)!.split('   // ')
      const before = lines.slice(0, -1)
      const [got, expected] = [numbers(evaluate(before, code!)), numbers(evaluate(before, wanted!))]
      expect(got).toHaveLength(expected.length)
      got.forEach((x, i) => {
        expect(Math.abs(x - expected[i]!), `${x} is not ${expected[i]}`).toBeLessThanOrEqual(
          1e-6 * Math.abs(expected[i]!),
        )
      })
    }
  })
})
