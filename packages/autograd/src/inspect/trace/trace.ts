import { type ArgumentCheck, checker } from '../../graph/arguments.js'
import { ArgumentError, GradientError } from '../../graph/errors.js'
import { Node } from '../../graph/node.js'
import { refuseInCompiled } from '../../graph/tracer.js'
import { leavesOf } from '../../graph/tree.js'
import { withWatcher } from '../../graph/watcher.js'
import { isPlainObject, shown } from '../../graph/words.js'
import * as kinds from '../../ops/kinds.js'
import { nameOf } from '../../tensor/name.js'
import type { AnyTensor } from '../../tensor/tensor.js'
import { inScope } from '../../transforms/scope.js'
import { assemble, type Recording } from './assemble.js'
import { originalOf } from './history.js'
import { dotted, givenNames, type NameOptions, namesKind } from './naming.js'
import { parameterNames } from './parameter-names.js'
import { Recorder } from './recorder.js'
import type { Trace } from './schema.js'
import type { Tangents } from './tangents.js'

/** What a trace holds. */
export interface TraceOptions extends NameOptions {
  /** Tensors of more elements than this are summarized, and matrices of more elements left out. Default 64. */
  readonly limit?: number
  /** Whether edges have local derivatives. Default true. */
  readonly locals?: boolean
  /** How inputs and parameters move, by name: a tensor of the same shape, or a number for all elements. Nodes have their tangents then. */
  readonly tangents?: Tangents
}

/** What `trace.with` takes. */
export interface TraceFunctionOptions extends TraceOptions {
  /** Whether nodes have the line of the program that made them: it takes some 20 microseconds each. Default false. */
  readonly source?: boolean
  /** Whether `scan` and `fori` are one node each, or their rounds are written out, each a group. Default 'whole'. */
  readonly loops?: 'whole' | 'rounds'
}

/** The type of `trace`. */
export interface TraceFunction {
  (result: AnyTensor, options?: TraceOptions): Trace
  <Args extends readonly unknown[]>(f: (...args: Args) => unknown, ...args: Args): Trace
  /** `trace` of functions, with options. */
  with(
    options: TraceFunctionOptions,
  ): <Args extends readonly unknown[]>(f: (...args: Args) => unknown, ...args: Args) => Trace
}

const ofResult = { names: namesKind, limit: kinds.amount, locals: kinds.boolean, tangents: namesKind }
const takesResult = /* @__PURE__ */ checker('trace', { result: kinds.tensor, options: ofResult })
const takesFunction: ArgumentCheck = /* @__PURE__ */ checker('trace', {
  f: /* @__PURE__ */ kinds.kind(
    'a tensor that was computed, or a function that computes',
    (thing) => typeof thing === 'function',
  ),
  args: /* @__PURE__ */ kinds.optional(/* @__PURE__ */ kinds.rest(kinds.anything)),
})
const takesOptions = /* @__PURE__ */ checker('trace.with', {
  options: { ...ofResult, source: kinds.boolean, loops: kinds.oneOf('whole', 'rounds') },
})

const traceResult = (result: Node, { names, ...options }: TraceOptions = {}): Trace => {
  if (result.tracking === 0) throw notRecorded(result)
  const recording: Recording = {
    outputs: [{ node: originalOf(result), path: '' }],
    inputs: new Set(),
    names: givenNames('trace', names),
    recorder: null,
  }
  return assemble(recording, withDefaults(options))
}

const traceFunction = (
  f: (...args: never[]) => unknown,
  args: readonly unknown[],
  { names, source = false, loops = 'whole', ...options }: TraceFunctionOptions,
): Trace => {
  const recorder = new Recorder(source, loops === 'rounds')
  const { leaves, inside } = withWatcher(recorder, () => inScope('trace', args, f))
  const outputs = leavesOf(inside, 'trace: the result').map(({ node, path }) => ({ node: originalOf(node), path }))
  if (outputs.every(({ node }) => node.tracking === 0)) throw nothingRecorded(inside)
  const given = new Map(recorder.names)
  const called = parameterNames(f)
  const own = givenNames('trace', names)
  leavesOf(args, 'trace: argument').forEach(({ node, keys: [at, ...rest] }, i) => {
    const name =
      rest.length > 0 ? dotted(rest) : (called[at as number] ?? (args.length === 1 ? 'x' : `x${(at as number) + 1}`))
    given.set(originalOf(leaves[i]!), own.get(node) ?? nameOf(node) ?? name)
  })
  for (const [node, name] of own) given.set(originalOf(node), name)
  return assemble({ outputs, inputs: new Set(leaves), names: given, recorder }, withDefaults(options))
}

