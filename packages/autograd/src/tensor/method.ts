import { checker, type Takes } from '../graph/arguments.js'
import { ArgumentError } from '../graph/errors.js'
import { Node } from '../graph/node.js'
import * as kinds from '../ops/kinds.js'

/** A check for the head of a method: called on a tensor, and with what it takes. */
const method = (name: string, takes: Takes = {}): ((receiver: unknown, args: ArrayLike<unknown>) => void) => {
  const check = checker(name, takes)
  return (receiver, args) => {
    if (!(receiver instanceof Node)) {
      throw new ArgumentError(
        `${name}: it was called without its tensor; call it as x.${name}(...), also in a callback.`,
      )
    }
    check(args)
  }
}

/**
 * What the methods that are no ops take, and what may be set. Those of every training step ask only where something is wrong
 * at first sight: to pass on `arguments` at each call would take longer than what they do.
 */
export const takes = {
  requiresGrad: method('requiresGrad', { required: kinds.boolean }),
  grad: method('grad', {
    gradient: kinds.kind('a tensor, or null for none', (thing) => thing === null || kinds.tensor.accepts(thing)),
  }),
  zeroGrad: method('zeroGrad'),
  backward: method('backward', { options: { createGraph: kinds.boolean } }),
  item: method('item'),
  toArray: method('toArray'),
  toPlain: method('toPlain'),
  // JSON.stringify passes the key
  toJSON: method('toJSON', { key: kinds.optional(kinds.anything) }),
  detach: method('detach'),
  assign: method('assign', { next: kinds.tensor }),
  as: method('as', { shape: kinds.shape }),
}
