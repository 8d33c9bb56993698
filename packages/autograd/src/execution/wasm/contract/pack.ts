import {
  type Callable,
  type Code,
  countDown,
  countUp,
  i32,
  increase,
  type Local,
  type ModuleBuilder,
  memory,
  repeat,
  type Scope,
  type Statement,
  v128,
  when,
} from '../assembler/index.js'
import { type Numeric, tileVectors } from './numeric.js'

/** Destination, source, the source's distances across and along, the numbers of lines across and of elements along. */
export type Pack = Callable<typeof parameters, null>
const parameters = repeat('i32', 6)

/**
 * Lays lines side by side into panels: element by element, the lines of a panel one after the other. A panel has
 * `width` lines; those missing in the last one are zero.
 */
const definePack = (
  module: ModuleBuilder,
  { bytes, copy }: Numeric,
  width: number,
  /** Faster ways to lay out a full panel. Each leaves what it did not do to the plain way, by counting `left` down. */
  shortcuts: (parts: PanelParts) => Statement,
): Pack =>
  module.addFunction<typeof parameters, null>(parameters, null, (scope, to, from, across, along, lines, length) => {
    const [line, left, count, at, place, column, cell, rest] = scope.locals('i32', 8)
    const panelBytes = width * bytes
    const fill = [
      when(
        i32.less(count.get, i32.const(width)),
        memory.fill(to.get, i32.const(0), i32.mul(left.get, i32.const(panelBytes))),
        count.set(i32.const(width)),
      ),
      countUp(place, i32.const(0), count.get, 1, [
        column.set(i32.add(at.get, i32.mul(place.get, across.get))),
        cell.set(i32.add(to.get, i32.mul(place.get, i32.const(bytes)))),
        rest.set(left.get),
        countDown(rest, 1, [
          copy(cell.get, column.get),
          increase(cell, i32.const(panelBytes)),
          increase(column, along.get),
        ]),
      ]),
      increase(to, i32.mul(left.get, i32.const(panelBytes))),
    ]
    return countUp(line, i32.const(0), lines.get, width, [
      at.set(i32.add(from.get, i32.mul(line.get, across.get))),
      count.set(i32.sub(lines.get, line.get)),
      left.set(length.get),
      when(
        i32.greaterEqual(count.get, i32.const(width)),
        shortcuts({ scope, to, at, left, across, along, panelBytes }),
      ),
      fill,
    ])
  })

interface PanelParts {
  readonly scope: Scope
  readonly to: Local<'i32'>
  readonly at: Local<'i32'>
  /** Elements along that are still to do. */
  readonly left: Local<'i32'>
  readonly across: Local<'i32'>
  readonly along: Local<'i32'>
  readonly panelBytes: number
}

/** Columns of b. */
export const definePackColumns = (module: ModuleBuilder, numeric: Numeric): Pack => {
  const { bytes, lanes } = numeric
  return definePack(module, numeric, tileVectors * lanes, ({ scope, to, at, left, across, along, panelBytes }) => {
    const sideBySide = countDown(left, 1, [
      Array.from({ length: tileVectors }, (_, i) => v128.store(to.get, v128.load(at.get, 16 * i), 16 * i)),
      increase(to, i32.const(panelBytes)),
      increase(at, along.get),
    ])
    // vectors along the columns, turned; what is left after whole vectors is done the plain way
    const whole = scope.local('i32')
    const turned = [
      whole.set(i32.and(left.get, i32.const(-lanes))),
      left.set(i32.sub(left.get, whole.get)),
      countDown(whole, lanes, [
        transposeBlock(scope, numeric, to.get, at.get, across.get, panelBytes),
        increase(to, i32.const(lanes * panelBytes)),
        increase(at, i32.const(lanes * bytes)),
      ]),
    ]
    return when(
      i32.equal(across.get, i32.const(bytes)),
      sideBySide,
      when(i32.equal(along.get, i32.const(bytes)), turned),
    )
  })
}

/** Rows of a. */
export const definePackRows = (module: ModuleBuilder, numeric: Numeric): Pack =>
  definePack(module, numeric, numeric.tileRows, ({ to, at, left, across, along, panelBytes }) => {
    const vectors = Math.floor(panelBytes / 16)
    const rest =
      panelBytes % 16 === 0 ? [] : v128.store64Lane(to.get, v128.load64Zero(at.get, 16 * vectors), 0, 16 * vectors)
    return when(
      i32.equal(across.get, i32.const(numeric.bytes)),
      countDown(left, 1, [
        Array.from({ length: vectors }, (_, i) => v128.store(to.get, v128.load(at.get, 16 * i), 16 * i)),
        rest,
        increase(to, i32.const(panelBytes)),
        increase(at, along.get),
      ]),
    )
  })

/** As many vectors along the columns of a panel as a vector has lanes, stored as rows of the panel. */
const transposeBlock = (
  scope: Scope,
  { lanes }: Numeric,
  to: Code<'i32'>,
  from: Code<'i32'>,
  across: Code<'i32'>,
  panelBytes: number,
): Statement => {
  const at = scope.local('i32')
  return [
    at.set(from),
    Array.from({ length: tileVectors }, (_, vector) => {
      const columns = Array.from({ length: lanes }, () => scope.local('v128'))
      const store = (row: number, value: Code<'v128'>) => v128.store(to, value, row * panelBytes + 16 * vector)
      return [
        columns.map((column) => [column.set(v128.load(at.get)), increase(at, across)]),
        lanes === 4 ? transpose4(scope, columns, store) : transpose2(columns, store),
      ]
    }),
  ]
}

type StoreRow = (row: number, value: Code<'v128'>) => Statement

const transpose2 = ([a, b]: readonly Local<'v128'>[], store: StoreRow): Statement => [
  store(0, v128.shuffle64(a!.get, b!.get, [0, 2])),
  store(1, v128.shuffle64(a!.get, b!.get, [1, 3])),
]

const transpose4 = (scope: Scope, [a, b, c, d]: readonly Local<'v128'>[], store: StoreRow): Statement => {
  const [abLow, abHigh, cdLow, cdHigh] = scope.locals('v128', 4)
  return [
    abLow.set(v128.shuffle32(a!.get, b!.get, [0, 4, 1, 5])),
    abHigh.set(v128.shuffle32(a!.get, b!.get, [2, 6, 3, 7])),
    cdLow.set(v128.shuffle32(c!.get, d!.get, [0, 4, 1, 5])),
    cdHigh.set(v128.shuffle32(c!.get, d!.get, [2, 6, 3, 7])),
    store(0, v128.shuffle64(abLow.get, cdLow.get, [0, 2])),
    store(1, v128.shuffle64(abLow.get, cdLow.get, [1, 3])),
    store(2, v128.shuffle64(abHigh.get, cdHigh.get, [0, 2])),
    store(3, v128.shuffle64(abHigh.get, cdHigh.get, [1, 3])),
  ]
}
