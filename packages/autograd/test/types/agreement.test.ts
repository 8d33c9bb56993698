import { join } from 'node:path'
import * as adjoint from '@adjoint/autograd'
import ts from 'typescript'
import { expect, test } from 'vitest'

// Random programs over literal shapes, right and wrong ones: the compiler reports an error exactly where the run throws,
// and else knows the shape that the run has.
const random = new adjoint.Random(1)
const below = (n: number): number => Math.floor(random.number() * n)
const coin = (): boolean => below(2) === 0
const shape = (maxRank = 4): number[] => Array.from({ length: below(maxRank + 1) }, () => 1 + below(3))
/** Often a shape that goes together with s, often not. */
const near = (s: number[]): number[] =>
  coin() ? s.map((dim) => (below(4) === 0 ? 1 + below(3) : dim)).slice(below(3) === 0 ? 1 : 0) : shape()
/** One dim changed, or none. */
const along = (s: number[]): number[] => s.map((dim, i) => (i === below(s.length) ? 1 + below(12) : dim))
/** An axis, sometimes out of range. */
const axis = (s: number[]): number => below(s.length * 2 + 3) - s.length - 1
const text = JSON.stringify
const zeros = (s: number[]): string => `zeros(${text(s)})`
const indices = (s: number[]): string => `zeros(${text(s)}, { dtype: 'int32' })`

/** An entry of an index, sometimes a wrong one. */
const item = (dim: number): string => {
  const bound = () => (coin() ? '' : `${below(2 * dim + 4) - dim - 2}`)
  const entries = [
    () => `${below(2 * dim + 3) - dim - 1}`,
    () => text(`${bound()}:${bound()}`),
    () => text(`${bound()}:${bound()}:${1 + below(3)}`),
    () => text(`::-${1 + below(3)}`),
    () => 'null',
    () => text('...'),
    () => text(below(3) === 0 ? '1:a' : ':'),
    () => text([0, -1, 0].slice(0, 1 + below(3))),
    // as many as no axis has: no mask
    () => indices([7]),
  ]
  return entries[below(entries.length)]!()
}
const items = (s: number[]): string[] =>
  Array.from({ length: 1 + below(s.length + 2) }, () => item(s[below(s.length)] ?? 1))

