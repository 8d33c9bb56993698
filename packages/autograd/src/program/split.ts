import { allocate } from '../graph/dtype.js'
import type { Body, Evaluate, Instruction, RunLoop } from '../graph/kernel.js'
import { type Spec, share, type Value } from '../graph/value.js'
import { input, symbols } from '../rules/symbols.js'
import { allOf, type Batch, type Input, reshaped, wholeAxis } from './batching/batch.js'
import { runBatched } from './batching/kinds.js'
import { loopOf } from './body.js'

/**
 * A loop as it is meant: its results are the carries of the next round, what each round gives, and what is added up over all
 * rounds.
 */
export interface Meant {
  readonly body: Body
  readonly length: number
  readonly reverse: boolean
  readonly common: number
  readonly carries: number
  readonly sums: number
  /** As in `Loop`. */
  readonly when?: number | undefined
  readonly asProgram: RunLoop
}

/** Where an instruction runs: once or for all rounds before the loop, in it, for all rounds after it, or nowhere. */
type Stage = 'before' | 'within' | 'after' | 'never'

interface Split {
  readonly stages: readonly Stage[]
  /** The values that carries go into. */
  readonly waits: ReadonlySet<number>
}

/**
 * Runs a loop, and outside of it what need not be in it. Products of rows with what all rounds have in common are one product of
 * all rows: before the loop if they do not wait for carries, after it if no carry waits for them. Sums of products are one
 * product as well. Where not all rounds run, nothing is done for all of them.
 */
export const runSplit = (meant: Meant, inputs: readonly Value[], evaluate: Evaluate): readonly Value[] => {
  const { body, length, reverse, common, carries, sums } = meant
  const run = (kernel: Instruction['kernel'], args: readonly Value[], out: Spec): Value =>
    evaluate(kernel, args, [out])[0]!
  const batch: Batch = { size: length, runAll: evaluate, run }
  const { stages, waits } = stagesOf(meant)
  const { firsts, makers } = placesOf(body)
  const roots = {
    after: body.results.slice(0, carries),
    given: body.results.slice(carries, -sums || undefined),
    sums: sums === 0 ? [] : body.results.slice(-sums),
  }
  const isCarry = (value: number) => value >= common && value < common + carries
  const stageOf = (value: number): Stage => {
    if (value < body.inputs.length) return isCarry(value) ? 'within' : 'before'
    return stages[makers[value]!]!
  }

  // what is known before the loop
  const known = new Map<number, Input>()
  inputs.forEach((value, i) => {
    if (!isCarry(i)) known.set(i, { value, areEqual: i < common })
  })
  const runOutside = (i: number): void => {
    const { kernel, args, outs } = body.instructions[i]!
    const given = args.map((arg) => known.get(arg)!)
    const areEqual = given.every((arg) => arg.areEqual)
    const results = areEqual
      ? evaluate(
          kernel,
          given.map(({ value }) => value),
          outs,
        )
      : runBatched(kernel, given, outs, batch)
    results.forEach((value, k) => {
      known.set(firsts[i]! + k, { value, areEqual })
    })
  }
  const runStage = (stage: Stage): void => {
    stages.forEach((each, i) => {
      if (each === stage) runOutside(i)
    })
  }
  runStage('before')

  // what it gives beside carries: what is asked for, what is needed after it, and factors of sums
  const products = roots.sums.map((value) => (meant.when === undefined ? productOf(body, makers, value) : null))
  const wanted = new Set<number>()
  /** What only looks at what is known is known as well. */
  const see = (value: number): boolean => {
    if (known.has(value)) return true
    const maker = makers[value]
    if (maker === undefined || waits.has(value) || !isFree(body.instructions[maker]!)) return false
    if (!body.instructions[maker]!.args.every(see)) return false
    runOutside(maker)
    return true
  }
  const want = (value: number) => {
    if (stageOf(value) === 'within' && !see(value)) wanted.add(value)
  }
  roots.given.forEach(want)
  body.instructions.forEach(({ args }, i) => {
    if (stages[i] === 'after') args.forEach(want)
  })
  for (const product of products) product?.args.forEach(want)
  const added = roots.sums.filter((_, i) => products[i] === null)

  const before = new Map([...known].filter(([value]) => stageOf(value) !== 'within'))
  const loop = writeLoop(meant, stages, before, [...wanted], added)
  const state = [...inputs.slice(common, common + carries), ...added.map((_, i) => zeroOf(loop.sums[i]!))]
  const outs = [
    ...[...roots.after, ...added].map((value) => specOf(body, makers, firsts, value)),
    ...[...wanted].map((value) => {
      const { shape, dtype } = specOf(body, makers, firsts, value)
      return { shape: [length, ...shape], dtype }
    }),
  ]
  const kernel = loopOf({
    body: loop.body,
    length,
    reverse,
    common: loop.common.length,
    carries: state.length,
    when: loop.when,
    asProgram: meant.asProgram,
  })
  const found = outs.length === 0 ? [] : evaluate(kernel, [...loop.common, ...state, ...loop.rows], outs)
  ;[...wanted].forEach((value, i) => {
    known.set(value, { value: found[state.length + i]!, areEqual: false })
  })
  runStage('after')

  let next = carries
  const totals = roots.sums.map((_, i) => {
    const product = products[i]
    return product == null
      ? found[next++]!
      : productOfAll(product, known, specOf(body, makers, firsts, roots.sums[i]!), batch)
  })
  return [...found.slice(0, carries), ...roots.given.map((value) => share(allOf(known.get(value)!, batch))), ...totals]
}

