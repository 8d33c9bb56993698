import type { Instruction, Loop } from '../../graph/kernel.js'
import type { Spec } from '../../graph/value.js'
import type { Expression } from '../../rules/expression.js'
import { input, symbols } from '../../rules/symbols.js'
import { loopOf } from '../body.js'
import { wholeAxis } from './batch.js'

// Examples of which some take part in a round that others do not.

/** Writes the instructions of a body with these inputs. */
class Writer {
  readonly instructions: Instruction[] = []
  private count: number

  constructor(inputs: readonly Spec[]) {
    this.count = inputs.length
  }

  /** @returns the place of its first result */
  append(instruction: Instruction): number {
    const place = this.count
    this.instructions.push(instruction)
    this.count += instruction.outs.length
    return place
  }

  add(kernel: Instruction['kernel'], args: readonly number[], out: Spec): number {
    return this.append({ kernel, args, outs: [out] })
  }

  map(expression: Expression, args: readonly number[], out: Spec): number {
    return this.add({ kind: 'map', expression, arity: args.length }, args, out)
  }
}

/**
 * The same loop of which all rounds run: one that would not have run gives back the carries that it took, and zeros. Something is
 * computed in it all the same: in a loop that ends by a carry, of the carries that it began with, since nothing is out of range
 * there that was not in the first round. It takes these after what all rounds have in common.
 *
 * @param when the carry or row that says whether a round runs
 */
export const masked = <T>(kernel: Loop, when: number, inputs: readonly T[]) => {
  const { body, common, carries } = kernel
  const added = when < common + carries ? carries : 0
  const withFirst = <I>(list: readonly I[]) => list.toSpliced(common, 0, ...list.slice(common, common + added))
  const taken = withFirst(body.inputs)
  const writer = new Writer(taken)
  const moved = (place: number) => (place < common ? place : place + added)
  const runs = ({ shape }: Spec) =>
    writer.add({ kind: 'layout', axes: shape.map(() => wholeAxis(null)) }, [moved(when)], { shape, dtype: 'bool' })
  const either = (yes: number, no: number, spec: Spec) =>
    writer.map(symbols.select(input(0), input(1), input(2)), [runs(spec), yes, no], spec)

  const specs = [...body.inputs, ...body.instructions.flatMap(({ outs }) => outs)]
  const places = body.inputs.map((spec, i) =>
    i < common || i >= common + added || i === when ? moved(i) : either(moved(i), i, spec),
  )
  for (const { kernel, args, outs } of body.instructions) {
    const first = writer.append({ kernel, args: args.map((arg) => places[arg]!), outs })
    outs.forEach((_, i) => {
      places.push(first + i)
    })
  }
  const results = body.results.map((result, i) => {
    const spec = specs[result]!
    if (i < carries) return either(places[result]!, moved(common + i), spec)
    return writer.map(symbols.select(input(0), input(1), 0), [runs(spec), places[result]!], spec)
  })
  const { instructions } = writer
  const made = { ...kernel, common: common + added, when: undefined, body: { inputs: taken, instructions, results } }
  return { kernel: loopOf(made), when: moved(when), inputs: withFirst(inputs) }
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
  const writer = new Writer(inputs)
  for (const each of body.instructions) writer.append({ ...each, args: each.args.map(moved) })
  const { instructions } = writer
  const results = body.results.map(moved)
  if (!isCarry) return loopOf({ ...kernel, body: { inputs, instructions, results }, when: added })
  const some = anyOf((...args) => writer.add(...args), results[when - common]!, body.inputs[when]!.shape, [0])
  return loopOf({
    ...kernel,
    body: { inputs, instructions, results: results.toSpliced(carries, 0, some) },
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
