import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

// `good*` compile without errors, and where they can run, their tensors have the shapes that the compiler knows. In
// `bad*`, which are never run, a comment `@ts-expect-error message` stands above each wrong line: so they pass an ordinary
// tsc. Here the directives are taken out, and each message must be part of the one error at the line below.
export interface Fixtures {
  readonly folder: string
  /** Those that can run, and how. */
  readonly running: Readonly<Record<string, () => Promise<unknown>>>
  /** The shapes that running fixtures asked about, in order. */
  readonly shapes: readonly (readonly number[])[]
}

const directive = '// @ts-expect-error '

const compile = (paths: readonly string[]): ts.Program => {
  const base = join(import.meta.dirname, '../../../../tsconfig.base.json')
  const { config } = ts.readConfigFile(base, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, import.meta.dirname)
  const host = ts.createCompilerHost(options)
  const { readFile } = host
  host.readFile = (path) => {
    const text = readFile(path)
    return path.includes('/test/types/fixtures/bad') ? text?.replaceAll(directive, '// ') : text
  }
  return ts.createProgram(paths, options, host)
}

const errorsByLine = (program: ts.Program, file: ts.SourceFile): Map<number, string[]> => {
  const lines = new Map<number, string[]>()
  for (const { start, messageText } of [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]) {
    const line = ts.getLineAndCharacterOfPosition(file, start ?? 0).line + 1
    lines.set(line, [...(lines.get(line) ?? []), ts.flattenDiagnosticMessageText(messageText, '\n')])
  }
  return lines
}

const expectedByLine = (path: string): Map<number, string> => {
  const lines = new Map<number, string>()
  readFileSync(path, 'utf8')
    .split('\n')
    .forEach((text, i) => {
      const at = text.indexOf(directive)
      if (at >= 0) lines.set(i + 2, text.slice(at + directive.length))
    })
  return lines
}

/** The shapes in `is<shape>()(...)`, in source order; null for a dim or a shape that the compiler does not know. */
const staticShapes = (file: ts.SourceFile): ((number | null)[] | null)[] => {
  const found: ((number | null)[] | null)[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText(file) === 'is') {
      const shape = node.typeArguments![0]!
      const dims = ts.isTupleTypeNode(shape) ? shape.elements.map((dim) => dim.getText(file)) : ['...']
      found.push(dims.some((d) => d.startsWith('...')) ? null : dims.map((d) => (/^\d+$/.test(d) ? Number(d) : null)))
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** A test for what each fixture of a folder promises. */
export const checkFixtures = ({ folder, running, shapes }: Fixtures): void => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts'))
  const program = compile(names.map((name) => join(folder, name)))
  for (const name of names) {
    const path = join(folder, name)
    const file = program.getSourceFile(path)!
    if (name.startsWith('bad')) {
      test(`${name}: every mistake is one error, in words`, () => {
        const expected = expectedByLine(path)
        const found = errorsByLine(program, file)
        expect(expected.size).toBeGreaterThan(0)
        for (const line of new Set([...expected.keys(), ...found.keys()])) {
          const where = `${name}:${line}`
          expect(found.get(line) ?? [], where).toHaveLength(1)
          expect(found.get(line)![0], where).toContain(expected.get(line) ?? 'no error')
        }
      })
    } else {
      test(`${name}: compiles`, () => expect([...errorsByLine(program, file)]).toEqual([]))
    }
    const run = running[name]
    if (run !== undefined) {
      test(`${name}: runs, with the shapes that the compiler knows`, async () => {
        const before = shapes.length
        await run()
        const known = staticShapes(file)
        expect(known.length).toBeGreaterThan(0)
        const ran = shapes.slice(before).map((shape, i) => {
          const dims = known[i]
          return dims && shape.length === dims.length
            ? shape.map((dim, j) => (dims[j] === null ? null : dim))
            : dims && shape
        })
        expect(ran).toEqual(known)
      })
    }
  }
}
