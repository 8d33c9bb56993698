import ts from 'typescript'

const partsOf = (statement) =>
  ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement]

const haveNames = [ts.isPropertyAccessExpression, ts.isPropertyAssignment, ts.isMethodDeclaration]
const isPropertyName = (node) =>
  ts.isBindingElement(node.parent)
    ? node.parent.propertyName === node
    : node.parent.name === node && haveNames.some((is) => is(node.parent))

/** Calls back with each name in a node that may stand for a variable. */
const eachName = (node, tell) => {
  if (ts.isIdentifier(node) && !isPropertyName(node)) tell(node.text)
  ts.forEachChild(node, (child) => eachName(child, tell))
}

/** Whether it is made of numbers only: `2 ** 20` is code to esbuild, but a few bytes. */
const isNumber = ({ initializer }) => {
  let names = 0
  if (initializer) eachName(initializer, () => names++)
  return names === 0
}

/**
 * The variables of a bundle to which nothing leads from what it exports and does: the bundler could not see that their values run
 * no code. Of a bundle that is not minified, for there each name stands for one thing.
 */
export const unreached = (bundle) => {
  const { statements } = ts.createSourceFile('bundle.js', bundle, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
  const declared = new Map()
  const reached = []
  for (const part of statements.flatMap(partsOf)) {
    if (part.name === undefined) reached.push(part)
    else eachName(part.name, (name) => declared.set(name, part))
  }
  for (const part of reached) {
    eachName(part, (name) => {
      const other = declared.get(name)
      if (other === undefined) return
      declared.delete(name)
      reached.push(other)
    })
  }
  return [...declared.keys()].filter((name) => !isNumber(declared.get(name)))
}
