// Writes the table of what nn has into packages/nn/README.md: a line for each, of the first sentence of its words. With
// --check it only says whether the table is as it would be.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'

const root = join(import.meta.dirname, '..')
const source = join(root, 'packages/nn/src')
const readme = join(root, 'packages/nn/README.md')
const [begin, end] = ['<!-- written by scripts/layers.ts -->', '<!-- end -->']

const parse = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)

/** What a file exports by itself or from others, each with the file that declares it. */
const exportsOf = (path: string): [name: string, file: string, statement: ts.Statement][] => {
  const file = parse(path)
  return file.statements.flatMap((statement): [string, string, ts.Statement][] => {
    if (ts.isExportDeclaration(statement)) {
      if (statement.isTypeOnly || statement.moduleSpecifier === undefined) return []
      const specifier = (statement.moduleSpecifier as ts.StringLiteral).text
      const from = exportsOf(join(dirname(path), specifier.replace(/\.js$/, '.ts')))
      const clause = statement.exportClause
      if (clause === undefined) return from
      if (ts.isNamespaceExport(clause)) return from.map(([name, ...rest]) => [`${clause.name.text}.${name}`, ...rest])
      const names = new Set(clause.elements.filter((each) => !each.isTypeOnly).map((each) => each.name.text))
      return from.filter(([name]) => names.has(name))
    }
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    if (!isExported || ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return []
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map((each) => [each.name.getText(), path, statement])
    }
    const name = (statement as ts.FunctionDeclaration | ts.ClassDeclaration).name
    return name === undefined ? [] : [[name.text, path, statement]]
  })
}

/** The first sentence above a statement, without the papers that it names. */
const sentenceOf = (statement: ts.Statement): string => {
  const comment = ts.getJSDocCommentsAndTags(statement).find(ts.isJSDoc)
  const text = ts.getTextOfJSDocComment(comment?.comment)?.replaceAll(/\s+/g, ' ').trim() ?? ''
  const plain = text.replaceAll(/ \([^()]*\b(19|20)\d\d[^()]*\)/g, '')
  return /^.*?[.:](?= |$)/.exec(plain)?.[0].replace(/:$/, '.') ?? plain
}

/** In this order; the first that fits. */
const families: readonly (readonly [title: string, fits: (path: string, name: string) => boolean])[] = [
  ['Modules', (path) => path.startsWith('module/') || /layers\/(layer|sequential|residual)\.ts/.test(path)],
  ['Linear and embedding layers', (path) => /layers\/(linear|bilinear|lazy-linear|embeddings?)/.test(path)],
  ['Convolution, pooling, padding, resampling', (path) => path.startsWith('layers/windows/')],
  ['Normalization', (path) => path.startsWith('layers/norms/')],
  ['Dropout', (path) => path.startsWith('layers/dropout')],
  ['Recurrent layers', (path) => path.startsWith('layers/recurrent/')],
  ['Attention', (path) => path.startsWith('layers/attention/')],
  ['Activations', (path) => path.startsWith('layers/activations')],
  ['Other layers', (path) => path.startsWith('layers/')],
  ['Losses', (path, name) => path.startsWith('losses/') && /^[a-z]/.test(name)],
  ['Losses as modules', (path) => path.startsWith('losses/')],
  ['Initializers', (path) => path.startsWith('init')],
  ['Data', (path) => path.startsWith('data/')],
  ['Metrics', (path) => path.startsWith('metrics/')],
  ['Schedules', (path) => path.startsWith('schedules/')],
  ['Optimizers', (path, name) => path.startsWith('optimizers/') && !name.startsWith('optimizers.')],
  ['Optimizers as rules', (path) => path.startsWith('optimizers/')],
  ['Training', (path) => path.startsWith('training/')],
  ['Seeing a training', (path) => path.startsWith('insight/')],
]

/** The table of everything that nn exports, but errors. */
const table = (): string => {
  const rows = new Map<string, string[]>(families.map(([title]) => [title, []]))
  const seen = new Set<string>()
  for (const [name, file, statement] of exportsOf(join(source, 'index.ts'))) {
    const path = file.slice(source.length + 1)
    if (path === 'errors.ts' || seen.has(name)) continue
    seen.add(name)
    const title = families.find(([, fits]) => fits(path, name))?.[0]
    const sentence = sentenceOf(statement)
    if (title === undefined || sentence === '') throw new Error(`${path}: ${name} has no family or no words`)
    rows.get(title)!.push(`| \`${name}\` | ${sentence.replaceAll('|', '\\|')} |`)
  }
  return [...rows]
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `| **${title}** | |\n|---|---|\n${lines.join('\n')}`)
    .join('\n\n')
}

const text = readFileSync(readme, 'utf8')
if (!existsSync(readme) || !text.includes(begin) || !text.includes(end))
  throw new Error(`${readme} has no place for the table`)
const next = `${text.slice(0, text.indexOf(begin))}${begin}\n\n${table()}\n\n${text.slice(text.indexOf(end))}`
if (process.argv.includes('--check')) {
  if (next !== text) {
    console.error('packages/nn/README.md: the table is out of date; run `npx tsx scripts/layers.ts`')
    process.exit(1)
  }
} else writeFileSync(readme, next)
