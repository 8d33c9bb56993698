import {
  checkpoint,
  cond,
  customOp,
  grad,
  implicit,
  jvp,
  scan,
  stack,
  switchCase,
  type Tensor,
  vjp,
  vmap,
  where,
} from '@adjoint/autograd'
import fc from 'fast-check'

// Programs of all that takes functions, in each other: as the library does it, and as plain JavaScript would.

export const float64 = { dtype: 'float64' } as const

/** What every block takes and gives: a vector of three, a number, an integer and a truth value. */
export interface State {
  readonly v: Tensor
  readonly s: Tensor
  readonly n: Tensor
  readonly b: Tensor
}
const keys = ['v', 's', 'n', 'b'] as const
/** What blocks refer to. */
interface Around {
  readonly w: Tensor
  readonly c: Tensor
  readonly rows: Tensor
}
type Block = (state: State) => State

/** How many blocks each is made of. */
const wrappers = {
  seq: 2,
  scan: 1,
  cond: 2,
  switchCase: 3,
  checkpoint: 1,
  vmap: 1,
  grad: 1,
  jvp: 1,
  customOp: 1,
  implicit: 1,
} as const
type Wrapper = keyof typeof wrappers
export type Nested =
  | { readonly kind: 'leaf'; readonly which: number }
  | { readonly kind: Wrapper; readonly parts: readonly Nested[]; readonly choice: number }

const leaves: readonly ((state: State, around: Around) => { readonly [K in keyof State]?: unknown })[] = [
  ({ v, s }) => ({ v: v.mul(s).add(v.sin()).tanh() }),
  ({ v }) => ({ s: v.square().sum().mul(0.3).tanh() }),
  ({ v, n }) => ({ n: n.add(v.at(0).greater(0.1).cast('int32')) }),
  ({ v, n }) => ({ s: v.indexSelect(n.remainder(3), 0) }),
  ({ v }, { w }) => ({ v: w.matmul(v).tanh() }),
  ({ v, s }) => ({ v: v.cumSum(0).mul(0.4).sub(s).sin() }),
  ({ v }) => ({ v: v.softmax(0).mul(2) }),
  ({ s, b }) => ({ b: b.logicalXor(s.greater(0.15)) }),
  ({ v, b, s }) => ({ v: where(b, v, v.mul(-0.5)), s: where(b, s.cos(), s) }),
  ({ s, n }, { c }) => ({ s: s.mul(c).add(n.cast('float64').mul(0.1)).tanh() }),
  ({ v }, { w, c }) => ({ v: v.add(w.mul(c).sum(0).mul(0.1)) }),
  ({ v, s }) => ({ v: v.flip(0).mul(s) }),
  ({ v }) => ({ s: v.logSumExp(0).tanh() }),
]

export const nestings = (depth: number): fc.Arbitrary<Nested> => {
  const leaf = fc.record({ kind: fc.constant('leaf' as const), which: fc.nat(leaves.length - 1) })
  if (depth === 0) return leaf
  const inner = nestings(depth - 1)
  const wrapped = fc.constantFrom(...(Object.keys(wrappers) as Wrapper[])).chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      parts: fc.array(inner, { minLength: wrappers[kind], maxLength: wrappers[kind] }),
      choice: fc.nat(1000),
    }),
  )
  return fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 5, arbitrary: wrapped as fc.Arbitrary<Nested> })
}

/** Who does what a program is made of. */
export interface Ways {
  scan(
    f: (carry: State, row: Tensor) => readonly [State, Tensor],
    start: State,
    rows: Tensor,
    options: { readonly reverse: boolean; readonly save?: 'all' | 'carries' | number },
  ): readonly [State, Tensor]
  choose(index: Tensor, blocks: readonly Block[], state: State): State
  checkpoint(block: Block): Block
  /** A block of some states; or of their vectors, and what else the first of them has. */
  map(block: Block, states: readonly State[], isCommon: boolean): readonly State[]
  custom(f: (...all: Tensor[]) => Tensor): (...all: Tensor[]) => Tensor
  fixed(f: (x: Tensor) => Tensor, start: Tensor): Tensor
}

const ofKeys = <R>(f: (key: keyof State) => R) => Object.fromEntries(keys.map((key) => [key, f(key)]))
const iterated = (f: (x: Tensor) => Tensor, start: Tensor, count: number): Tensor => {
  let x = start
  for (let i = 0; i < count; i++) x = f(x)
  return x
}

