import type { Plan, PlanStep } from '../../plan/plan.js'
import type { Work } from '../../work.js'
import { memory as bulk, type Code, i32, leave, ModuleBuilder, type Statement, when } from '../assembler/index.js'
import { importNumbers } from '../numbers.js'
import { linkProducts } from '../products/library/products.js'
import { firstElement, Library, type ProgramSteps } from '../steps.js'
import type { Storage } from './storage.js'

/** A plan as functions over its memory. */
export interface PlanModule {
  /** Runs all steps: 0, or 1 + the number of the step whose input was wrong. */
  readonly main: () => number
  /** Moves new values to where they are kept. */
  readonly commit: () => void
  /** The steps that `host` runs. */
  readonly hosted: readonly number[]
  /** How many functions serve the others: steps that are alike share one. */
  readonly functions: number
}

export interface PlanModuleOptions {
  readonly fused: boolean
  readonly deterministic: boolean
  readonly workspace: number
  readonly steps: ProgramSteps
  /** Runs a step that has no kernel: 0, or 1 if it failed. */
  readonly host: (step: number) => number
}

export function* buildPlan(
  plan: Plan,
  storage: Storage,
  memory: WebAssembly.Memory,
  { fused, deterministic, workspace, steps, host }: PlanModuleOptions,
): Work<PlanModule> {
  const module = new ModuleBuilder()
  module.memory({ from: { module: 'plan', name: 'memory' }, pages: 0 })
  const { scalar, imports } = importNumbers(module, deterministic)
  const library = new Library({ module, options: { fused, scalar } }, workspace, steps)
  const hostFunction = module.importFunction('plan', 'host', ['i32'], 'i32')
  const hosted: number[] = []

  const addressesOf = (step: PlanStep): Code<'i32'>[] => [
    ...step.inputs.map((view) => i32.const(firstElement(view, storage.addresses.get(view.buffer)!))),
    ...step.outs.map((buffer) => i32.const(storage.addresses.get(buffer)!)),
  ]
  const statements: Statement[] = []
  for (const [i, step] of plan.steps.entries()) {
    const found = library.functionOf(step)
    const fail = [i32.const(i + 1), leave]
    if (found === null) {
      hosted.push(i)
      statements.push(when(hostFunction.call(i32.const(i)), fail))
    } else {
      const addresses = addressesOf(step)
      statements.push(found.checks ? when(found.function.call(...addresses), fail) : found.function.call(...addresses))
    }
    yield null
  }
  const main = module.addFunction([], 'i32', () => [statements, i32.const(0)])
  const commit = module.addFunction([], null, () =>
    storage.commits.map(({ from, to, bytes }) => bulk.copy(i32.const(to), i32.const(from), i32.const(bytes))),
  )
  module.export('main', main)
  module.export('commit', commit)

  const compiled = (yield yield* module.encode())!
  const { exports } = new WebAssembly.Instance(compiled, {
    plan: { memory, host },
    ...imports,
    ...linkProducts(compiled, fused, memory),
  })
  return { ...(exports as unknown as Pick<PlanModule, 'main' | 'commit'>), hosted, functions: library.size }
}
