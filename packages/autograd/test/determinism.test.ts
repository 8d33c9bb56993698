import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

// scripts/determinism compares what different versions of Node compute. Why they agree:

const packages = fileURLToPath(new URL('../..', import.meta.url))
const sources = ['autograd/src', 'nn/src', 'formats/src'].flatMap((folder) =>
  readdirSync(`${packages}/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`),
)

/** What IEEE 754 or the language defines to the bit. */
const exact = ['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc']
/** What WebAssembly may call unless the bits are to be the same everywhere. */
const fast = 'autograd/src/execution/wasm/numbers.ts'
const isConstant = (name: string) => name === name.toUpperCase()

test('no source uses a function of Math, or a power, whose last digits are up to the engine', () => {
  const found: string[] = []
  let seen = 0
  expect(sources).toContain(fast)
  for (const name of sources.filter((source) => source !== fast)) {
    const source = ts.createSourceFile(name, readFileSync(`${packages}/${name}`, 'utf8'), ts.ScriptTarget.Latest, true)
    const visit = (node: ts.Node): void => {
      const [line, text] = [source.getLineAndCharacterOfPosition(node.pos).line + 1, node.getText(source)]
      if (ts.isPropertyAccessExpression(node) && node.expression.getText(source) === 'Math') {
        seen++
        if (!exact.includes(node.name.text) && !isConstant(node.name.text)) found.push(`${name}:${line}: ${text}`)
      }
      const isPower = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken
      // powers of two, and squares of counts
      if (isPower && node.left.getText(source) !== '2' && node.right.getText(source) !== '2') {
        found.push(`${name}:${line}: ${text}`)
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  expect(seen).toBeGreaterThan(100)
  expect(found).toEqual([])
})
