import type { Kernel } from '../../graph/kernel.js'
import type { Spec, Value } from '../../graph/value.js'
import type { Backend } from '../backend.js'
import { argReduce } from './argreduce.js'
import { contract } from './contract.js'
import { fold } from './fold.js'
import { gather, scatter } from './gather.js'
import { canGenerate, generating } from './generate.js'
import { interpreting } from './interpret.js'
import { assemble, layout, reshape } from './layout.js'
import type { LoopMaker } from './loop.js'
import { createMap } from './map.js'
import { reduce } from './reduce.js'

export interface JavaScript extends Backend {
  /** Runs a kernel of one result. */
  readonly one: (kernel: Kernel, inputs: readonly Value[], out: Spec) => Value
}

/** Plain JavaScript that runs everywhere; generated code, where it is allowed, makes elementwise kernels faster. */
export const createJavaScript = (generates: () => boolean = canGenerate): JavaScript => {
  let maker: LoopMaker | undefined
  const map = createMap(() => {
    maker ??= generates() ? generating : interpreting
    return maker
  })

  const one = (kernel: Kernel, inputs: readonly Value[], out: Spec): Value => {
    switch (kernel.kind) {
      case 'map':
        return map(kernel, inputs, out)
      case 'reduce':
        return reduce(kernel, inputs, out)
      case 'argReduce':
        return argReduce(kernel, inputs, out)
      case 'contract':
        return contract(kernel, inputs, out)
      case 'layout':
        return layout(kernel, inputs, out)
      case 'fold':
        return fold(kernel, inputs, out)
      case 'reshape':
        return reshape(kernel, inputs, out)
      case 'assemble':
        return assemble(kernel, inputs, out)
      case 'gather':
        return gather(kernel, inputs, out)
      case 'scatter':
        return scatter(kernel, inputs, out)
      case 'call':
        return kernel.run(inputs)
    }
  }
  return { name: 'javascript', run: (kernel, inputs, outs) => [one(kernel, inputs, outs[0]!)], one }
}

export const javascript = createJavaScript()
