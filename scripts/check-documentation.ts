// Asks the TypeScript language service, as an editor does, what it says of everything that the built packages export, of the
// members of what is exported, and of every method of a tensor: each has words.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const modules = readdirSync('packages').flatMap((folder) => {
  const { name, exports } = JSON.parse(readFileSync(join('packages', folder, 'package.json'), 'utf8'))
  return Object.keys(exports).map((subpath) => name + subpath.slice(1))
})

// a file that is in no folder, but finds the packages where the examples find them
const path = join(process.cwd(), 'examples', 'hover.ts')
let text = modules.map((module, i) => `import * as m${i} from '${module}'\n`).join('')
let version = 0
const host: ts.LanguageServiceHost = {
  ...ts.sys,
  useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  getCompilationSettings: () => ({
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    types: [],
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  }),
  getScriptFileNames: () => [path],
  getScriptVersion: (name) => (name === path ? String(version) : '0'),
  getScriptSnapshot: (name) => {
    const content = name === path ? text : ts.sys.readFile(name)
    return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content)
  },
  getCurrentDirectory: () => process.cwd(),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (name) => name === path || ts.sys.fileExists(name),
}
const service = ts.createLanguageService(host)

// which names there are is asked of the compiler; each is then written down, and hovered over
const program = service.getProgram()!
const checker = program.getTypeChecker()
const source = program.getSourceFile(path)!

/** The properties that JavaScript's errors have. */
const own = ['name', 'message', 'cause', 'stack']
/** What is written, at the end of which stands the name. */
const places: string[] = []
const isPublic = (symbol: ts.Symbol): boolean =>
  // `#private` stands for all that are; places in a tuple or a table by number have no name
  /^(?!__)[a-zA-Z_]\w*$/.test(symbol.name) &&
  !own.includes(symbol.name) &&
  !(symbol.declarations ?? []).some(
    (declaration) =>
      ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected) ||
      program.isSourceFileDefaultLibrary(declaration.getSourceFile()),
  )
const membersOf = (type: ts.Type): string[] =>
  type
    .getProperties()
    .filter(isPublic)
    .map(({ name }) => name)

source.statements.filter(ts.isImportDeclaration).forEach((statement, i) => {
  for (const exported of checker.getExportsOfModule(checker.getSymbolAtLocation(statement.moduleSpecifier)!)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    const name = `m${i}.${exported.name}`
    if (!(symbol.flags & ts.SymbolFlags.Value)) {
      places.push(`type T${places.length} = ${name}`)
      const declared = checker.getDeclaredTypeOfSymbol(symbol)
      if (symbol.flags & ts.SymbolFlags.Interface && exported.name !== 'ReadonlyTypedArray') {
        const parameters = (declared as ts.InterfaceType).typeParameters?.map(() => 'any') ?? []
        const whole = parameters.length > 0 ? `${name}<${parameters.join()}>` : name
        for (const member of membersOf(declared)) places.push(`(null as unknown as ${whole}).${member}`)
      }
      continue
    }
    places.push(name)
    const type = checker.getTypeOfSymbolAtLocation(symbol, source)
    if (symbol.flags & ts.SymbolFlags.Class) {
      const instance = checker.getDeclaredTypeOfSymbol(symbol)
      for (const member of membersOf(instance)) places.push(`${name}.prototype.${member}`)
    }
    for (const member of membersOf(type)) if (member !== 'prototype') places.push(`${name}.${member}`)
  }
})

// where it is called too: there it is the signature that has words, or fails to hand on those of the function
const offsets = places.map((place) => {
  const found: number[] = []
  for (const end of place.startsWith('type') ? [''] : ['', '()']) {
    text += `;${place}`
    found.push(text.length - 1)
    text += `${end}\n`
  }
  return found
})
version++
const isSilent = (offset: number): boolean =>
  ts.displayPartsToString(service.getQuickInfoAtPosition(path, offset)?.documentation).trim() === ''
const silent = places.filter((_, i) => offsets[i]!.some(isSilent))
console.log(`${places.length} names hovered over in ${modules.join(', ')}`)
if (places.length < 300) throw new Error('these are too few: was everything built?')
if (silent.length > 0) {
  const named = silent.map((place) => place.replace(/m(\d+)\./, (_, i) => `${modules[i]}: `))
  throw new Error(`${silent.length} have no documentation in the built declarations:\n${named.join('\n')}`)
}
