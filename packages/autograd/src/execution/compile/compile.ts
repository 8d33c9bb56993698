import { termsInOrder } from '../../program/order.js'
import { simplify } from '../../program/simplify.js'
import type { InputTerm, Source } from '../../program/term.js'
import { isDeterministic, runAllEagerly } from '../eager.js'
import type { Executor } from '../plan/executor.js'
import { explainPlan } from '../plan/explain.js'
import type { Plan } from '../plan/plan.js'
import { executorOf } from '../wasm/program/index.js'
import type { Work } from '../work.js'
import { schedule, type Wanted } from './schedule.js'
import type { Target, Traced } from './trace.js'

const inWasm = (plan: Plan): Work<Executor> => executorOf(plan, isDeterministic(), runAllEagerly)

/** What runs instead of a traced function. */
export interface Compilation {
  readonly executor: Executor
  readonly inputs: readonly InputTerm[]
  readonly explain: () => string
}

/** From the terms of a trace to what runs them. */
export function* compileTraced({ program, outcomes }: Traced, run = inWasm): Work<Compilation> {
  const { checks } = program.effects
  const roots = simplify(
    [...outcomes, ...checks].map(({ term }) => term),
    runAllEagerly,
  )
  yield null
  const inputs = termsInOrder(roots).filter((term): term is InputTerm => term.kind === 'input')
  const wanted = outcomes.map(({ target }, i): Wanted => {
    const kept = target.kind === 'value' || target.kind === 'gradient'
    return { term: roots[i]!, kept, replaces: inputs.find(({ source }) => isOf(source, target)) ?? null }
  })
  const simplified = checks.map(({ look }, i) => ({ term: roots[outcomes.length + i]!, look }))
  const plan = schedule(inputs, simplified, wanted)
  yield null
  const executor = yield* run(plan)
  return { executor, inputs, explain: () => explainPlan(plan, executor.running) }
}

/** Whether an input is the old value of what an output is the new value of. */
const isOf = (source: Source, target: Target): boolean =>
  (source.kind === 'value' || source.kind === 'gradient') &&
  source.kind === target.kind &&
  source.of.holder === target.of.holder
