import type { NumberFunction } from '../../rules/algebra.js'
import { type Instruction, literal, type StraightLine } from '../../rules/straight-line.js'
import type { FlatLoop, GridLoop, LoopMaker, Motion, Single } from './loop.js'
import { operators } from './operators.js'

type Form = 'single' | 'flat' | 'grid'

/** The functions that a program calls, by their names. */
const calledBy = ({ steps }: StraightLine): Readonly<Record<string, NumberFunction>> =>
  Object.fromEntries(
    steps.flatMap((step) => (step.kind === 'apply' && !operators[step.name] ? [[step.name, step.numeric]] : [])),
  )

/** The source of a function of `m` (what the program calls) that gives the loop over a program, see `loop.ts`. */
const loopSource = (program: StraightLine, motions: readonly Motion[], truth: boolean, form: Form): string => {
  const { steps, results } = program
  const moving: boolean[] = []
  for (const step of steps) moving.push(moves(step, motions, moving))
  const lines = steps.map((step, i) => `const v${i} = ${stepSource(step, motions)}`)
  const result = truth ? `v${results[0]!} !== 0 ? 1 : 0` : `v${results[0]!}`

  const used = new Set(steps.flatMap((step) => (step.kind === 'input' ? [step.index] : [])))
  const header = Object.keys(calledBy(program)).map((name) => `const m_${name} = m.${name}`)
  const each = (line: (i: number) => string) => [...used].map(line)

  const row = [
    ...lines.filter((_, i) => !moving[i]),
    'for (let i = 0; i < columns; i++) {',
    ...lines.filter((_, i) => moving[i]),
    `out[start + i] = ${result}`,
    ...each((i) => (motions[i] === 'stride' ? `p${i} += s${i}` : '')),
    '}',
  ]
  const at = each((i) => `const d${i} = inputs[${i}].data`)
  const from = each((i) => `const p${i} = inputs[${i}].offset`)
  const loops: { readonly [F in Form]: readonly string[] } = {
    single: ['function single(out, at, inputs) {', ...at, ...from, ...lines, `out[at] = ${result}`],
    flat: ['function flat(out, start, columns, inputs) {', ...at, ...from, ...row],
    grid: [
      'function grid(out, start, rows, columns, inputs) {',
      ...at,
      ...each((i) => `const r${i} = inputs[${i}].strides[0], s${i} = inputs[${i}].strides[1]`),
      ...each((i) => `let q${i} = inputs[${i}].offset`),
      'for (let row = 0; row < rows; row++) {',
      ...each((i) => `let p${i} = q${i}`),
      ...row,
      'start += columns',
      ...each((i) => `q${i} += r${i}`),
      '}',
    ],
  }
  return ["'use strict'", ...header, 'return (', ...loops[form], '})'].filter((line) => line !== '').join('\n')
}

const moves = (step: Instruction, motions: readonly Motion[], moving: readonly boolean[]): boolean => {
  if (step.kind === 'input') return motions[step.index] !== 'still'
  return step.kind === 'apply' && step.args.some((arg) => moving[arg])
}

const stepSource = (step: Instruction, motions: readonly Motion[]): string => {
  switch (step.kind) {
    case 'input':
      return `d${step.index}[p${step.index}${motions[step.index] === 'next' ? ' + i' : ''}]`
    case 'constant':
      return literal(step.value)
    case 'apply': {
      const args = step.args.map((arg) => `v${arg}`)
      return operators[step.name]?.(...args) ?? `m_${step.name}(${args.join(', ')})`
    }
  }
}

/** Loops compiled from generated source. */
export const generating: LoopMaker = {
  single: (program, truth) => loopOf<Single>(program, [], truth, 'single'),
  flat: (program, motions, truth) => loopOf<FlatLoop>(program, motions, truth, 'flat'),
  grid: (program, motions, truth) => loopOf<GridLoop>(program, motions, truth, 'grid'),
}

const loopOf = <Loop>(...form: Parameters<typeof loopSource>): Loop =>
  (new Function('m', loopSource(...form)) as (m: object) => Loop)(calledBy(form[0]))

/** False under a content security policy that forbids generated code. */
export const canGenerate = (): boolean => {
  try {
    new Function('')
    return true
  } catch {
    return false
  }
}