/** Where the results of each instruction begin, and which instruction made a value. */
const placesOf = ({ inputs, instructions }: Body) => {
  const firsts: number[] = []
  const makers: (number | undefined)[] = inputs.map(() => undefined)
  instructions.forEach(({ outs }, i) => {
    firsts.push(makers.length)
    for (const _ of outs) makers.push(i)
  })
  return { firsts, makers }
}

const specOf = (
  body: Body,
  makers: readonly (number | undefined)[],
  firsts: readonly number[],
  value: number,
): Spec => {
  const maker = makers[value]
  const { shape, dtype } =
    maker === undefined ? body.inputs[value]! : body.instructions[maker]!.outs[value - firsts[maker]!]!
  return { shape, dtype }
}

const isFree = ({ kernel }: Instruction): boolean => kernel.kind === 'layout' || kernel.kind === 'reshape'

const stagesOf = ({ body, common, carries, sums, length, when }: Meant): Split => {
  const { firsts, makers } = placesOf(body)
  const { instructions } = body
  const inputs = body.inputs.length
  const waits = new Set<number>()
  const varies = new Set<number>()
  for (let i = common; i < inputs; i++) {
    varies.add(i)
    if (i < common + carries) waits.add(i)
  }
  const stages = new Array<Stage>(instructions.length).fill('within')
  // what would not run at all, or not always, is not run before
  if (length === 0 || when !== undefined) return { stages, waits: new Set(makers.keys()) }
  const chosen: number[] = []
  instructions.forEach((instruction, i) => {
    const { kernel, args, outs } = instruction
    const mayMove = kernel.kind !== 'call'
    const isWaiting = !mayMove || args.some((arg) => waits.has(arg))
    const isVarying = !mayMove || args.some((arg) => varies.has(arg))
    outs.forEach((_, k) => {
      if (isWaiting) waits.add(firsts[i]! + k)
      if (isVarying) varies.add(firsts[i]! + k)
    })
    if (!isWaiting && (isVarying ? kernel.kind === 'contract' : !isFree(instruction))) chosen.push(i)
  })
  const hoist = (i: number): void => {
    if (stages[i] === 'before') return
    stages[i] = 'before'
    for (const arg of instructions[i]!.args) if (makers[arg] !== undefined) hoist(makers[arg])
  }
  chosen.forEach(hoist)

  // what carries and sums wait for
  const needed = new Set<number>()
  const need = (value: number): void => {
    const maker = makers[value]
    if (maker === undefined || needed.has(maker)) return
    needed.add(maker)
    instructions[maker]!.args.forEach(need)
  }
  body.results.slice(0, carries).forEach(need)
  if (sums > 0) {
    for (const value of body.results.slice(-sums)) {
      const product = productOf(body, makers, value)
      if (product === null) need(value)
      else product.args.forEach(need)
    }
  }
  const used = new Set([
    ...body.results.slice(0, body.results.length - sums),
    ...instructions.flatMap(({ args }) => args),
  ])
  const late = new Set<number>()
  instructions.forEach(({ kernel, args, outs }, i) => {
    if (needed.has(i)) return
    if (!outs.some((_, k) => used.has(firsts[i]! + k))) stages[i] = 'never'
    if (stages[i] !== 'within') return
    const isProduct = kernel.kind === 'contract' && args.some((arg) => !varies.has(arg))
    if (!isProduct && !args.some((arg) => late.has(arg))) return
    stages[i] = 'after'
    outs.forEach((_, k) => {
      late.add(firsts[i]! + k)
    })
  })
  return { stages, waits }
}

