import type { Holder } from '../../graph/holder.js'
import { termsInOrder } from '../../program/order.js'
import { simplify } from '../../program/simplify.js'
import type { InputTerm } from '../../program/term.js'
import { isDeterministic, runAllEagerly } from '../eager.js'
import type { Executor } from '../plan/executor.js'
import type { Plan } from '../plan/plan.js'
import { schedule, type Wanted } from '../schedule/schedule.js'
import { executorOf } from '../wasm/program/index.js'
import type { Work } from '../work.js'
import type { Traced } from './trace.js'

const inWasm = (plan: Plan): Work<Executor> => executorOf(plan, isDeterministic(), runAllEagerly)

/** What runs instead of a traced function. */
export interface Compilation {
  readonly executor: Executor
  readonly inputs: readonly InputTerm[]
  readonly plan: Plan
}

/** From the terms of a trace to what runs them. */
export function* compileTraced({ program, outcomes }: Traced, run = inWasm): Work<Compilation> {
  const { checks } = program.effects
  const roots = yield* simplify(
    [...outcomes, ...checks].map(({ term }) => term),
    runAllEagerly,
  )
  const terms = yield* termsInOrder(roots)
  const inputs = terms.filter((term) => term.kind === 'input')
  const before = beforeCall(inputs)
  const wanted = outcomes.map(({ target }, i): Wanted => {
    if (target.kind === 'result') return { term: roots[i]!, kept: false, replaces: null }
    return { term: roots[i]!, kept: true, replaces: before[target.kind].get(target.of.holder) ?? null }
  })
  const simplified = checks.map(({ look }, i) => ({ term: roots[outcomes.length + i]!, look }))
  const plan = yield* schedule(inputs, simplified, wanted)
  yield null
  const executor = yield* run(plan)
  return { executor, inputs, plan }
}

/** The inputs that are what a tensor has before a call. */
const beforeCall = (inputs: readonly InputTerm[]) => {
  const found = { value: new Map<Holder, InputTerm>(), gradient: new Map<Holder, InputTerm>() }
  for (const input of inputs) {
    const { source } = input
    if (source.kind === 'value' || source.kind === 'gradient') found[source.kind].set(source.of.holder, input)
  }
  return found
}
