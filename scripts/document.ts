// Gives words to what has none in the built declarations. What is said of an op stands above its form or its rule; here it is
// written above what is exported under its name, since `export const sum = op('sum')` says nothing, and above the members of
// the tables of rules, from which methods have theirs. Members of a namespace get the words of what they are.
// Runs in the folder of a package, after its build.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const parsed = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)

const commentOf = (node: ts.Node): string | undefined => ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc)?.getText()

/** What the records of rules are called. */
const tables = ['everyday', 'rare', 'rules']

/** The comment of each op by its name. */
const comments = (): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const add = (name: ts.Node, node: ts.Node): void => {
    const comment = commentOf(node)
    if (comment !== undefined) found.set(name.getText(), comment)
  }
  for (const statement of parsed('src/index.ts').statements) {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause) continue
    if (ts.isNamespaceExport(statement.exportClause)) add(statement.exportClause.name, statement)
  }
  for (const folder of ['src/rules', 'src/tensor/forms'].filter((name) => existsSync(name))) {
    for (const name of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
      for (const statement of parsed(join(folder, name)).statements) {
        if (ts.isInterfaceDeclaration(statement)) for (const member of statement.members) add(member.name!, member)
        if (ts.isVariableStatement(statement))
          for (const one of statement.declarationList.declarations) add(one.name, one)
      }
    }
  }
  return found
}

/** The text of a file with a comment above what has none: constants, namespaces, members of the tables of rules. */
const documented = (path: string, all: ReadonlyMap<string, string>): string => {
  const file = parsed(path)
  const own = new Map(file.statements.flatMap((statement) => namesOf(statement).map((name) => [name, statement])))
  const missing: (readonly [place: number, comment: string])[] = []
  const add = (comment: string | undefined, node: ts.Node): void => {
    if (comment === undefined || commentOf(node) !== undefined) return
    const start = node.getStart()
    const indentation = ' '.repeat(file.getLineAndCharacterOfPosition(start).character)
    missing.push([start, `${comment.replace(/\n\s*/g, `\n${indentation} `)}\n${indentation}`])
  }
  for (const statement of file.statements) {
    if (ts.isModuleDeclaration(statement)) add(all.get(statement.name.text), statement)
    if (!ts.isVariableStatement(statement)) continue
    const [{ name, type }] = statement.declarationList.declarations as unknown as [ts.VariableDeclaration]
    // a member of a namespace: `declare const init_zeros: typeof zeros`
    const original = type && ts.isTypeQueryNode(type) ? own.get(type.exprName.getText()) : undefined
    add(original ? commentOf(original) : all.get(name.getText()), statement)
    if (!tables.includes(name.getText()) || !type || !ts.isTypeLiteralNode(type)) continue
    for (const member of type.members) add(all.get(member.name!.getText()), member)
  }
  let text = ''
  let from = 0
  for (const [place, comment] of missing) {
    text += file.text.slice(from, place) + comment
    from = place
  }
  return text + file.text.slice(from)
}

/** What a statement declares. */
const namesOf = (statement: ts.Statement): string[] => {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name.getText())
  return ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) ? [statement.name!.text] : []
}

const all = comments()
for (const name of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  const path = join('dist', name)
  if (/\.d\.c?ts$/.test(name)) writeFileSync(path, documented(path, all))
}