export const asOps: Ways = {
  scan: (f, start, rows, options) => scan(f, start, rows, options) as unknown as [State, Tensor],
  choose: (index, blocks, state) =>
    blocks.length === 2
      ? cond(index.equal(0) as Tensor, blocks[0]!, blocks[1]!, state)
      : switchCase(index, blocks, state),
  checkpoint,
  map: (block, states, isCommon) => {
    const isShared = (key: keyof State) => isCommon && key !== 'v'
    const all = ofKeys((key) => (isShared(key) ? states[0]![key] : stack(states.map((state) => state[key]))))
    const axes = ofKeys((key) => (isShared(key) ? null : 0))
    const found = vmap(block as never, { in: [axes] } as never)(all as never) as unknown as State
    return states.map((_, i) => ofKeys((key) => found[key].at(i)) as unknown as State)
  },
  custom: (f) => {
    const rule = (g: Tensor, all: readonly Tensor[]) => vjp(f as never, ...(all as never[]))[1](g as never)
    return customOp({ name: 'block', forward: f, vjp: rule as never }) as never
  },
  fixed: (f, start) =>
    implicit((x: Tensor) => iterated(f, x, 30), f, { fixedPoint: true, tolerance: 1e-9 })(start) as Tensor,
}

export const plainly: Ways = {
  scan: (f, start, rows, { reverse }) => {
    const shown: Tensor[] = []
    let state = start
    const length = rows.shape[0]!
    for (let i = 0; i < length; i++) {
      const at = reverse ? length - 1 - i : i
      const [next, y] = f(state, rows.at(at) as Tensor)
      state = next
      shown[at] = y
    }
    return [state, length === 0 ? rows : (stack(shown) as Tensor)]
  },
  choose: (index, blocks, state) => {
    const at = index.item()
    return blocks[blocks.length === 2 ? Number(at !== 0) : Math.max(0, Math.min(2, at))]!(state)
  },
  checkpoint: (block) => block,
  map: (block, states, isCommon) => states.map((state) => block(isCommon ? { ...states[0]!, v: state.v } : state)),
  custom: (f) => f,
  fixed: (f, start) => iterated(f, start, 60),
}

const loss = ({ v, s }: State): Tensor<[]> => v.sin().sum().add(s.cos()) as Tensor<[]>

export const blockOf = (program: Nested, around: Around, ways: Ways): Block => {
  if (program.kind === 'leaf') return (state) => ({ ...state, ...leaves[program.which]!(state, around) }) as State
  const { kind, choice, parts } = program
  const blocks = parts.map((part) => blockOf(part, around, ways))
  const block = blocks[0]!
  const isEven = choice % 2 === 0
  const made: Record<Wrapper, (state: State) => { readonly [K in keyof State]?: unknown }> = {
    seq: (state) => blocks.reduce((at, f) => f(at), state),
    scan: (state) => {
      const rows = around.rows.slice(0, 0, choice % 4) as Tensor
      const save = ([undefined, 'all', 'carries', 2] as const)[choice % 7]
      const round = (carry: State, row: Tensor) => {
        const next = block(choice % 3 === 0 ? carry : { ...carry, v: carry.v.add(row).tanh() as Tensor })
        return [next, next.v.mul(row) as Tensor] as const
      }
      const options = { reverse: choice % 5 < 2, ...(save !== undefined && { save }) }
      const [last, shown] = ways.scan(round, state, isEven ? rows : (rows.mul(state.v) as Tensor), options)
      return { ...last, v: last.v.add(shown.sum(0).mul(0.2)) }
    },
    cond: (state) => ways.choose(state.n.add(choice).remainder(2) as Tensor, blocks, state),
    switchCase: (state) => ways.choose(state.n.add(choice).remainder(4).sub(1) as Tensor, blocks, state),
    checkpoint: (state) => (isEven ? ways.checkpoint(block)(state) : ways.checkpoint(() => block(state))(state)),
    vmap: (state) => {
      const other = {
        v: state.v.mul(0.7),
        s: state.s.add(0.2),
        n: state.n.add(1),
        b: state.b.logicalNot(),
      } as State
      const [x, y] = ways.map(block, [state, other], isEven) as [State, State]
      return { v: x.v.add(y.v).mul(0.5), s: x.s.mul(y.s), n: x.n.add(y.n), b: x.b.logicalXor(y.b) }
    },
    grad: (state) => {
      const slope = isEven
        ? grad((v: Tensor) => loss(block({ ...state, v })))(state.v)
        : grad((s: Tensor) => loss(block({ ...state, s })))(state.s).add(state.v)
      return { ...state, v: slope.tanh() }
    },
    jvp: (state) => {
      const [value, moved] = jvp((v: Tensor) => loss(block({ ...state, v })), [state.v], [state.v.cos() as Tensor])
      return { ...state, s: value.add(moved).tanh() }
    },
    // what its rules are to be of goes in as an input
    customOp: (state) => {
      const f = (...[v, s, w, c, rows]: Tensor[]) =>
        blockOf(parts[0]!, { w: w!, c: c!, rows: rows! }, ways)({ ...state, v: v!, s: s! }).v
      return { ...state, v: ways.custom(f)(state.v, state.s, around.w, around.c, around.rows) }
    },
    implicit: (state) => {
      const f = (x: Tensor) =>
        state.v.add(
          block({ ...state, v: x.mul(0.2) as Tensor })
            .v.tanh()
            .mul(0.1),
        ) as Tensor
      return { ...state, v: ways.fixed(f, state.v) }
    },
  }
  return made[kind] as Block
}
