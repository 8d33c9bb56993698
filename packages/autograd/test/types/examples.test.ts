import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as adjoint from '@adjoint/autograd'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { functions } from '../../src/ops/index.js'

// What is said of an op, above its form or its rule, is all that an editor shows: it has an example, and that is so.
const source = join(import.meta.dirname, '../../src')

interface Documented {
  readonly name: string
  readonly examples: readonly string[]
}

const documentedIn = (folder: string): Documented[] =>
  readdirSync(join(source, folder))
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const text = readFileSync(join(source, folder, name), 'utf8')
      const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
      const found: Documented[] = []
      const visit = (node: ts.Node): void => {
        const declared = (ts.isTypeElement(node) || ts.isVariableDeclaration(node)) && node.name
        if (declared) {
          const tags = ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === 'example')
          const examples = tags.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
          found.push({ name: declared.getText(), examples })
        }
        ts.forEachChild(node, visit)
      }
      visit(file)
      return found
    })

const evaluate = (code: string): unknown => {
  const lines = code.split('\n')
  const body = [...lines.slice(0, -1), `return (${lines.at(-1)})`].join('\n')
  return new Function(...Object.keys(adjoint), body)(...Object.values(adjoint))
}

/** Tensors as arrays, and truth values as numbers. */
const plain = (thing: unknown): unknown => {
  if (thing instanceof adjoint.Tensor) return thing.toArray()
  if (typeof thing === 'boolean') return Number(thing)
  if (Array.isArray(thing)) return thing.map(plain)
  if (typeof thing !== 'object' || thing === null) return thing
  return Object.fromEntries(Object.entries(thing).map(([key, value]) => [key, plain(value)]))
}

const expectClose = (got: unknown, wanted: unknown): void => {
  if (typeof wanted === 'number' && Number.isFinite(wanted)) {
    const off = Math.abs((got as number) - wanted)
    expect(off, `${got} is not ${wanted}`).toBeLessThanOrEqual(1e-6 * Math.abs(wanted))
  } else if (typeof wanted !== 'object' || wanted === null) {
    expect(got).toEqual(wanted)
  } else {
    expect(Object.keys(got as object)).toEqual(Object.keys(wanted))
    for (const [key, value] of Object.entries(wanted)) expectClose((got as Record<string, unknown>)[key], value)
  }
}

const byName = new Map(
  [...documentedIn('rules'), ...documentedIn('tensor/forms')]
    .filter(({ examples }) => examples.length > 0)
    .map(({ name, examples }) => [name, examples]),
)
/** What only derivatives and expressions are made of. */
const internal = ['select', 'scale', 'integerMul', 'integerPow', 'psi', 'besselI']
const ops = Object.keys(functions).filter((name) => !internal.includes(name))

describe('the documentation of ops', () => {
  test('has an example of each, and each is exported', () => {
    expect(ops.length).toBeGreaterThan(100)
    expect(ops.filter((name) => !(name in adjoint))).toEqual([])
    expect(ops.filter((name) => !byName.has(name))).toEqual([])
  })

  test.each([...byName])('the example of %s is so', (_name, examples) => {
    for (const example of examples) {
      const [, code, result] = /^(.*?)\s+\/\/ (.*)$/s.exec(example)!
      const got = evaluate(code!)
      const shape = /^Tensor<(.*)>$/.exec(result!)?.[1]
      if (shape === undefined) expectClose(plain(got), plain(evaluate(result!)))
      else expect((got as adjoint.Tensor).shape).toEqual(JSON.parse(shape))
    }
  })
})
