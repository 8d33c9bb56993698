// Writes the types of the methods, packages/autograd/src/tensor/methods/, from those of the functions in forms/ beside it:
// the first parameter becomes `this`. TypeScript has no type for that, where a function is generic. Interfaces named
// `...Functions` have functions only. A test holds what is written to what stands in forms/.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const tensor = fileURLToPath(new URL('../packages/autograd/src/tensor', import.meta.url))
const forms = join(tensor, 'forms')
const methods = join(tensor, 'methods')

type Declaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration

const isExported = (statement: Declaration): boolean =>
  (ts.getCombinedModifierFlags(statement) & ts.ModifierFlags.Export) !== 0
const isOfFunctions = ({ name }: Declaration): boolean => name.text.endsWith('Functions')

/** The names that a node refers to. */
const namesIn = (node: ts.Node): ReadonlySet<string> => {
  const names = new Set<string>()
  const visit = (part: ts.Node): void => {
    if (ts.isIdentifier(part)) names.add(part.text)
    ts.forEachChild(part, visit)
  }
  visit(node)
  return names
}

const declarationsOf = (file: ts.SourceFile): Declaration[] =>
  file.statements.filter((statement) => ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))

/** The interfaces of a file that methods are taken from. */
const familiesOf = (file: ts.SourceFile): Declaration[] =>
  declarationsOf(file).filter(
    (statement) => ts.isInterfaceDeclaration(statement) && isExported(statement) && !isOfFunctions(statement),
  )

/** Some types of a file, and those there that they refer to. */
const withReferences = (file: ts.SourceFile, roots: readonly Declaration[]): Declaration[] => {
  const declared = declarationsOf(file)
  const needed = new Set<Declaration>()
  const add = (statement: Declaration): void => {
    if (needed.has(statement)) return
    needed.add(statement)
    const names = namesIn(statement)
    for (const other of declared) if (names.has(other.name.text)) add(other)
  }
  roots.forEach(add)
  return declared.filter((statement) => needed.has(statement))
}

/** An import of what is in `names`; empty if that is nothing. */
const importOf = (statement: ts.ImportDeclaration, names: ReadonlySet<string>): string => {
  const namedBindings = statement.importClause!.namedBindings!
  const from = statement.moduleSpecifier.getText()
  if (ts.isNamespaceImport(namedBindings)) return names.has(namedBindings.name.text) ? statement.getText() : ''
  const used = namedBindings.elements.map(({ name }) => name.text).filter((name) => names.has(name))
  return used.length > 0 ? `import type { ${used.join(', ')} } from ${from}` : ''
}

/** A statement in which the first parameter of each function that is a form is the receiver. */
const withReceivers = (statement: Declaration): string => {
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = []
  const replace = (node: ts.Node, text: string) => edits.push({ start: node.getStart(), end: node.getEnd(), text })
  const visit = (node: ts.Node): void => {
    if (!ts.isFunctionTypeNode(node) && !ts.isMethodSignature(node)) {
      ts.forEachChild(node, visit)
      return
    }
    const [receiver] = node.parameters
    if (receiver === undefined || receiver.questionToken || receiver.dotDotDotToken) {
      const { fileName } = node.getSourceFile()
      throw new Error(`${fileName}: what may lack its first argument is no method: ${node.getText()}`)
    }
    replace(receiver.name, 'this')
    // a number is an operand, but has no methods
    const parameter = node.typeParameters?.find(({ name }) => name.text === receiver.type?.getText())
    if (parameter?.constraint?.getText() === 'Operand') replace(parameter.constraint, 'AnyTensor')
  }
  visit(statement)
  const start = statement.getFullStart()
  let text = statement.getFullText()
  for (const edit of edits.sort((a, b) => b.start - a.start)) {
    text = text.slice(0, edit.start - start) + edit.text + text.slice(edit.end - start)
  }
  return text.trim()
}

/** What stands in methods/: the text of each file by its name. */
export const methodTypes = (): Readonly<Record<string, string>> => {
  const files = readdirSync(forms)
    .filter((name) => name !== 'index.ts')
    .sort()
    .map((name) => {
      const text = readFileSync(join(forms, name), 'utf8')
      return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
    })
  const needed = new Map(files.map((file) => [file, withReferences(file, familiesOf(file))]))
  const names = new Set([...needed.values()].flat().flatMap((statement) => [...namesIn(statement)]))
  for (const [file, statements] of needed) {
    // what several families have in common
    const shared = declarationsOf(file).filter((statement) => isExported(statement) && names.has(statement.name.text))
    if (statements.length === 0) needed.set(file, withReferences(file, shared))
  }

  const written: Record<string, string> = {}
  for (const [file, statements] of needed) {
    if (statements.length === 0) continue
    const own = new Set(statements.flatMap((statement) => [...namesIn(statement)]))
    const imports = file.statements.filter(ts.isImportDeclaration).map((statement) => importOf(statement, own))
    written[file.fileName] = textOf(`forms/${file.fileName}`, imports, statements.map(withReceivers))
  }
  const families = files.map((file) => [file, familiesOf(file).map(({ name }) => name.text)] as const)
  const imports = families.map(([{ fileName }, all]) =>
    all.length > 0 ? `import type { ${all.join(', ')} } from './${fileName.replace(/\.ts$/, '.js')}'` : '',
  )
  written['index.ts'] = textOf('forms/', imports, [
    `/** The methods of a tensor. \`A\` is the whole type of the receiver, so that unions and users' generics work. */\n` +
      `export interface Methods\n  extends ${families.flatMap(([, all]) => all).join(',\n    ')} {}`,
  ])
  return written
}

const textOf = (source: string, imports: readonly string[], statements: readonly string[]): string => {
  const used = imports.filter((line) => line !== '').join('\n')
  return `${[`// Written by scripts/methods.ts from ${source}: change it there.`, used, ...statements].join('\n\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync(methods, { recursive: true, force: true })
  mkdirSync(methods)
  for (const [name, text] of Object.entries(methodTypes())) writeFileSync(join(methods, name), text)
}
