import type { Call, Kernel, Loop } from '../../graph/kernel.js'
import type { Spec, Value } from '../../graph/value.js'
import type { Backend } from '../backend.js'
import { runRounds } from '../rounds.js'
import { contract } from './contract.js'
import { cumulate } from './cumulate.js'
import { gather, scatter } from './gather.js'
import { assemble, fold, layout, reshape } from './layout.js'
import { map } from './map.js'
import { random } from './random.js'
import { argReduce, reduce } from './reduce.js'
import { search, sort } from './sort.js'

type Kinds = {
  readonly [K in Kernel['kind']]: (
    kernel: Extract<Kernel, { kind: K }>,
    inputs: readonly Value[],
    out: Spec,
    /** Which result. */
    index: number,
    outs: readonly Spec[],
  ) => Value
}

const call = ({ run }: Call, inputs: readonly Value[], _: Spec, index: number): Value => run(inputs)[index]!

const loop = (kernel: Loop, inputs: readonly Value[], _: Spec, index: number, outs: readonly Spec[]): Value =>
  runRounds(kernel, inputs, outs, (inner, given, specs) => reference.run(inner, given, specs)!)[index]!

const kinds: Kinds = {
  map,
  reduce,
  argReduce,
  cumulate,
  sort,
  search,
  contract,
  layout,
  fold,
  reshape,
  assemble,
  gather,
  scatter,
  random,
  loop,
  call,
}

const runKind = <K extends Kernel['kind']>(
  kind: K,
  kernel: Extract<Kernel, { kind: K }>,
  inputs: readonly Value[],
  out: Spec,
  index: number,
  outs: readonly Spec[],
): Value => kinds[kind](kernel, inputs, out, index, outs)

/** Plain loops over multi-indices, never optimised: the oracle for every other backend. */
export const reference: Backend = {
  name: 'reference',
  run: (kernel, inputs, outs) => outs.map((out, i) => runKind(kernel.kind, kernel, inputs, out, i, outs)),
}
