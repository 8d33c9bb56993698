import { AdjointError, type Tensor, treeLeaves } from '@adjoint/autograd'

/** The tensors of a tree; of an output that is none (a Map, say) there is nothing to tell. */
export const tensorsIn = (thing: unknown): Tensor[] => {
  try {
    return treeLeaves(thing as never) as Tensor[]
  } catch (error) {
    if (error instanceof AdjointError) return []
    throw error
  }
}
