import { type AnyTensor, type ArgumentCheck, type Kind, kinds, Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { OptionError } from '../../errors.js'
import { isObject } from '../../kinds.js'
import type { MaskOptions } from './masks.js'

/** What elements of a decoder's input may see: of their own sequence, and of the memory. */
export interface DecoderMasks extends MaskOptions {
  /** As `mask`, for the keys of the memory. */
  readonly memoryMask?: AnyTensor
  /** As `keyMask`, for the keys of the memory. */
  readonly memoryKeyMask?: AnyTensor
}

/** The kinds of `DecoderMasks`. */
export const decoderMasks = {
  mask: kinds.tensor,
  keyMask: kinds.tensor,
  causal: kinds.boolean,
  memoryMask: kinds.tensor,
  memoryKeyMask: kinds.tensor,
}

/** A decoder's input, with a memory or with a cache that has it. */
export interface DecoderInputs<C> {
  readonly memory: Tensor | undefined
  readonly masks: DecoderMasks
  readonly cache: C | undefined
}

/** Reads the inputs of a decoder: (x, memory, masks), or (x, masks with a cache). */
export const decoderInputs = <C>(owner: string, cacheKind: Kind): ((args: ArrayLike<unknown>) => DecoderInputs<C>) => {
  const takesMemory: ArgumentCheck = checker(`${owner}.forward`, {
    x: kinds.tensor,
    memory: kinds.tensor,
    options: decoderMasks,
  })
  const takesCache: ArgumentCheck = checker(`${owner}.forward`, {
    x: kinds.tensor,
    options: { ...decoderMasks, cache: kinds.required(cacheKind) },
  })
  return (args) => {
    const last: unknown = args[args.length - 1]
    const cache = isObject(last) && !(last instanceof Tensor) ? last.cache : undefined
    if (cache === undefined) {
      takesMemory(args)
      return { memory: args[1] as Tensor, masks: (args[2] ?? {}) as DecoderMasks, cache: undefined }
    }
    if (args[1] instanceof Tensor) {
      throw new OptionError(
        `${owner}.forward: the memory is in the cache, which was made of it; leave out one of them.`,
      )
    }
    takesCache(args)
    const { cache: given, ...masks } = args[1] as DecoderMasks & { readonly cache: C }
    return { memory: undefined, masks, cache: given }
  }
}
