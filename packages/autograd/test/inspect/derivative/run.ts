import ts from 'typescript'

/** A function expression in TypeScript, to be called. */
export const run = <R = number>(code: string, math: unknown = Math): ((...inputs: number[]) => R) => {
  const { outputText } = ts.transpileModule(`const f = ${code}`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  return new Function('Math', `${outputText}\nreturn f`)(math) as (...inputs: number[]) => R
}
