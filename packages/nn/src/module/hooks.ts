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
type Hooks<M> = { readonly [K in keyof HookKinds<M>]: Set<HookKinds<M>[K]> } & {
  /** Changes with every hook: compiled functions, in which hooks ran once, are then made anew. */
  version: number
}

const hooksOf = new WeakMap<object, Hooks<never>>()
const versionOf = (module: object): number => hooksOf.get(module)?.version ?? 0

/** Whether any module has ever had a hook. */
let areUsed = false
const readUse = () => areUsed

/** @returns a function that removes it @throws ModuleError where calls of forward cannot be met */
export const addHook = <M extends object, K extends keyof HookKinds<M>>(
  module: M,
  kind: K,
  hook: HookKinds<M>[K],
): (() => void) => {
  if (Object.hasOwn(module, 'forward')) {
    throw new ModuleError(
      `${module.constructor.name}.${kind}: its forward is a function in a property, whose calls no hook can meet; write it as a method.`,
    )
  }
  const hooks = (hooksOf.get(module) ?? noHooks()) as Hooks<M>
  hooksOf.set(module, hooks as Hooks<never>)
  // added twice, it is called twice
  const own = ((...args: unknown[]) => (hook as (...args: unknown[]) => unknown)(...args)) as typeof hook
  const set = hooks[kind] as Set<HookKinds<M>[K]>
  set.add(own)
  hooks.version++
  areUsed = true
  return () => {
    if (set.delete(own)) hooks.version++
  }
}

const noHooks = (): Hooks<never> => ({
  beforeForward: new Set(),
  afterForward: new Set(),
  beforeBackward: new Set(),
  afterBackward: new Set(),
  version: 0,
})

/** Gives what stands in for a module the hooks that this one has; what is added to it is its own. */
export const copyHooks = (from: object, to: object): void => {
  if (!needsHooks()) return
  guard(() => versionOf(from))
  const hooks = hooksOf.get(from)
  if (hooks === undefined) return
  const { beforeForward, afterForward, beforeBackward, afterBackward, version } = hooks
  hooksOf.set(to, {
    beforeForward: new Set(beforeForward),
    afterForward: new Set(afterForward),
    beforeBackward: new Set(beforeBackward),
    afterBackward: new Set(afterBackward),
    version,
  })
}

/** Whether any module has ever had a hook; a compiled function that asked is made anew for the first one. */
export const needsHooks = (): boolean => guard(readUse)

/** Calls a module's forward, and its hooks. */
export const callWithHooks = <M extends object>(
  module: M,
  forward: (...args: unknown[]) => unknown,
  args: readonly unknown[],
): unknown => {
  guard(() => versionOf(module))
  const hooks = hooksOf.get(module) as Hooks<M> | undefined
  if (hooks === undefined) return forward.apply(module, args as unknown[])
  let inputs = args
  for (const hook of hooks.beforeForward) inputs = requireInputs(module, hook(inputs, module) ?? inputs)
  const watchedInputs = watched(module, inputs, hooks.afterBackward, 'afterBackward')
  let output = forward.apply(module, watchedInputs as unknown[])
  if (output instanceof Promise && hooks.afterForward.size + hooks.beforeBackward.size > 0) {
    throw new ModuleError(
      `${module.constructor.name}: its forward is async, and hooks would see a promise; await outside of it.`,
    )
  }
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
  return withCotangents(`${module.constructor.name}.${kind}`, tree, (cotangent, path) => {
    let seen = cotangent
    for (const hook of hooks) seen = (hook(seen, path, module) as Tensor | undefined) ?? seen
    return seen
  })
}

/**
 * A tree of the same tensors, whose cotangents go through a function.
 *
 * @param name what the ops are called that do so
 * @param pass gets a cotangent and where its tensor is in the tree, and gives it, or another one
 */
export const withCotangents = <T>(name: string, tree: T, pass: (cotangent: Tensor, path: string) => Tensor): T => {
  const paths = treePaths(tree as never) as unknown as object[]
  const leaves = (treeLeaves(tree as never) as Tensor[]).map((leaf, i) => {
    if (leaf.dtype !== 'float32' && leaf.dtype !== 'float64') return leaf
    const path = String(paths[i])
    const vjp = (cotangent: Tensor): readonly AnyTensor[] => [pass(cotangent, path)]
    return customOp({ name, forward: (x: Tensor) => x, vjp, jvp: ([tangent]) => tangent })(leaf)
  })
  return treeUnflatten(tree as never, leaves as never) as T
}
