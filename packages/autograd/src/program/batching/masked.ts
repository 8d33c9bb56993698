import type { Body, Instruction, Loop } from '../../graph/kernel.js'
import type { Spec } from '../../graph/value.js'
import type { Expression } from '../../rules/expression.js'
import { input, symbols } from '../../rules/symbols.js'
import { loopOf } from '../body.js'
import { wholeAxis } from './batch.js'

// Examples of which some take part in a round that others do not.

/** Adds instructions to a body. */
class Writer {
  readonly instructions: Instruction[]
  private count: number

  constructor({ inputs, instructions }: Pick<Body, 'inputs' | 'instructions'>) {
    this.instructions = [...instructions]
    this.count = instructions.reduce((sum, { outs }) => sum + outs.length, inputs.length)
  }

  add(kernel: Instruction['kernel'], args: readonly number[], out: Spec): number {
    this.instructions.push({ kernel, args, outs: [out] })
    return this.count++
  }

  map(expression: Expression, args: readonly number[], out: Spec): number {
    return this.add({ kind: 'map', expression, arity: args.length }, args, out)
  }
}

/** The same loop of which all rounds run: one that would not have run gives back the carries that it took, and zeros. */
export const masked = (kernel: Loop): Loop => {
  const { body, common, carries, when } = kernel
  const writer = new Writer(body)
  const specs = [...body.inputs, ...body.instructions.flatMap(({ outs }) => outs)]
  const results = body.results.map((result, i) => {
    const spec = specs[result]!
    const axes = spec.shape.map(() => wholeAxis(null))
    const runs = writer.add({ kind: 'layout', axes }, [when!], { shape: spec.shape, dtype: 'bool' })
    return i < carries
      ? writer.map(symbols.select(input(0), input(1), input(2)), [runs, result, common + i], spec)
      : writer.map(symbols.select(input(0), input(1), 0), [runs, result], spec)
  })
  return loopOf({ ...kernel, when: undefined, body: { ...body, instructions: writer.instructions, results } })
}

/**
 * The loop of all examples, of which no round runs that no example takes part in: one more carry says so, the last one, or one
 * more row.
 *
 * @param when the carry or row in which examples say whether they take part: of shape [examples]
 */
export const untilAllAreDone = (kernel: Loop, when: number): Loop => {
  const { body, common, carries } = kernel
  const isCarry = when < common + carries
  const added = isCarry ? common + carries : body.inputs.length
  const moved = (place: number) => (place < added ? place : place + 1)
  const inputs: Spec[] = body.inputs.toSpliced(added, 0, { shape: [], dtype: 'bool' })
  const instructions = body.instructions.map((each) => ({ ...each, args: each.args.map(moved) }))
  const results = body.results.map(moved)
  if (!isCarry) return loopOf({ ...kernel, body: { inputs, instructions, results }, when: added })
  const writer = new Writer({ inputs, instructions })
  const some = anyOf((...args) => writer.add(...args), results[when - common]!, body.inputs[when]!.shape, [0])
  return loopOf({
    ...kernel,
    body: { inputs, instructions: writer.instructions, results: results.toSpliced(carries, 0, some) },
    carries: carries + 1,
    when: added,
  })
}

/** Whether any element along the axes, which are dropped, is true. */
export const anyOf = <V>(
  run: (kernel: Instruction['kernel'], args: readonly V[], out: Spec) => V,
  value: V,
  shape: readonly number[],
  axes: readonly number[],
): V => {
  const kept = shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
  const left = shape.filter((_, axis) => !axes.includes(axis))
  const map = (expression: Expression, arg: V, out: Spec) => run({ kind: 'map', expression, arity: 1 }, [arg], out)
  const numbers = map(input(0), value, { shape, dtype: 'int32' })
  const count = run({ kind: 'reduce', by: 'add', axes }, [numbers], { shape: kept, dtype: 'int32' })
  const found = map(symbols.logicalNot(symbols.equal(input(0), 0)), count, { shape: kept, dtype: 'bool' })
  return run({ kind: 'reshape' }, [found], { shape: left, dtype: 'bool' })
}
