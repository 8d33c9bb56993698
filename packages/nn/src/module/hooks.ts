import { type AnyTensor, customOp, guard, type Tensor, treeLeaves, treePaths, treeUnflatten } from '@adjoint/autograd'
import { ModuleError } from '../errors.js'

// What is called around a module's forward, and when cotangents come to its inputs and outputs.

/** Looks at what a module is called with. @returns other inputs in an array, or nothing */
export type ForwardStartHook<M> = (inputs: readonly unknown[], module: M) => readonly unknown[] | undefined

/** Looks at what a module gives. @returns another output, or undefined */
export type ForwardHook<M> = (output: unknown, inputs: readonly unknown[], module: M) => unknown

/**
 * Looks at a cotangent: the derivative of the loss by one tensor that a module was given, or that it gives.
 *
 * @param path which one, where there are several: '[1]', '[0].h'
 * @returns another one of the same shape, or nothing
 */
export type CotangentHook<M> = (cotangent: Tensor, path: string, module: M) => AnyTensor | undefined

interface HookKinds<M> {
  beforeForward: ForwardStartHook<M>
  afterForward: ForwardHook<M>
  beforeBackward: CotangentHook<M>
  afterBackward: CotangentHook<M>
}
type Hooks<M> = { readonly [K in keyof HookKinds<M>]: Set<HookKinds<M>[K]> }

const hooksOf = new WeakMap<object, Hooks<never>>()

/** Changes with every hook: compiled functions, in which hooks ran once, are then made anew. */
let version = 0
const readVersion = () => version

/** @returns a function that removes it */
export const addHook = <M extends object, K extends keyof HookKinds<M>>(
  module: M,
  kind: K,
  hook: HookKinds<M>[K],
): (() => void) => {
  const hooks = (hooksOf.get(module) ?? noHooks()) as Hooks<M>
  hooksOf.set(module, hooks as Hooks<never>)
  // added twice, it is called twice
  const own = ((...args: unknown[]) => (hook as (...args: unknown[]) => unknown)(...args)) as typeof hook
  hooks[kind].add(own)
  version++
  return () => {
    if (hooks[kind].delete(own)) version++
  }
}

const noHooks = (): Hooks<never> => ({
  beforeForward: new Set(),
  afterForward: new Set(),
  beforeBackward: new Set(),
  afterBackward: new Set(),
})

/** Gives what stands in for a module the hooks of that. */
export const copyHooks = (from: object, to: object): void => {
  const hooks = hooksOf.get(from)
  if (hooks !== undefined) hooksOf.set(to, hooks)
}

/** Whether any module has ever had a hook; a compiled function that asked is made anew for the first one. */
export const needsHooks = (): boolean => guard(readVersion) > 0

/** Calls a module's forward, and its hooks. */
export const callWithHooks = <M extends object>(
  module: M,
  forward: (...args: unknown[]) => unknown,
  args: readonly unknown[],
): unknown => {
  const hooks = hooksOf.get(module) as Hooks<M> | undefined
  if (hooks === undefined) return forward.apply(module, args as unknown[])
  let inputs = args
  for (const hook of hooks.beforeForward) inputs = requireInputs(module, hook(inputs, module) ?? inputs)
  const watchedInputs = watched(module, inputs, hooks.afterBackward, 'afterBackward')
  let output = forward.apply(module, watchedInputs as unknown[])
  for (const hook of hooks.afterForward) output = hook(output, inputs, module) ?? output
  return watched(module, output, hooks.beforeBackward, 'beforeBackward')
}

const requireInputs = (module: object, inputs: unknown): readonly unknown[] => {
  if (Array.isArray(inputs)) return inputs
  throw new ModuleError(
    `${module.constructor.name}: a beforeForward hook returns a ${typeof inputs}; return an array of all inputs, or nothing.`,
  )
}

/** A tree whose tensors show their cotangents to hooks. */
const watched = <M extends object, T>(
  module: M,
  tree: T,
  hooks: ReadonlySet<CotangentHook<M>>,
  kind: keyof HookKinds<M>,
): T => {
  if (hooks.size === 0) return tree
  const paths = treePaths(tree as never) as unknown as object[]
  const name = `${module.constructor.name}.${kind}`
  const leaves = (treeLeaves(tree as never) as Tensor[]).map((leaf, i) => {
    if (leaf.dtype !== 'float32' && leaf.dtype !== 'float64') return leaf
    const path = String(paths[i])
    const vjp = (cotangent: Tensor): readonly AnyTensor[] => {
      let seen = cotangent
      for (const hook of hooks) seen = (hook(seen, path, module) as Tensor | undefined) ?? seen
      return [seen]
    }
    return customOp({ name, forward: (x: Tensor) => x, vjp, jvp: ([tangent]) => tangent })(leaf)
  })
  return treeUnflatten(tree as never, leaves as never) as T
}
