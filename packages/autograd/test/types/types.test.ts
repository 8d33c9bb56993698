import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

// The fixtures are compiled, never run. `good*` compile without errors; in `bad*`, a comment `@ts-expect-error message`
// stands above each wrong line, so that they pass an ordinary tsc. Here the directives are taken out, and each message
// must be part of what the compiler says of the line below.
const folder = join(import.meta.dirname, 'fixtures')
const names = readdirSync(folder).filter((name) => name.endsWith('.ts'))
const directive = '// @ts-expect-error '

const compile = () => {
  const base = join(import.meta.dirname, '../../../../tsconfig.base.json')
  const { options, errors } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(base, ts.sys.readFile).config,
    ts.sys,
    '.',
  )
  expect(errors.filter((e) => e.code !== noInputs)).toEqual([])
  const host = ts.createCompilerHost(options)
  const { readFile } = host
  host.readFile = (path) => {
    const text = readFile(path)
    return path.startsWith(folder.replaceAll('\\', '/')) ? text?.replaceAll(directive, '// ') : text
  }
  return ts.createProgram(
    names.map((name) => join(folder, name)),
    options,
    host,
  )
}
const noInputs = 18003

describe('shape types', { timeout: 60_000 }, () => {
  const program = compile()
  for (const name of names) {
    const path = join(folder, name)
    const errorsByLine = () => {
      const file = program.getSourceFile(path)!
      const diagnostics = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
      const lines = new Map<number, string[]>()
      for (const { start, messageText } of diagnostics) {
        const line = ts.getLineAndCharacterOfPosition(file, start!).line + 1
        lines.set(line, [...(lines.get(line) ?? []), ts.flattenDiagnosticMessageText(messageText, '\n')])
      }
      return lines
    }
    if (name.startsWith('bad')) {
      test(`${name}: every mistake is one error, in words`, () => {
        const expected = new Map<number, string>()
        readFileSync(path, 'utf8')
          .split('\n')
          .forEach((text, i) => {
            const at = text.indexOf(directive)
            if (at >= 0) expected.set(i + 2, text.slice(at + directive.length))
          })
        expect(expected.size).toBeGreaterThan(0)
        const found = errorsByLine()
        const report = [...new Set([...expected.keys(), ...found.keys()])].flatMap((line) => {
          const messages = found.get(line) ?? []
          const wanted = expected.get(line)
          const fits = wanted !== undefined && messages.length === 1 && messages[0]!.includes(wanted)
          return fits ? [] : [{ line, wanted, messages }]
        })
        expect(report).toEqual([])
      })
    } else {
      test(`${name}: compiles`, () => expect([...errorsByLine()]).toEqual([]))
    }
  }
})
