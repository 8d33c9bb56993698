import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import ts from 'typescript'
import { afterAll, describe, expect, it } from 'vitest'

// Every `@example` in the sources of the packages is run. Where a line ends in a comment that reads as a type
// (`Tensor<[2, 3]>`) or as an expression (`[1, 2]`, `Math.log(2)`), what the line gives must have that shape or value.

const packages = join(import.meta.dirname, '../../packages')

interface Example {
  readonly where: string
  readonly code: string
}

const examplesOf = (file: string): Example[] => {
  const text = readFileSync(join(packages, file), 'utf8')
  return [...text.matchAll(/\/\*\*.*?\*\//gs)].flatMap(({ 0: comment, index }) => {
    const line = text.slice(0, index).split('\n').length
    const [, ...all] = comment.split('@example')
    return all.map((example) => {
      const code = example.replace(/\*\/$/, '').replaceAll(/^ *\* ?/gm, '')
      return { where: `${file}:${line} ${code.trim().split('\n')[0]}`, code }
    })
  })
}

const examples = readdirSync(packages)
  .flatMap((name) =>
    readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(name, 'src', file),
    ),
  )
  .filter((file) => file.endsWith('.ts'))
  .flatMap(examplesOf)

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

const autograd = await import('@adjoint/autograd')
const gradcheck = await import('@adjoint/autograd/gradcheck')
const shapes = await import('@adjoint/autograd/gradcheck/fast-check')
const inspect = await import('@adjoint/autograd/inspect')
const scalar = await import('@adjoint/autograd/scalar')
const nn = await import('@adjoint/nn')
const formats = await import('@adjoint/formats')
const files = await import('@adjoint/formats/node')

const folder = mkdtempSync(join(tmpdir(), 'adjoint-examples-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What examples may use without making it: the packages, a small model, and the tensors that a reader expects. */
const createScope = () => {
  const { parameter, tensor, zeros } = autograd
  const model = new nn.Sequential(new nn.Linear(4, 3))
  const [x, w] = [tensor(0.5), parameter(tensor(2))]
  return {
    model,
    optimizer: new nn.Adam(model),
    data: nn.batches(zeros([10, 4]), zeros([10], { dtype: 'int32' })),
    x,
    w,
    loss: x.mul(w).square(),
    console: { log: () => {} },
    writeFileSync: () => {},
    // files of examples lie in a folder of their own
    saveTree: (path: string, ...rest: [unknown]) => files.saveTree(join(folder, path), ...rest),
    loadTree: (path: string) => files.loadTree(join(folder, path)),
  }
}

/** @param where says which `trace` is meant, the op or the one of inspect */
const run = async (code: string, where: string): Promise<number> => {
  let compared = 0
  const check = (value: unknown, comment: string) => {
    const shape = /^Tensor<(.*)>$/.exec(comment)?.[1]
    if (shape !== undefined) {
      expect((value as { shape: unknown }).shape).toEqual(JSON.parse(shape))
    } else if (/^[-([{'\d]|^Math/.test(comment)) {
      expectClose(value, new Function(`return (${comment})`)())
    } else if (value !== null && typeof value === 'object' && 'next' in value) {
      expect([...(value as unknown as Iterable<string>)].join(', ')).toBe(comment)
    } else return
    compared++
  }
  const own = where.startsWith('autograd/src/inspect') ? inspect : {}
  // `import { scalar }`, and everywhere else `import * as scalar`
  const scalars = where.startsWith('autograd/src/scalar/values') ? scalar.scalar : scalar
  const scope = {
    ...inspect,
    ...gradcheck,
    ...shapes,
    ...autograd,
    ...own,
    ...nn,
    ...formats,
    scalar: scalars,
    fc,
    ...createScope(),
    check,
  }
  await new Function(...Object.keys(scope), `return (async () => {${withChecks(code)}})()`)(...Object.values(scope))
  return compared
}

/** Numbers are compared to six digits, in tensors and whatever holds them. */
const expectClose = (value: unknown, wanted: unknown): void => {
  const plain =
    value instanceof autograd.Tensor
      ? value.toArray()
      : ArrayBuffer.isView(value)
        ? [...(value as Float64Array)]
        : value
  if (typeof wanted === 'number') expect(plain).toBeCloseTo(wanted, 6)
  else if (typeof wanted !== 'object' || wanted === null) expect(plain).toBe(wanted)
  else {
    expect(Object.keys(plain as object)).toEqual(Object.keys(wanted))
    for (const [key, item] of Object.entries(wanted)) expectClose((plain as Record<string, unknown>)[key], item)
  }
}

describe('the examples in the sources', () => {
  let compared = 0
  it.each(examples.map(({ where, code }) => [where, code]))('%s', async (where, code) => {
    compared += await run(code, where)
  })

  it('are many, and many are compared', () => {
    expect(examples.length).toBeGreaterThan(60)
    expect(compared).toBeGreaterThan(30)
  })
})
