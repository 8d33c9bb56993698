import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const packages = fileURLToPath(new URL('../..', import.meta.url))
const autograd = join(packages, 'autograd/src')

/** Each folder of autograd/src imports only itself and those before it; files of src itself may import all. */
const order = [
  'rules',
  'graph',
  'ops',
  'program',
  'transforms',
  'execution',
  'tensor',
  'scalar',
  'gradcheck',
  'inspect',
]

const sourcesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))

/** What a file imports or re-exports, types and dynamic imports included. */
const importsOf = (file: string): string[] => {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const from =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isImportTypeNode(node)
          ? (node.argument as ts.LiteralTypeNode).literal
          : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
            ? node.arguments[0]
            : undefined
    if (from !== undefined) found.push(ts.isStringLiteral(from) ? from.text : from.getText())
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true))
  return found
}

const resolve = (file: string, imported: string): string =>
  imported.startsWith('.') ? join(dirname(file), imported).replace(/\.js$/, '.ts') : imported

const folderOf = (file: string): string => relative(autograd, file).split(sep)[0]!

describe('the source of autograd', () => {
  const files = sourcesIn(autograd)
  const edges = files.flatMap((file) => importsOf(file).map((imported) => [file, resolve(file, imported)] as const))

  it('is read by these tests', () => {
    expect(files.length).toBeGreaterThan(40)
    expect(edges.length).toBeGreaterThan(100)
  })

  it('imports nothing from outside its folder: there are no runtime dependencies', () => {
    expect(edges.filter(([, to]) => !to.startsWith(autograd))).toEqual([])
  })

  it('has folders that import only what stands before them', () => {
    const rank = (file: string) => order.indexOf(folderOf(file))
    const known = files.filter((file) => relative(autograd, file).includes(sep))
    expect(known.filter((file) => rank(file) < 0)).toEqual([])
    const backwards = edges.filter(([from, to]) => known.includes(from) && (rank(to) < 0 || rank(to) > rank(from)))
    expect(backwards.map(([from, to]) => `${relative(autograd, from)} -> ${relative(autograd, to)}`)).toEqual([])
  })

  it('has no import cycle, types included', () => {
    const next = new Map(files.map((file) => [file, edges.filter(([from]) => from === file).map(([, to]) => to)]))
    const state = new Map<string, 'open' | 'done'>()
    const cycles: string[] = []
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'done') return
      if (state.get(file) === 'open') {
        cycles.push([...path.slice(path.indexOf(file)), file].map((name) => relative(autograd, name)).join(' -> '))
        return
      }
      state.set(file, 'open')
      for (const imported of next.get(file) ?? []) visit(imported, [...path, file])
      state.set(file, 'done')
    }
    for (const file of files) visit(file, [])
    expect(cycles).toEqual([])
  })

  it('never decides by the name of an op in transforms and backends', () => {
    const asks = files
      .filter((file) => ['program', 'transforms', 'execution'].includes(folderOf(file)))
      .filter((file) => /switch \([^)]*name|\b(op|node|opName)\w*\.name\s*[!=]==/.test(readFileSync(file, 'utf8')))
    expect(asks).toEqual([])
  })

  it('keeps files short: at most 400 lines', () => {
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 401)
    expect(long.map((file) => relative(autograd, file))).toEqual([])
  })
})

describe('the source of nn', () => {
  it("imports only itself and autograd's public face", () => {
    const folder = join(packages, 'nn/src')
    const files = sourcesIn(folder)
    expect(files.length).toBeGreaterThan(0)
    const outside = files.flatMap((file) => importsOf(file).map((imported) => resolve(file, imported)))
    expect(outside.filter((to) => !to.startsWith(folder) && to !== '@adjoint/autograd')).toEqual([])
  })
})
