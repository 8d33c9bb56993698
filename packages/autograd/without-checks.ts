import { readFileSync } from 'node:fs'
import type { Plugin } from 'esbuild'
import ts from 'typescript'

const checks = ['samples', 'errors', 'known']

const withoutChecks = (path: string): string => {
  const text = readFileSync(path, 'utf8')
  let kept = ''
  let from = 0
  const visit = (node: ts.Node): void => {
    if (!ts.isPropertyAssignment(node) || !ts.isIdentifier(node.name) || !checks.includes(node.name.text)) {
      ts.forEachChild(node, visit)
      return
    }
    kept += text.slice(from, node.pos)
    from = text.startsWith(',', node.end) ? node.end + 1 : node.end
    // source maps point to lines
    kept += text.slice(node.pos, from).replace(/[^\n]/g, '')
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest))
  return kept + text.slice(from)
}

/** Ops and rules without the arguments to check them with, which only tests read: 5 % of what would be published. */
export const plugin: Plugin = {
  name: 'without-checks',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]autograd[\\/]src[\\/](ops|rules)[\\/][^\\/]+\.ts$/ }, ({ path }) => ({
      contents: withoutChecks(path),
      loader: 'ts',
    }))
  },
}
