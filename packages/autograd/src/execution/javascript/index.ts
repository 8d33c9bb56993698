import type { Kernel, Loop, MapKernel } from '../../graph/kernel.js'
import type { Spec, Value } from '../../graph/value.js'
import type { Backend } from '../backend.js'
import { argReduce } from './argreduce.js'
import { contract } from './contract.js'
import { cumulate } from './cumulate.js'
import { fold } from './fold.js'
import { gather, scatter } from './gather.js'
import { canGenerate, generating } from './generate.js'
import { interpreting } from './interpret.js'
import { assemble, layout, reshape } from './layout.js'
import type { LoopMaker } from './loop.js'
import { createMap } from './map.js'
import { random } from './random.js'
import { reduce } from './reduce.js'
import { search, sort } from './sort.js'

export interface JavaScript extends Backend {
  /** Runs a kernel of one result. */
  readonly one: (kernel: Served, inputs: readonly Value[], out: Spec) => Value
}

/** A loop runs what runs what is in it. */
type Served = Exclude<Kernel, Loop>
type Kinds = {
  readonly [K in Served['kind']]: (kernel: Extract<Served, { kind: K }>, inputs: readonly Value[], out: Spec) => Value
}

/** Plain JavaScript that runs everywhere; generated code, where it is allowed, makes elementwise kernels faster. */
export const createJavaScript = (generates: () => boolean = canGenerate): JavaScript => {
  let maker: LoopMaker | undefined
  const map = createMap(() => {
    maker ??= generates() ? generating : interpreting
    return maker
  })

  const kinds: Kinds = {
    map,
    reduce,
    argReduce: (kernel, inputs, out) => argReduce(kernel, inputs, [out])[0]!,
    cumulate,
    sort: (kernel, inputs, out) => sort(kernel, inputs, [out])[0]!,
    search,
    contract,
    layout,
    fold,
    reshape,
    assemble,
    gather,
    scatter,
    random,
    call: ({ run }, inputs) => run(inputs)[0]!,
  }
  const one = <K extends Served['kind']>(
    kernel: Extract<Served, { kind: K }>,
    inputs: readonly Value[],
    out: Spec,
  ): Value =>
    // much the commonest: a call through the table takes a tenth of a tiny one
    kernel.kind === 'map' ? map(kernel as MapKernel, inputs, out) : kinds[kernel.kind as K](kernel, inputs, out)
  const run: Backend['run'] = (kernel, inputs, outs) => {
    if (kernel.kind === 'call') return kernel.run(inputs)
    if (kernel.kind === 'loop') return null
    if (kernel.kind === 'argReduce') return argReduce(kernel, inputs, outs)
    return kernel.kind === 'sort' ? sort(kernel, inputs, outs) : [one(kernel, inputs, outs[0]!)]
  }
  return { name: 'javascript', run, one }
}

export const javascript = createJavaScript()
