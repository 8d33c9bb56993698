import { bytesPerElement } from '../../graph/dtype.js'
import { formatShape, sizeOf } from '../../graph/shape.js'
import type { Spec } from '../../graph/value.js'
import type { Expression } from '../../rules/expression.js'
import { inOrder } from '../../rules/traverse.js'
import { formatBytes, scaled } from '../bytes.js'
import { kindOf } from './kinds.js'
import { applications, productOperations } from './operations.js'
import type { Buffer, Plan, PlanStep } from './plan.js'

/** What an executor adds to the explanation of a plan. */
export interface Running {
  /** As in `runs ...`. */
  readonly how: string
  readonly notes: readonly string[]
  /** Where its buffers lie; null where each has an array of its own. */
  readonly memory: PlannedMemory | null
  /** Steps that JavaScript runs. */
  readonly hosted: ReadonlySet<number>
}

/** One memory for all buffers of a plan, in bytes. */
export interface PlannedMemory {
  readonly bytes: number
  /** Of these, what is used again and again within a call. */
  readonly intermediate: number
  readonly addresses: ReadonlyMap<Buffer, number>
}

/** The steps of a plan for a reader: what each computes, how many elements it reads and writes, and its arithmetic. */
export const explainPlan = (plan: Plan, { how, notes, hosted }: Running): string => {
  const lines = plan.steps.map((step, i) => {
    const what = hosted.has(i) ? `${describe(step)} (in JavaScript)` : describe(step)
    return [what, step.outs.map(spec).join(', '), formatBytes(trafficOf(step)), count(flopsOf(step))]
  })
  const total = [
    `${plan.steps.length} kernels`,
    '',
    formatBytes(plan.steps.reduce((sum, step) => sum + trafficOf(step), 0)),
    count(plan.steps.reduce((sum, step) => sum + flopsOf(step), 0)),
  ]
  const table = [['kernel', 'gives', 'moves', 'operations'], ...runs(lines), total]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  const rows = table.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
  return [`runs ${how}`, ...notes, ...rows].map((line) => `  ${line}`).join('\n')
}

/** Lines that repeat as one: loops of a program are unrolled. */
const runs = (lines: readonly string[][]): string[][] => {
  const folded: { line: string[]; times: number }[] = []
  for (const line of lines) {
    const last = folded.at(-1)
    if (last !== undefined && last.line.join() === line.join()) last.times++
    else folded.push({ line, times: 1 })
  }
  return folded.map(({ line, times }) => (times === 1 ? line : [`${line[0]} x ${times}`, ...line.slice(1)]))
}

const spec = ({ dtype, shape }: Spec): string => `${dtype}${formatShape(shape)}`

/** What a step does, in a few words. */
export const describe = (step: PlanStep): string => {
  switch (step.kind) {
    case 'map':
      return `map ${step.expressions.map(functions).join(' | ')}`
    case 'reduce': {
      const [reduced, ...stored] = step.expressions.map(functions)
      const how = `${step.by}${step.divisor === 1 ? '' : ` / ${step.divisor}`}`
      const what = `reduce ${how} over ${formatShape(step.axes)}${reduced === '' ? '' : ` of ${reduced}`}`
      return stored.length === 0 ? what : `${what} | ${stored.join(' | ')}`
    }
    case 'contract':
      return `${step.summed ? 'summed ' : ''}matmul ${step.inputs.map((input) => formatShape(input.shape)).join(' x ')}`
    case 'check':
      return 'check'
    case 'kernel':
      return kindOf(step.kernel).words(step.kernel)
  }
}

/** The functions that an expression applies, innermost first: `mul add tanh`. */
const functions = (expression: Expression): string => {
  const names = inOrder([expression]).flatMap((node) => (node.kind === 'apply' ? [node.rule.name] : []))
  return names.length > 12 ? `${names.slice(0, 12).join(' ')} ... (${names.length})` : names.join(' ')
}

const sizeInBytes = ({ shape, dtype }: Spec): number => sizeOf(shape) * bytesPerElement(dtype)

/** Bytes read and written, each operand once. */
export const trafficOf = ({ inputs, outs }: PlanStep): number => {
  const distinct = new Map<Buffer, number>()
  for (const { buffer, shape, dtype, strides } of inputs) {
    const seen = shape.map((dim, axis) => (strides[axis] === 0 ? 1 : dim))
    distinct.set(
      buffer,
      Math.max(distinct.get(buffer) ?? 0, Math.min(sizeInBytes({ shape: seen, dtype }), sizeInBytes(buffer))),
    )
  }
  return [...distinct.values(), ...outs.map(sizeInBytes)].reduce((sum, size) => sum + size, 0)
}

/** Operations on elements; a function like exp counts as one. */
export const flopsOf = (step: PlanStep): number => {
  switch (step.kind) {
    case 'map':
      return sizeOf(step.shape) * applications(step.expressions)
    case 'reduce':
      return sizeOf(step.shape) * (1 + applications(step.expressions))
    case 'contract':
      return productOperations(step.inputs)
    case 'check':
      return 0
    case 'kernel':
      return kindOf(step.kernel).operations?.(step.inputs) ?? 0
  }
}

const count = (operations: number): string => scaled(operations, 1000, ['', 'k', 'M', 'G'])
