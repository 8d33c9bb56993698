import { readFileSync } from 'node:fs'
import type { Plugin } from 'esbuild'
import ts from 'typescript'

const checks = ['samples', 'errors', 'known']
const pure = '/* @__PURE__ */ '

const isCheck = (node: ts.Node): boolean =>
  (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) && checks.includes(node.name.getText())

const isWord = ({ kind }: ts.Node): boolean =>
  kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword || kind === ts.SyntaxKind.NullKeyword

const isArithmetic = (node: ts.Node): boolean =>
  ts.isPrefixUnaryExpression(node) || ts.isBinaryExpression(node) || ts.isParenthesizedExpression(node)

/** Whether a bundler sees that a value runs no code but calls that are marked: a getter, say, may stand behind all else. */
const isIdle = (node: ts.Node, namespaces: ReadonlySet<string>): boolean => {
  const idle = (part: ts.Node): boolean => isIdle(part, namespaces)
  if (ts.isFunctionLike(node) || ts.isLiteralExpression(node) || ts.isIdentifier(node)) return true
  if (ts.isShorthandPropertyAssignment(node) || isWord(node) || isCheck(node)) return true
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return idle(node.expression)
  if (ts.isCallExpression(node)) return node.arguments.every(idle)
  if (ts.isPropertyAccessExpression(node)) return namespaces.has(node.expression.getText())
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(idle)
  if (ts.isObjectLiteralExpression(node)) return node.properties.every(idle)
  if (ts.isPropertyAssignment(node)) return idle(node.initializer)
  return isArithmetic(node) && node.getChildren().every((part) => ts.isToken(part) || idle(part))
}

/** The names that a file imports everything of a module by: a bundler knows what stands behind those. */
const namespacesOf = ({ statements }: ts.SourceFile): ReadonlySet<string> =>
  new Set(
    statements
      .filter(ts.isImportDeclaration)
      .flatMap(({ importClause }) => importClause?.namedBindings ?? [])
      .flatMap((bindings) => (ts.isNamespaceImport(bindings) ? bindings.name.text : [])),
  )

/** `{ add, mul: times }`, taken out of an object, as variables that are dropped one by one. */
const taken = ({ elements }: ts.ObjectBindingPattern, object: string): string =>
  elements
    .map(({ name, propertyName = name }) => {
      return `${name.getText()} = ${pure}(() => ${object}.${propertyName.getText()})()`
    })
    .join(', ')

const withoutChecks = (path: string): string => {
  const text = readFileSync(path, 'utf8')
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const namespaces = namespacesOf(file)
  let kept = ''
  let from = 0
  const copy = (to: number, added = ''): void => {
    kept += text.slice(from, to) + added
    from = to
  }
  /** Source maps point to lines. */
  const leaveOut = (to: number): void => {
    kept += text.slice(from, to).replace(/[^\n]/g, '')
    from = to
  }
  /** @param isLoading whether it runs as the module is loaded */
  const visit = (node: ts.Node, isLoading: boolean): void => {
    if (isCheck(node)) {
      copy(node.pos)
      leaveOut(text.startsWith(',', node.end) ? node.end + 1 : node.end)
      return
    }
    if (isLoading && ts.isCallExpression(node)) copy(node.getStart(), pure)
    ts.forEachChild(node, (child) => visit(child, isLoading && !ts.isFunctionLike(node)))
  }
  const visitVariable = ({ name, initializer }: ts.VariableDeclaration): void => {
    if (initializer === undefined) return
    if (ts.isObjectBindingPattern(name)) {
      copy(name.getStart(), taken(name, initializer.getText()))
      leaveOut(initializer.end)
    } else if (isIdle(initializer, namespaces)) {
      visit(initializer, true)
    } else {
      copy(initializer.getStart(), `${pure}(() => (`)
      visit(initializer, false)
      copy(initializer.end, '))()')
    }
  }
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) statement.declarationList.declarations.forEach(visitVariable)
    else visit(statement, false)
  }
  copy(text.length)
  return kept
}

/**
 * Ops and rules without the arguments to check them with, which only tests read: 5 % of what would be published. What makes them
 * is marked as pure, so that those that nobody uses are dropped; what cannot be marked stands in a function that is.
 */
export const plugin: Plugin = {
  name: 'without-checks',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]autograd[\\/]src[\\/](ops|rules)[\\/][^\\/]+\.ts$/ }, ({ path }) => ({
      contents: withoutChecks(path),
      loader: 'ts',
    }))
  },
}