const withDefaults = ({ limit = 64, locals = true, tangents = {} }: TraceOptions) => ({ limit, locals, tangents })

const notRecorded = (result: Node): GradientError =>
  new GradientError(
    `trace: ${result} was given, or computed from no parameter, and such steps are not remembered. Make the weights with ` +
      'parameter(...), or pass the function that computes it and its arguments: trace(f, ...args).',
  )

const nothingRecorded = (result: unknown): Error =>
  leavesOf(result, 'trace: the result').length === 0
    ? new ArgumentError(
        `trace: the function returned ${shown(result)}, which holds no tensor; return what it computes.`,
      )
    : new GradientError(
        'trace: what the function returned depends on none of its arguments and on no parameter, so none of it was recorded. ' +
          'Pass as arguments what it is to be followed from, and compute without detach(), stopGradient() and noGrad().',
      )

/**
 * A computation as plain data (`schema.ts`, docs/inspect.md): every tensor with its value and its adjoint, the local derivative
 * on every edge, and the sweep back step by step. Of a tensor that was computed from parameters; or of a function, which runs,
 * and whose trace also knows its arguments, the modules and named scopes that ran, and the lines of the program if asked.
 *
 * Adjoints are there if there is one result, a scalar. A function may itself differentiate: what its sweeps computed says of
 * which node it is the adjoint.
 *
 * @throws GradientError for what was not recorded, or if a parameter was given a new value since; CompileError inside a
 * compiled function; ArgumentError for a tensor of two names
 * @example
 * const { nodes, edges, backward } = trace((x: Tensor<[]>, w: Tensor<[]>) => x.mul(w).tanh(), tensor(2), tensor(0.25))
 * nodes.map(({ name, op }) => op ?? name)   // ['x', 'w', 'mul', 'tanh']
 * backward.length   // 4
 */
export const trace: TraceFunction = /* @__PURE__ */ (() => {
  const remedy = 'call it outside: trace(f, ...args) of the function that it is in'
  const run = (what: unknown, ...rest: readonly unknown[]): Trace => {
    refuseInCompiled('trace', remedy)
    if (what instanceof Node) {
      takesResult([what, ...rest])
      return traceResult(what, rest[0] as TraceOptions | undefined)
    }
    takesFunction([what, ...rest])
    return traceFunction(what as (...args: never[]) => unknown, rest, {})
  }
  const withOptions = (...given: readonly [options: TraceFunctionOptions]) => {
    takesOptions(given)
    const [options] = given
    return (f: (...args: never[]) => unknown, ...args: readonly unknown[]): Trace => {
      refuseInCompiled('trace', remedy)
      takesFunction([f, ...args])
      return traceFunction(f, args, options)
    }
  }
  return Object.assign(run, { with: withOptions }) as TraceFunction
})()

/** Whether something is what `trace` gives, or that as it comes back from JSON. */
const isTrace = (thing: unknown): thing is Trace =>
  isPlainObject(thing) &&
  thing.schema === 'adjoint.trace' &&
  [thing.nodes, thing.edges, thing.groups, thing.outputs, thing.backward].every(Array.isArray)

/** What drawings and listings take. */
export const traceable = /* @__PURE__ */ kinds.kind(
  'a tensor that was computed, or what trace(...) gives',
  (thing) => thing instanceof Node || isTrace(thing),
)

/** @throws ArgumentError for a trace of a version that is not known here */
const traceOf = (what: string, thing: AnyTensor | Trace, options?: TraceOptions): Trace => {
  if (thing instanceof Node) return trace(thing as AnyTensor, options)
  if (thing.version === 1) return thing
  throw new ArgumentError(
    `${what}: the trace is of version ${shown((thing as { version: unknown }).version)}, and this library knows version 1; trace again.`,
  )
}

/**
 * The trace of what a listing or a drawing was given.
 *
 * @throws ArgumentError for names where there is a trace, which has its own
 */
export const tracedFor = (what: string, thing: AnyTensor | Trace, options: TraceOptions): Trace => {
  const trace = traceOf(what, thing, options)
  if (!(thing instanceof Node) && options.names !== undefined) {
    throw new ArgumentError(
      `${what}: names are given beside a trace, which has its own; give them to trace(loss, { names }) instead.`,
    )
  }
  return trace
}
