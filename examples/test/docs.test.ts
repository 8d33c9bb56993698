import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { format } from 'node:util'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

// The TypeScript in the documentation is held to the sources: a block that begins with the path of a file must stand in
// that file word for word, and any other block is a program that must compile and run. A block of text after a program is what it
// prints, with `your.ts` for the file that it is in.

const root = join(import.meta.dirname, '../..')
const generated = join(import.meta.dirname, 'generated')
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'packages/autograd/README.md',
  'packages/nn/README.md',
  'packages/formats/README.md',
  'packages/gradcheck-cli/README.md',
  'docs/compile.md',
  'docs/optimizers.md',
  'docs/formulas.md',
  'docs/gradcheck.md',
  'docs/insight.md',
  'docs/inspect.md',
  'docs/inspect-words.md',
  'docs/rules.md',
  'docs/saving.md',
  'docs/scalars.md',
  'docs/schedules.md',
  'docs/training.md',
]

interface Block {
  readonly page: string
  readonly name: string
  readonly code: string
  /** What the page says that it prints, where it does. */
  readonly output: string | undefined
}

const blocks = pages.flatMap((page): Block[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```ts\n(.*?)^```(?:\n\n```text\n(.*?)^```)?/gms)].map(
    ([, code, output], i) => ({ page, name: `${page} #${i + 1}`, code: code!, output }),
  ),
)
const quotePath = /^\/\/ (packages\/\S+\.ts)\n/
const quotes = blocks.filter(({ code }) => quotePath.test(code))
const programs = blocks.filter(({ code }) => !quotePath.test(code))

rmSync(generated, { recursive: true, force: true })
mkdirSync(generated)
afterAll(() => rmSync(generated, { recursive: true, force: true }))
const files = programs.map(({ code }, i) => {
  const file = join(generated, `program-${i}.ts`)
  writeFileSync(file, `${code}\nexport {}\n`)
  return file
})

// what programs write to files they write here
const written = mkdtempSync(join(tmpdir(), 'adjoint-docs-'))
const before = process.cwd()
beforeAll(() => process.chdir(written))
afterAll(() => {
  process.chdir(before)
  rmSync(written, { recursive: true, force: true })
})

/** The pictures that pages show, as their programs wrote them. */
const pictures = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((pictures\/[^)]+)\)/g)].map(([, path]) => path!),
)

const told = [...new Set(blocks.filter(({ output }) => output !== undefined).map(({ page }) => page))]
const printed = new Map<string, string>()
const ownFile = /[^\s(]*program-\d+\.ts/g

describe('documentation', () => {
  it('has programs and quotations, the README of the repository among them', () => {
    expect(programs.some(({ page }) => page === 'README.md')).toBe(true)
    expect(quotes.length).toBeGreaterThan(1)
    expect(readdirSync(generated)).toHaveLength(programs.length)
  })

  it('has programs that compile', () => {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
    const program = ts.createProgram(files, { ...options, typeRoots: [join(root, 'node_modules/@types')] })
    const errors = files.flatMap((file) =>
      program
        .getSemanticDiagnostics(program.getSourceFile(file))
        .map(({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
    )
    expect(errors).toEqual([])
  })

  it.each(programs.map(({ name }, i) => [name, files[i]!]))('%s runs', async (_name, file) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    await import(/* @vite-ignore */ file)
    printed.set(file, log.mock.calls.map((parts) => `${format(...parts)}\n`).join(''))
    log.mockRestore()
  })

  // `npx vitest run examples/test/docs.test.ts -u` writes into the page what is printed now: look at it
  it.each(told)('%s says what its programs print', async (page) => {
    const outputs = programs.flatMap((block, i) =>
      block.page === page && block.output !== undefined ? [printed.get(files[i]!)!.replace(ownFile, 'your.ts')] : [],
    )
    const text = readFileSync(join(root, page), 'utf8').replace(/(?<=^```text\n).*?(?=^```)/gms, () => outputs.shift()!)
    await expect(text).toMatchFileSnapshot(join(root, page))
  })

  // `npx vitest run examples/test/docs.test.ts -u` puts new ones in the place of old ones: look at them
  it.each(pictures)('%s is what the page draws', async (path) => {
    const drawn = readFileSync(join(written, basename(path)), 'utf8')
    await expect(drawn).toMatchFileSnapshot(join(root, 'docs', path))
  })

  it.each(quotes.map(({ name, code }) => [name, code]))('%s stands in its file', (_name, code) => {
    const [, path] = quotePath.exec(code)!
    expect(readFileSync(join(root, path!), 'utf8')).toContain(code.replace(quotePath, '').trim())
  })
})

describe("the README's example", () => {
  it('learns XOR: the last line is close to 0, 1, 1, 0', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    vi.resetModules()
    await import(/* @vite-ignore */ files[programs.findIndex(({ page }) => page === 'README.md')]!)
    const printed = log.mock.calls.at(-1)![0] as number[][]
    log.mockRestore()
    ;[0, 1, 1, 0].forEach((target, i) => {
      expect(printed[i]![0]).toBeCloseTo(target, 1)
    })
  })
})
