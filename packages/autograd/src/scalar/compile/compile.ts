import { wasmFeatures } from '../../execution/wasm/assembler/index.js'
import { checked } from '../../graph/arguments.js'
import { GradientError } from '../../graph/errors.js'
import * as kinds from '../../graph/kinds.js'
import { shown } from '../../graph/words.js'
import { isFollowed, Structure } from '../structure.js'
import type { Compilable } from '../types.js'
import { fused } from './fuse.js'
import { interpreted } from './interpret.js'
import { type Plan, planOf } from './plan.js'
import type { Program } from './program.js'
import { Tracing } from './tracing.js'
import { WasmProgram } from './wasm.js'

/** A program for arguments of one form, as long as its branches come out as they did. */
interface Entry {
  readonly given: Structure
  readonly result: Structure
  /** What the guards said, 1 or 0 each. */
  readonly outcomes: string
  readonly program: Program
}

/** So many programs of one function are kept. */
const entryLimit = 16

/** After so many a function is said not to be worth compiling. */
const manyTraces = 64

type Fn = (...args: unknown[]) => unknown

/** The programs of a function, the latest used first. */
class Programs {
  private readonly entries: Entry[] = []
  private traces = 0

  constructor(private readonly f: Fn) {}

  call(args: readonly unknown[]): unknown {
    const first = this.entryFor(args)
    if (first !== undefined) return this.runFrom(first, args)
    const given = Structure.of('scalar.compile: args', args)
    // part of what another differentiation or program follows
    if (isFollowed(given.leaves)) return this.f(...args)
    return this.runFrom(this.traced(given), args)
  }

  private entryFor(args: readonly unknown[]): Entry | undefined {
    return this.entries.find(({ given, program }) => given.fill(args, program.numbers()))
  }

  /** Runs a program, or the one whose branches come out as these do: each try knows one more of them. */
  private runFrom(first: Entry, args: readonly unknown[]): unknown {
    let entry = first
    for (;;) {
      entry.given.fill(args, entry.program.numbers())
      const failed = entry.program.run()
      if (failed === null) return this.resultOf(entry)
      const { outcomes } = entry
      const known = outcomes.slice(0, failed) + (outcomes[failed] === '1' ? '0' : '1')
      entry =
        this.entries.find((other) => other.given === first.given && other.outcomes.startsWith(known)) ??
        this.traced(Structure.of('scalar.compile: args', args), first.given)
    }
  }

  private resultOf(entry: Entry): unknown {
    const at = this.entries.indexOf(entry)
    if (at > 0) this.entries.unshift(...this.entries.splice(at, 1))
    const { given, result, program } = entry
    const from = given.leaves.length
    return result.derivative(program.numbers().subarray(from, from + result.leaves.length), false)
  }

  private warn(): void {
    console.warn(
      `scalar.compile: ${this.f.name || 'a function'} has been traced ${manyTraces} times, and ${entryLimit} programs are kept: its branches ` +
        'come out otherwise, or its arguments have another form, too often for this to pay. Choose by x.less(y).select(a, b) where it ' +
        'branches, or do without compile.',
    )
  }

  /** @param like the structure of these arguments, where there is one already */
  private traced(now: Structure, like: Structure = now): Entry {
    this.traces++
    if (this.traces === manyTraces) this.warn()
    const scope = new Tracing()
    const result = scope.run(now.leaves, (leaves) => resultOf(this.f(...(now.of(leaves) as unknown[]))))
    const outputs = Int32Array.from(scope.nodesOf(result.leaves))
    const plan = fused(planOf(scope.recording, now.leaves.length, outputs))
    const outcomes = plan.guards.map(({ outcome }) => (outcome ? '1' : '0')).join('')
    const entry: Entry = { given: like, result, outcomes, program: programOf(plan) }
    this.entries.unshift(entry)
    if (this.entries.length > entryLimit) this.entries.pop()
    return entry
  }
}

/** In WebAssembly, or without it, and where an engine has no room for it, node by node in JavaScript. */
const programOf = (plan: Plan): Program => {
  if (!wasmFeatures().simd) return interpreted(plan)
  try {
    return new WasmProgram(plan)
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof WebAssembly.CompileError)) throw error
    return interpreted(plan)
  }
}

const resultOf = (result: unknown): Structure => {
  if (result instanceof Promise) {
    throw new GradientError('scalar.compile: the function may not be asynchronous: wait for the data first.')
  }
  const structure = Structure.of('scalar.compile: the function returned a result that', result)
  if (structure.leaves.length > 0) return structure
  throw new GradientError(
    `scalar.compile: the function returned ${shown(result)}; it must return a Num, or numbers in a tree. Is a return missing?`,
  )
}

/**
 * A function of numbers as straight-line WebAssembly: run once for each form of its arguments, with Nums that stand for numbers, and
 * from then on the program instead, with the same results to rounding. What is compiled may differentiate: `compile(valueAndGrad(f))`,
 * `compile(jacobian(f))`, `compile((x: Num[], v: Num[]) => hvp(f, x, v))`.
 *
 * All arguments are numbers in trees, and every number in them may change from call to call; what the function closes over stays
 * as it was. Branches (`x.lt(y)`) may come out otherwise: the function is then run again for that outcome. The sixteen programs used
 * last are kept; a function that is traced again and again says so on the console. A loop is unrolled, but for those of `map` and `scan`. Without WebAssembly, JavaScript runs the program.
 *
 * Given Nums, inside a differentiation or another compiled function, it is the function itself.
 *
 * @throws ArgumentError for an argument of other things than numbers, by its path; GradientError if the function reads `.value`,
 * returns nothing, or uses a Num of an outer differentiation that is not among its arguments
 * @example
 * const step = scalar.compile(scalar.valueAndGrad(([x, y]) => x.mul(y).add(x.square())))
 * step([3, 4])   // [21, [10, 3]]
 */
export const compile = /* @__PURE__ */ checked(
  'scalar.compile',
  { f: kinds.function },
  <F extends (...args: never[]) => unknown>(f: F): Compilable<F> => {
    const compiled = new Programs(f as unknown as Fn)
    return ((...args: unknown[]) => compiled.call(args)) as Compilable<F>
  },
)
