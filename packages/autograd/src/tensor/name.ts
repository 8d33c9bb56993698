import { checked } from '../graph/arguments.js'
import { ArgumentError } from '../graph/errors.js'
import * as kinds from '../ops/kinds.js'
import type { AnyTensor } from './tensor.js'

/** Names are kept beside tensors, of which most have none. */
const names = new WeakMap<object, string>()

/** What a tensor was called, if it was. */
export const nameOf = (tensor: object): string | undefined => names.get(tensor)

/**
 * Gives a tensor a name, under which traces, listings and pictures show it: a parameter, or what a function computes on the
 * way. It changes nothing else. A tensor that is called again has its latest name.
 *
 * @returns the same tensor
 * @throws ArgumentError for a name without letters
 * @example
 * const f = (x: Tensor<[]>) => name(x.sin(), 's').mul(2)
 * f(tensor(0)).item()   // 0
 */
export const name = /* @__PURE__ */ checked(
  'name',
  { tensor: kinds.tensor, text: kinds.string },
  <T extends AnyTensor>(tensor: T, text: string): T => {
    if (text.trim() === '') throw new ArgumentError('name: the name is empty; give it letters.')
    names.set(tensor, text)
    return tensor
  },
)
