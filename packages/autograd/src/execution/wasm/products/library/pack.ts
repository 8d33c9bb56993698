import {
  type Callable,
  countDown,
  countUp,
  i32,
  increase,
  type Local,
  type ModuleBuilder,
  memory,
  range,
  repeat,
  type Scope,
  type Statement,
  select,
  v128,
  when,
} from '../../assembler/index.js'
import type { Numeric } from './numeric.js'
import { transposeBlock } from './transpose.js'

/** Destination, source, the source's distances across and along, the numbers of lines across and of elements along. */
export type Pack = Callable<typeof parameters, null>
const parameters = repeat('i32', 6)

/**
 * Lays lines side by side into panels: element by element, the lines of a panel one after the other. A panel has
 * `width` lines, an even number; those missing in the last one are zero.
 */
export const definePack = (module: ModuleBuilder, numeric: Numeric, width: number): Pack =>
  module.addFunction<typeof parameters, null>(parameters, null, (scope, to, from, across, along, lines, length) => {
    const [line, left, count, at] = scope.locals('i32', 4)
    const panel = { scope, numeric, width, to, at, left, count, across, along }
    const bytes = i32.const(numeric.bytes)
    return countUp(line, i32.const(0), lines.get, width, [
      at.set(i32.add(from.get, i32.mul(line.get, across.get))),
      count.set(i32.sub(lines.get, line.get)),
      left.set(length.get),
      when(
        i32.greaterEqual(count.get, i32.const(width)),
        when(i32.equal(across.get, bytes), copyRows(panel), when(i32.equal(along.get, bytes), transposeBlocks(panel))),
        memory.fill(to.get, i32.const(0), i32.mul(left.get, i32.const(width * numeric.bytes))),
      ),
      copyElements(panel),
    ])
  })

interface Panel {
  readonly scope: Scope
  readonly numeric: Numeric
  readonly width: number
  readonly to: Local<'i32'>
  readonly at: Local<'i32'>
  /** Elements along that are still to do. */
  readonly left: Local<'i32'>
  /** Lines from the first of the panel on: more than it has, or fewer. */
  readonly count: Local<'i32'>
  readonly across: Local<'i32'>
  readonly along: Local<'i32'>
}

/** Where the lines lie side by side. */
const copyRows = ({ numeric, width, to, at, left, along }: Panel): Statement => {
  const panelBytes = width * numeric.bytes
  const vectors = Math.floor(panelBytes / 16)
  const rest = v128.store64Lane(to.get, v128.load64Zero(at.get, 16 * vectors), 0, 16 * vectors)
  return countDown(left, 1, [
    range(vectors, (i) => v128.store(to.get, v128.load(at.get, 16 * i), 16 * i)),
    panelBytes % 16 === 0 ? [] : rest,
    increase(to, i32.const(panelBytes)),
    increase(at, along.get),
  ])
}

/** Where each line's elements lie side by side: what fills whole vectors. */
const transposeBlocks = ({ scope, numeric, width, to, at, left, across }: Panel): Statement => {
  const { bytes, lanes } = numeric
  const whole = scope.local('i32')
  return [
    whole.set(i32.and(left.get, i32.const(-lanes))),
    left.set(i32.sub(left.get, whole.get)),
    countDown(whole, lanes, [
      transposeBlock(scope, numeric, width, to.get, at.get, across.get),
      increase(to, i32.const(lanes * width * bytes)),
      increase(at, i32.const(lanes * bytes)),
    ]),
  ]
}

/** What is left. */
const copyElements = ({ scope, numeric, width, to, at, left, count, across, along }: Panel): Statement => {
  const { bytes, copy } = numeric
  const [line, from, cell, rest] = scope.locals('i32', 4)
  const panelBytes = i32.const(width * bytes)
  const existing = select(i32.less(count.get, i32.const(width)), count.get, i32.const(width))
  return [
    countUp(line, i32.const(0), existing, 1, [
      from.set(i32.add(at.get, i32.mul(line.get, across.get))),
      cell.set(i32.add(to.get, i32.mul(line.get, i32.const(bytes)))),
      rest.set(left.get),
      countDown(rest, 1, [copy(cell.get, from.get), increase(cell, panelBytes), increase(from, along.get)]),
    ]),
    increase(to, i32.mul(left.get, panelBytes)),
  ]
}
