import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as autograd from '@adjoint/autograd'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import * as nn from '../src/index.js'

// Every `@example` of the sources is run. Where a line ends in a comment that reads as a type (`Tensor<[2, 3]>`) or as
// an expression (`[1, 2]`, `Math.log(2)`), what the line gives must have that shape or value.
const folder = join(import.meta.dirname, '../src')

interface Example {
  readonly where: string
  readonly code: string
}

const examplesOf = (file: string): Example[] => {
  const text = readFileSync(join(folder, file), 'utf8')
  return [...text.matchAll(/\/\*\*.*?\*\//gs)].flatMap(([comment], index) => {
    const [, example] = comment.split('@example')
    const code = example?.replace(/\*\/$/, '').replaceAll(/^ *\* ?/gm, '')
    return code === undefined ? [] : [{ where: `${file}, comment ${index + 1}: ${code.trim().split('\n')[0]}`, code }]
  })
}

/** The code with `check(value, comment)` around each expression that stands alone on lines ending in a comment. */
const withChecks = (code: string): string => {
  const file = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true)
  let checked = ''
  let from = 0
  for (const statement of file.statements) {
    const comment = /^ *\/\/ (.*)/.exec(code.slice(statement.end))?.[1]
    if (!ts.isExpressionStatement(statement) || comment === undefined) continue
    checked += `${code.slice(from, statement.getStart(file))}check(${statement.getText(file)}, ${JSON.stringify(comment)})`
    from = statement.end
  }
  return ts.transpile(checked + code.slice(from), { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext })
}

const model = new nn.Sequential(new nn.Linear(4, 3))
const scope = {
  ...autograd,
  ...nn,
  model,
  data: nn.batches(autograd.zeros([10, 4]), autograd.zeros([10], { dtype: 'int32' })),
  optimizer: new nn.Adam(model.parameters()),
  console: { log: () => {} },
}

const run = async (code: string): Promise<number> => {
  let compared = 0
  const check = (value: unknown, comment: string) => {
    const shape = /^Tensor<(.*)>$/.exec(comment)?.[1]
    if (shape !== undefined) {
      expect((value as autograd.Tensor).shape).toEqual(JSON.parse(shape))
    } else if (/^[-([\d]|^Math/.test(comment)) {
      const plain = value instanceof autograd.Tensor ? value.toArray() : value
      const flat = [plain].flat(9) as number[]
      const wanted = [new Function(`return ${comment}`)()].flat(9) as number[]
      expect(flat).toHaveLength(wanted.length)
      for (const [i, x] of flat.entries()) expect(x).toBeCloseTo(wanted[i]!, 6)
    } else if (value !== null && typeof value === 'object' && 'next' in value) {
      expect([...(value as unknown as Iterable<string>)].join(', ')).toBe(comment)
    } else return
    compared++
  }
  const names = [...Object.keys(scope), 'check']
  await new Function(...names, `return (async () => {${withChecks(code)}})()`)(...Object.values(scope), check)
  return compared
}

describe('the examples in the sources', () => {
  const examples = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap(examplesOf)

  for (const { where, code } of examples) it(where, async () => void (await run(code)))

  it('are many, and some are compared', async () => {
    expect(examples.length).toBeGreaterThan(40)
    let compared = 0
    for (const { code } of examples) compared += await run(code)
    expect(compared).toBeGreaterThan(10)
  })
})

describe('the README', () => {
  it('runs', async () => {
    const text = readFileSync(join(folder, '../README.md'), 'utf8')
    const blocks = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!)
    expect(blocks.length).toBeGreaterThan(0)
    for (const block of blocks) await run(block.replaceAll(/^import .*$/gm, ''))
  })
})
