import { type Tensor, tensor, treeLeaves } from '@adjoint/autograd'
import * as nn from '../src/index.js'
import { compareFixtures } from './oracle.js'

// The arguments of a case are what a layer is made with, the state that its parameters are given, how it is run, and its
// inputs. Its results are the tensors of its output, and then its buffers, in the order of `buffers`.

interface How {
  /** In training mode. Default false. */
  readonly train?: boolean
  /** Numbers that buffers have before, by path. */
  readonly buffers?: Readonly<Record<string, never>>
}

type Runs = nn.Module & { forward(...inputs: unknown[]): unknown }
const classes = nn as unknown as Readonly<Record<string, new (...args: unknown[]) => Runs>>

/** A layer among what another one is made with. */
interface Inner {
  readonly layer: string
  readonly made: readonly unknown[]
}
const isInner = (thing: unknown): thing is Inner => typeof thing === 'object' && thing !== null && 'layer' in thing
const make = (name: string, made: readonly unknown[]): Runs =>
  new classes[name]!(...made.map((thing) => (isInner(thing) ? make(thing.layer, thing.made) : thing)))

compareFixtures('layers_', (op, args) => {
  const [made, , { train = false, buffers = {} }] = args as [unknown[], object, How]
  const layer = make(op, made).train(train)
  const own = layer.namedBuffers()
  const given = Object.entries(buffers).map(([path, numbers]) => [
    path,
    tensor(numbers, { dtype: own.get(path)!.dtype }),
  ])
  return ([, state, , ...inputs]) => {
    const [output, changed] = nn.functionalCall(
      layer,
      { ...(state as object), ...Object.fromEntries(given) },
      ...inputs,
    )
    return [...(treeLeaves(output) as Tensor[]), ...Object.keys(buffers).map((path) => changed[path]!)]
  }
})
