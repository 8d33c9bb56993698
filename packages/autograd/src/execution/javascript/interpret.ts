import type { Primitive } from '../../rules/algebra.js'
import type { Application, StraightLine } from '../../rules/straight-line.js'
import type { GridLoop, LoopMaker, Window } from './loop.js'

const blockSize = 256

/** Loops without generated code: one step after the other, each over a block of elements. */
export const interpreting: LoopMaker = {
  single(program, truth) {
    const grid = interpreted(program, truth)
    return (out, at, inputs) => {
      const windows = inputs.map(({ data, offset }) => ({ data, offset, strides: [0, 0] }))
      grid(out, at, 1, 1, windows)
    }
  },
  flat(program, motions, truth) {
    const grid = interpreted(program, truth)
    const strides = motions.map((motion) => (motion === 'still' ? [0, 0] : [0, 1]))
    return (out, start, columns, inputs) => {
      const windows = inputs.map(({ data, offset }, i) => ({ data, offset, strides: strides[i]! }))
      grid(out, start, 1, columns, windows)
    }
  },
  grid: (program, _, truth) => interpreted(program, truth),
}

const interpreted = ({ steps, results }: StraightLine, truth: boolean): GridLoop => {
  const blocks = steps.map((step) => {
    const block = new Float64Array(blockSize)
    return step.kind === 'constant' ? block.fill(step.value) : block
  })
  const applied = steps.map((step) => (step.kind === 'apply' ? applier(step, blocks) : null))
  const result = blocks[results[0]!]!

  return (out, start, rows, columns, inputs) => {
    for (let row = 0; row < rows; row++) {
      for (let from = 0; from < columns; from += blockSize) {
        const count = Math.min(blockSize, columns - from)
        for (let i = 0; i < steps.length; i++) {
          const step = steps[i]!
          if (step.kind === 'input') load(blocks[i]!, inputs[step.index]!, row, from, count)
          else applied[i]?.(blocks[i]!, count)
        }
        for (let i = 0; i < count; i++) out[start++] = truth ? Number(result[i] !== 0) : result[i]!
      }
    }
  }
}

const load = (
  block: Float64Array,
  { data, offset, strides }: Window,
  row: number,
  from: number,
  count: number,
): void => {
  const step = strides[1]!
  let position = offset + row * strides[0]! + from * step
  for (let i = 0; i < count; i++, position += step) block[i] = data[position]!
}

type Applier = (block: Float64Array, count: number) => void

/** The commonest primitives have loops of their own: a call of an unknown function costs more than the arithmetic. */
const loops: { readonly [K in Primitive]?: (...blocks: Float64Array[]) => Applier } = {
  add: (a, b) => (block, count) => {
    for (let i = 0; i < count; i++) block[i] = a![i]! + b![i]!
  },
  sub: (a, b) => (block, count) => {
    for (let i = 0; i < count; i++) block[i] = a![i]! - b![i]!
  },
  mul: (a, b) => (block, count) => {
    for (let i = 0; i < count; i++) block[i] = a![i]! * b![i]!
  },
  select: (condition, a, b) => (block, count) => {
    for (let i = 0; i < count; i++) block[i] = condition![i] !== 0 ? a![i]! : b![i]!
  },
}

const applier = ({ name, numeric: f, args }: Application, blocks: readonly Float64Array[]): Applier => {
  const own = loops[name]
  if (own !== undefined) return own(...args.map((arg) => blocks[arg]!))
  const [a, b, c] = args.map((arg) => blocks[arg]!) as [Float64Array, Float64Array, Float64Array]
  switch (args.length) {
    case 1:
      return (block, count) => {
        for (let i = 0; i < count; i++) block[i] = f(a[i]!)
      }
    case 2:
      return (block, count) => {
        for (let i = 0; i < count; i++) block[i] = f(a[i]!, b[i]!)
      }
    default:
      return (block, count) => {
        for (let i = 0; i < count; i++) block[i] = f(a[i]!, b[i]!, c[i]!)
      }
  }
}