/** For a shape, the source of a call. */
const programs: Record<string, (s: number[]) => string> = {
  add: (s) => `${zeros(s)}.add(${zeros(near(s))})`,
  where: (s) => `where(${zeros(near(s))}, ${zeros(s)}, ${zeros(near(s))})`,
  matmul: (s) => `${zeros(s)}.matmul(${zeros(coin() ? [...s.slice(0, -2), s.at(-1) ?? 1, 2] : near(s))})`,
  sum: (s) => `${zeros(s)}.sum(${axis(s)}, { keepDims: ${coin()} })`,
  mean: (s) => `${zeros(s)}.mean([${axis(s)}, ${axis(s)}])`,
  softmax: (s) => `${zeros(s)}.softmax(${axis(s)})`,
  layerNorm: (s) => `layerNorm(${zeros(s)}, { axes: [${axis(s)}, ${axis(s)}] })`,
  attention: (s) => {
    const [keys, values] = coin() ? [near(s), near(s)] : [s, s]
    return `scaledDotProductAttention(${zeros(s)}, ${zeros(keys)}, ${zeros(values)})`
  },
  einsum: (s) => {
    const term = [...'abcd'].slice(0, s.length).join('')
    const [other, result] = [[...term].reverse().slice(below(2)), [...term, 'z'].filter(coin)]
    const shape = coin() ? near(s) : [...s].reverse().slice(s.length - other.length)
    return `einsum('${term},${other.join('')}${coin() ? `->${result.join('')}` : ''}', ${zeros(s)}, ${zeros(shape)})`
  },
  tensordot: (s) => `tensordot(${zeros(s)}, ${zeros(coin() ? s.slice(below(2)) : near(s))}, ${below(3)})`,
  dot: (s) => `dot(${zeros(s)}, ${zeros(coin() ? [...s.slice(1, -1), s.at(-1) ?? 1, 2] : near(s))})`,
  inner: (s) => `inner(${zeros(s)}, ${zeros(coin() ? [2, s.at(-1) ?? 1] : near(s))})`,
  outer: (s) => `outer(${zeros(s.slice(0, 1))}, ${zeros(coin() ? [2] : s)})`,
  kron: (s) => `kron(${zeros(s)}, ${zeros(shape(2))})`,
  trace: (s) => `trace(${zeros(s)}, 0, { axes: [${axis(s)}, ${axis(s)}] })`,
  triu: (s) => `triu(${zeros(s)})`,
  cdist: (s) => `cdist(${zeros(s)}, ${zeros(coin() ? [2, s.at(-1) ?? 1] : near(s))})`,
  permute: (s) => `${zeros(s)}.permute(${text(coin() ? s.map((_, i) => -1 - i) : s.map(() => axis(s)))})`,
  swapAxes: (s) => `${zeros(s)}.swapAxes(${axis(s)}, ${axis(s)})`,
  transpose: (s) => `${zeros(s)}.transpose()`,
  flatten: (s) => `${zeros(s)}.flatten()`,
  ravel: (s) => `${zeros(s)}.ravel()`,
  broadcastTo: (s) => `${zeros(s)}.broadcastTo(${text(coin() ? [2, ...s.map((d) => (d === 1 ? 5 : d))] : near(s))})`,
  expandDims: (s) => `${zeros(s)}.expandDims(${axis([...s, 1])})`,
  squeeze: (s) => `${zeros(s)}.squeeze(${axis(s)})`,
  at: (s) => `${zeros(s)}.at(0)`,
  entries: (s) => `${zeros(s)}.at(${items(s)})`,
  indices: (s) => `${zeros(s)}.at(${indices([2, 7])}, ${indices(coin() ? [7] : near([2, 7]))})`,
  set: (s) => `set(${zeros(s)}, [${items(s)}], ${coin() ? zeros(near(s)) : '1'})`,
  flattenRange: (s) => `${zeros(s)}.flatten(${axis(s)}, ${axis(s)})`,
  moveAxis: (s) => `moveAxis(${zeros(s)}, ${axis(s)}, ${axis(s)})`,
  rot90: (s) => `rot90(${zeros([...s, 2])}, ${below(7) - 3}, [${axis(s)}, -1])`,
  tile: (s) => `tile(${zeros(s)}, ${text(shape(3))})`,
  repeat: (s) => `repeat(${zeros(s)}, ${text(shape(4))})`,
  repeatInterleave: (s) => `repeatInterleave(${zeros(s)}, ${below(12)}, ${axis(s)})`,
  split: (s) => `split(${zeros(s)}, ${coin() ? 1 + below(3) : text(shape(3))}, ${axis(s)})[0]`,
  chunk: (s) => `chunk(${zeros([...s, 1 + below(12)])}, ${1 + below(5)}, -1)[0]`,
  unbind: (s) => `unbind(${zeros(s)}, ${axis(s)})[0]`,
  unfold: (s) => `unfold(${zeros(s)}, ${axis(s)}, ${1 + below(3)}, { step: ${1 + below(2)} })`,
  meshgrid: (s) => `meshgrid([${zeros([1 + below(3)])}, ${zeros(coin() ? [4] : s)}])[0]`,
  pad: (s) => `${zeros(s)}.pad(${text(s.slice(below(4) === 0 ? 1 : 0).map(() => [below(3), below(12)]))})`,
  concat: (s) => `concat([${zeros(s)}, ${zeros(coin() ? along(s) : near(s))}, ${zeros(s)}], ${axis(s)})`,
  stack: (s) => `stack([${zeros(s)}, ${zeros(coin() ? s : near(s))}], ${axis(s)})`,
  indexSelect: (s) => `${zeros(s)}.indexSelect(${indices(shape(2))}, ${axis(s)})`,
  gather: (s) => `${zeros(s)}.gather(${indices(along(s))}, ${axis(s)})`,
  scatterAdd: (s) => {
    const places = along(s)
    return `${zeros(s)}.scatterAdd(${indices(places)}, ${zeros(coin() ? places : near(places))}, ${axis(s)})`
  },
  oneHot: (s) => `${indices(s)}.oneHot(${1 + below(12)})`,
}

const compile = (sources: string[]): string[] => {
  const lines = sources.map((source, i) => `export const r${i} = ${source}`)
  const code = [`import { ${Object.keys(adjoint).join(', ')} } from '@adjoint/autograd'`, ...lines].join('\n')
  const path = join(import.meta.dirname, 'generated.ts')
  const base = join(import.meta.dirname, '../../../../tsconfig.base.json')
  const { config } = ts.readConfigFile(base, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, import.meta.dirname)
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile } = host
  host.fileExists = (name) => name === path || fileExists(name)
  host.readFile = (name) => (name === path ? code : readFile(name))
  const program = ts.createProgram([path], options, host)
  const file = program.getSourceFile(path)!
  const checker = program.getTypeChecker()
  const wrong = new Set(
    program.getSemanticDiagnostics(file).map(({ start }) => ts.getLineAndCharacterOfPosition(file, start!).line),
  )
  return file.statements.slice(1).map((statement, i) => {
    const [declaration] = (statement as ts.VariableStatement).declarationList.declarations
    return wrong.has(i + 1) ? 'error' : checker.typeToString(checker.getTypeAtLocation(declaration!.name))
  })
}

const run = (source: string): string => {
  try {
    const call = new Function(...Object.keys(adjoint), `return ${source}`)
    const { shape } = call(...Object.values(adjoint)) as adjoint.Tensor
    return `Tensor<[${shape.join(', ')}]>`
  } catch (error) {
    if (error instanceof adjoint.AdjointError) return 'error'
    throw error
  }
}

test('the compiler and the run agree on random programs', () => {
  const sources = Object.values(programs).flatMap((program) => Array.from({ length: 12 }, () => program(shape())))
  const compiled = compile(sources)
  const ran = sources.map(run)
  expect(ran.filter((result) => result === 'error').length).toBeGreaterThan(sources.length / 5)
  expect(ran.filter((result) => result !== 'error').length).toBeGreaterThan(sources.length / 5)
  expect(sources.map((source, i) => `${source}: ${compiled[i]}`)).toEqual(
    sources.map((source, i) => `${source}: ${ran[i]}`),
  )
})
