import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as adjoint from '@adjoint/autograd'
import * as checks from '@adjoint/autograd/gradcheck'
import * as shapes from '@adjoint/autograd/gradcheck/fast-check'
import * as fc from 'fast-check'
import ts from 'typescript'
import { expect, test } from 'vitest'

// What is said of a public function has an example, and that runs. What comes after two slashes is what it gives.
const source = join(import.meta.dirname, '../../src/gradcheck')
const examplesIn = (name: string): string[] => {
  const file = ts.createSourceFile(name, readFileSync(join(source, name), 'utf8'), ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (!ts.isVariableDeclarationList(node)) {
      const tags = ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === 'example')
      found.push(...tags.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? ''))
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return [...new Set(found)]
}
const given = { ...adjoint, ...checks, ...shapes, fc, console: { log: () => undefined } }

const files = ['gradcheck.ts', 'black-box.ts', 'table.ts', 'taylor.ts', 'shapes/check-shapes.ts', 'shapes/tensors.ts']
test.each(files)('the examples of %s run, and are so', (name) => {
  const examples = examplesIn(name)
  expect(examples.length).toBeGreaterThan(0)
  for (const example of examples) {
    const [, code, wanted] = /^(.*?)(?:\s+\/\/ (\S.*))?$/s.exec(example)!
    const lines = ts.transpile(code!, { target: ts.ScriptTarget.ES2022 }).trim().replace(/;$/, '').split('\n')
    const last = lines.findLastIndex((line) => /^\S/.test(line) && !/^[})\]]/.test(line))
    const returned = `return (${lines.slice(last).join('\n')})`
    // in a block: names may be those of functions that there are
    const body = ['{', ...lines.slice(0, last), returned, '}'].join('\n')
    const got = new Function(...Object.keys(given), body)(...Object.values(given))
    if (wanted !== undefined) expect(`'${got}'`).toBe(wanted)
  }
})