/** The product that gives a value as it is. */
const productOf = (body: Body, makers: readonly (number | undefined)[], value: number): Instruction | null => {
  const maker = makers[value]
  const instruction = maker === undefined ? null : body.instructions[maker]!
  return instruction?.kernel.kind === 'contract' ? instruction : null
}

/** The sum over all rounds of a product: one over all rounds' places of the axis that is summed over. */
const productOfAll = (
  { kernel, args }: Instruction,
  known: ReadonlyMap<number, Input>,
  out: Spec,
  batch: Batch,
): Value => {
  const [a, b] = args.map((arg) => allOf(known.get(arg)!, batch))
  const axes = out.shape.length - 2
  const [m, n] = out.shape.slice(-2) as [number, number]
  const k = a!.shape.at(-1)!
  const others = out.shape.slice(0, -2)
  /** All rounds next to the axis of the sum, which is `place` of those of a round, and one with it. */
  const joined = (all: Value, place: number, shape: readonly number[]): Value => {
    const order = all.shape.map((_, axis) => axis).slice(1)
    order.splice(place, 0, 0)
    const moved = { shape: order.map((axis) => all.shape[axis]!), dtype: all.dtype }
    return reshaped(batch.run({ kind: 'layout', axes: order.map(wholeAxis) }, [all], moved), [...shape], batch)
  }
  const left = joined(a!, axes + 1, [...others, m, batch.size * k])
  const right = joined(b!, axes, [...others, batch.size * k, n])
  return batch.run(kernel, [left, right], out)
}

/** The loop that is left: its body, and what it takes. */
const writeLoop = (
  { body, common, carries, when }: Meant,
  stages: readonly Stage[],
  known: ReadonlyMap<number, Input>,
  wanted: readonly number[],
  added: readonly number[],
) => {
  const { firsts, makers } = placesOf(body)
  const roots = [...body.results.slice(0, carries), ...added, ...wanted]
  const needed = new Set<number>(roots)
  if (when !== undefined) needed.add(when)
  const inside: number[] = []
  for (let i = body.instructions.length - 1; i >= 0; i--) {
    const { args, outs } = body.instructions[i]!
    if (stages[i] !== 'within' || !outs.some((_, k) => needed.has(firsts[i]! + k))) continue
    inside.unshift(i)
    for (const arg of args) needed.add(arg)
  }
  const taken = [...known].filter(([value]) => needed.has(value))
  const equal = taken.filter(([, { areEqual }]) => areEqual)
  const rows = taken.filter(([, { areEqual }]) => !areEqual)
  const places = new Map<number, number>()
  const inputs: Spec[] = []
  const add = (value: number | null, { shape, dtype }: Spec): void => {
    if (value !== null) places.set(value, inputs.length)
    inputs.push({ shape, dtype })
  }
  for (const [value, { value: found }] of equal) add(value, found)
  for (let i = common; i < common + carries; i++) add(i, body.inputs[i]!)
  const firstSum = inputs.length
  const sumSpecs = added.map((value) => specOf(body, makers, firsts, value))
  for (const spec of sumSpecs) add(null, spec)
  for (const [value, { value: found }] of rows) add(value, { shape: found.shape.slice(1), dtype: found.dtype })

  let count = inputs.length
  const instructions: Instruction[] = []
  for (const i of inside) {
    const { kernel, args, outs } = body.instructions[i]!
    instructions.push({ kernel, args: args.map((arg) => places.get(arg)!), outs })
    outs.forEach((_, k) => {
      places.set(firsts[i]! + k, count++)
    })
  }
  const sum = symbols.add(input(0), input(1))
  const totals = added.map((value, i) => {
    instructions.push({
      kernel: { kind: 'map', expression: sum, arity: 2 },
      args: [firstSum + i, places.get(value)!],
      outs: [sumSpecs[i]!],
    })
    return count++
  })
  const results = [
    ...body.results.slice(0, carries).map((value) => places.get(value)!),
    ...totals,
    ...wanted.map((value) => places.get(value)!),
  ]
  return {
    body: { inputs, instructions, results },
    common: equal.map(([, { value }]) => value),
    rows: rows.map(([, { value }]) => value),
    sums: sumSpecs,
    when: when === undefined ? undefined : places.get(when)!,
  }
}

const zeroOf = ({ shape, dtype }: Spec): Value => ({
  data: allocate(dtype, 1),
  shape,
  dtype,
  strides: shape.map(() => 0),
  offset: 0,
  shared: true,
})
