import { checked } from './arguments.js'
import * as kinds from './kinds.js'
import { type NamedPart, watcher } from './watcher.js'

/**
 * Runs `f` under a name: what it computes stands together, as a group of that name, in a trace and in its pictures. Without
 * a trace it only calls `f`. The forward of a module of nn has its name by itself.
 *
 * @param part a name, or a function that says more and runs only while somebody traces
 * @returns what `f` gives
 * @example
 * const attend = (q: Tensor, k: Tensor) => namedScope('scores', () => q.matmul(k.transpose()).div(2).softmax(-1))
 * attend(ones([1, 4]), ones([3, 4])).shape   // [1, 3]
 */
export const namedScope = /* @__PURE__ */ checked(
  'namedScope',
  {
    part: {
      wanted: 'a name, or a function that gives { kind, name, type, names }',
      accepts: (thing) => (typeof thing === 'string' && thing !== '') || typeof thing === 'function',
    },
    f: kinds.function,
  },
  <R>(part: string | (() => NamedPart), f: () => R): R => {
    if (watcher?.part === undefined) return f()
    return watcher.part(typeof part === 'string' ? { kind: 'function', name: part } : part(), f)
  },
)

/**
 * Whether somebody traces what runs now, so that names matter: what takes time to say can be left out elsewhere.
 *
 * @example isTraced()   // false
 */
export const isTraced = /* @__PURE__ */ checked('isTraced', {}, (): boolean => watcher?.part !== undefined)
