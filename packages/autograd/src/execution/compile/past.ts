import { CompileError } from '../../graph/errors.js'
import type { Node, Op } from '../../graph/node.js'
import { UnknownValue } from '../../graph/unknown.js'
import { specOf, type Value } from '../../graph/value.js'

// A compiled function sees no further back than its arguments, and nobody outside sees how it made its results. Where an
// eager one would, differentiating is an error: a derivative without these parts would be wrong.

/** A tensor like another, with a past that cannot be differentiated. */
export const withHiddenPast = (like: Node, value: Value, past: Op): Node =>
  like.make(value, like.tracking, past, [like.make(new UnknownValue(specOf(like)), like.tracking)], null)

const hidden = (name: string, message: (node: Node) => string): Op => {
  const refuse = (_: unknown, node: Node): never => {
    throw new CompileError(message(node))
  }
  return { name, vjp: refuse, jvp: refuse }
}

export const argument = /* @__PURE__ */ hidden(
  'argument',
  (node) =>
    `compile: ${node} is an argument, and what it was computed from is no part of the function, so that inside nothing ` +
    'can be differentiated by that: compute it inside, or call backward() outside.',
)

export const result = /* @__PURE__ */ hidden(
  'compiled',
  (node) =>
    `compile: ${node} is the result of a compiled step, which has changed parameters or their gradients; it cannot be ` +
    'differentiated outside. Call backward() or grad() inside.',
)
