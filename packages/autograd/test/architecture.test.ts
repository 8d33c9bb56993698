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
  'inspect',
  'gradcheck',
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

type Edge = readonly [from: string, to: string]

/** What methods give are tensors, and what a tensor has are methods: a script writes these types, as a part of tensor.ts. */
const written = join(autograd, 'tensor/methods') + sep
const part = (file: string): string => (file.startsWith(written) ? join(autograd, 'tensor/tensor.ts') : file)

const folderOf = (file: string): string => relative(autograd, file).split(sep)[0]!

/** The imports between what stands side by side in a folder: its files, and its folders with all that is in them. */
const within = (folder: string, edges: readonly Edge[]): Edge[] => {
  const partOf = (file: string) => join(folder, relative(folder, file).split(sep)[0]!)
  const inside = edges.filter((edge) => edge.every((file) => file.startsWith(folder + sep)))
  const between = inside.map(([from, to]): Edge => [partOf(from), partOf(to)]).filter(([from, to]) => from !== to)
  return [...new Map(between.map((edge) => [edge.join(), edge])).values()]
}

/** Cycles, as `a -> b -> a`; at least one if there is any. */
const cyclesOf = (edges: readonly Edge[]): string[] => {
  const next = new Map<string, string[]>()
  for (const [from, to] of edges) next.set(from, [...(next.get(from) ?? []), to])
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  const visit = (at: string, path: readonly string[]): void => {
    if (state.get(at) === 'done') return
    if (state.get(at) === 'open') {
      cycles.push([...path.slice(path.indexOf(at)), at].map((name) => relative(autograd, name)).join(' -> '))
      return
    }
    state.set(at, 'open')
    for (const to of next.get(at) ?? []) visit(to, [...path, at])
    state.set(at, 'done')
  }
  for (const from of next.keys()) visit(from, [])
  return cycles
}

describe('the source of autograd', () => {
  const files = sourcesIn(autograd)
  const edges = files
    .flatMap((file) => importsOf(file).map((imported): Edge => [part(file), part(resolve(file, imported))]))
    .filter(([from, to]) => from !== to)

  it('is read by these tests', () => {
    expect(files.length).toBeGreaterThan(40)
    expect(edges.length).toBeGreaterThan(100)
  })

  it('imports nothing from outside its folder, but what two subpaths are for: there are no runtime dependencies', () => {
    const isPeer = ([from, to]: Edge): boolean =>
      (to === 'vitest' && from === join(autograd, 'gradcheck/vitest.ts')) ||
      (to === 'fast-check' && dirname(from) === join(autograd, 'gradcheck/shapes'))
    expect(edges.filter((edge) => !edge[1].startsWith(autograd) && !isPeer(edge))).toEqual([])
    // of vitest the types alone
    expect(readFileSync(join(autograd, 'gradcheck/vitest.ts'), 'utf8')).not.toMatch(/^import (?!type).*'vitest'/m)
    // and nobody comes by fast-check without that subpath
    const shapes = join(autograd, 'gradcheck/shapes') + sep
    const users = edges.filter(([from, to]) => to.startsWith(shapes) && !from.startsWith(shapes))
    expect([...new Set(users.map(([from]) => relative(autograd, from)))]).toEqual(['gradcheck/fast-check.ts'])
  })

  it('has folders that import only what stands before them', () => {
    const rank = (file: string) => order.indexOf(folderOf(file))
    const known = files.filter((file) => relative(autograd, file).includes(sep))
    expect(known.filter((file) => rank(file) < 0)).toEqual([])
    const inside = edges.filter(([, to]) => to.startsWith(autograd))
    const backwards = inside.filter(([from, to]) => known.includes(from) && (rank(to) < 0 || rank(to) > rank(from)))
    expect(backwards.map(([from, to]) => `${relative(autograd, from)} -> ${relative(autograd, to)}`)).toEqual([])
  })

  it('has no cycle of files, types included', () => {
    expect(cyclesOf(edges)).toEqual([])
  })

  it('has no cycle of folders, or of files and folders side by side, at any depth', () => {
    const folders = new Set(files.map((file) => dirname(file)))
    for (const folder of folders) if (folder !== autograd) folders.add(dirname(folder))
    expect(folders.size).toBeGreaterThan(15)
    const cycles = [...folders].flatMap((folder) => cyclesOf(within(folder, edges)))
    expect(cycles).toEqual([])
  })

  it('never decides by the name of an op in transforms and backends', () => {
    const asks = files
      .filter((file) => ['program', 'transforms', 'execution'].includes(folderOf(file)))
      .filter((file) => /switch \([^)]*name|\b(op|node|opName)\w*\.name\s*[!=]==/.test(readFileSync(file, 'utf8')))
    expect(asks).toEqual([])
  })

  it('keeps files short: at most 400 lines', () => {
    // what a script writes from the table is as long as the table
    const byHand = files.filter((file) => !/scalar.(tape|values).methods\.ts$/.test(file))
    const long = byHand.filter((file) => readFileSync(file, 'utf8').split('\n').length > 401)
    expect(long.map((file) => relative(autograd, file))).toEqual([])
  })
})

/** What a package imports that is none of its own files, each once, from the files that a test lets through. */
const outsideOf = (name: string, isMeant: (file: string) => boolean = () => true): string[] => {
  const folder = join(packages, name, 'src')
  const files = sourcesIn(folder).filter(isMeant)
  expect(files.length).toBeGreaterThan(0)
  const imported = files.flatMap((file) => importsOf(file).map((name) => resolve(file, name)))
  return [...new Set(imported)].filter((to) => !to.startsWith(folder)).sort()
}

describe('the source of nn', () => {
  it("imports only itself and autograd's public face", () => {
    expect(outsideOf('nn')).toEqual(['@adjoint/autograd'])
  })
})

describe('the source of gradcheck-cli', () => {
  const folder = join(packages, 'gradcheck-cli/src')

  it('imports what loads TypeScript, and of autograd types alone: the library is the one that a file uses', () => {
    const imported = outsideOf('gradcheck-cli').filter((name) => !name.startsWith('node:'))
    expect(imported).toEqual(['@adjoint/autograd/gradcheck', 'tsx/cjs/api', 'tsx/esm/api'])
    for (const file of sourcesIn(folder)) expect(readFileSync(file, 'utf8')).not.toMatch(/^import (?!type).*'@adjoint/m)
  })

  it('has no cycle of files', () => {
    const edges = sourcesIn(folder).flatMap((file) => importsOf(file).map((to): Edge => [file, resolve(file, to)]))
    expect(cyclesOf(edges)).toEqual([])
  })
})

describe('the source of formats', () => {
  const isForNode = (file: string): boolean => file.startsWith(join(packages, 'formats/src/node') + sep)

  it("imports only itself, autograd's public face, and what packs zip archives", () => {
    expect(outsideOf('formats', (file) => !isForNode(file))).toEqual(['@adjoint/autograd', 'fflate'])
  })

  it('imports modules of Node in the folder of that name alone', () => {
    const imported = outsideOf('formats', isForNode).filter((name) => !name.startsWith('node:'))
    expect(imported).toEqual(['@adjoint/autograd'])
  })

  it('has no cycle of files', () => {
    const files = sourcesIn(join(packages, 'formats/src'))
    expect(cyclesOf(files.flatMap((file) => importsOf(file).map((to): Edge => [file, resolve(file, to)])))).toEqual([])
  })
})
