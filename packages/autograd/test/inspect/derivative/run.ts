import ts from 'typescript'
import { numbers } from '../../../src/rules/numbers.js'

/** The library's functions in the place of JavaScript's, whose last digits would be blown up by what is sensitive to them. */
export const math: unknown = {
  ...Object.fromEntries(Object.getOwnPropertyNames(Math).map((name) => [name, Math[name as keyof Math]])),
  ...numbers,
  // by themselves halves go up
  round: Math.round,
}

/** A function expression in TypeScript, to be called. */
export const run = <R = number>(code: string, math: unknown = Math): ((...inputs: number[]) => R) => {
  const { outputText } = ts.transpileModule(`const f = ${code}`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  return new Function('Math', `${outputText}\nreturn f`)(math) as (...inputs: number[]) => R
}

/** What the compiler says of a module at its strictest. */
export const errorsIn = (text: string): string[] => {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    types: [],
    noEmit: true,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitReturns: true,
    noUnusedLocals: true,
  }
  const host = ts.createCompilerHost(options)
  const read = host.getSourceFile
  host.getSourceFile = (name, target, ...rest) =>
    name === 'code.ts' ? ts.createSourceFile(name, text, target) : read(name, target, ...rest)
  const program = ts.createProgram(['code.ts'], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ messageText, file, start }) => {
    const line = file?.text.slice(start ?? 0).split('\n')[0] ?? ''
    return `${ts.flattenDiagnosticMessageText(messageText, '\n')}: ${line}`
  })
}
