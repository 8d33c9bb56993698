import { readFileSync } from 'node:fs'
import type { Plugin } from 'esbuild'
import ts from 'typescript'

const checks = ['samples', 'errors', 'known']

const withoutChecks = (path: string): string => {
  const text = readFileSync(path, 'utf8')
  let kept = ''
  let from = 0
  /** @param isLoading whether it runs as the module is loaded */
  const visit = (node: ts.Node, isLoading: boolean): void => {
    const isProperty = ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)
    if (isProperty && ts.isIdentifier(node.name) && checks.includes(node.name.text)) {
      kept += text.slice(from, node.pos)
      from = text.startsWith(',', node.end) ? node.end + 1 : node.end
      // source maps point to lines
      kept += text.slice(node.pos, from).replace(/[^\n]/g, '')
      return
    }
    if (isLoading && ts.isCallExpression(node)) {
      const start = node.getStart()
      kept += `${text.slice(from, start)}/* @__PURE__ */ `
      from = start
    }
    ts.forEachChild(node, (child) => visit(child, isLoading && !ts.isFunctionLike(node)))
  }
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  for (const statement of file.statements) visit(statement, ts.isVariableStatement(statement))
  return kept + text.slice(from)
}

/**
 * Ops and rules without the arguments to check them with, which only tests read: 5 % of what would be published. What makes them
 * is marked as pure, so that those that nobody uses are dropped.
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
