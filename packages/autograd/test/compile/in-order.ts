import type { Executor } from '../../src/execution/plan/executor.js'
import type { Plan } from '../../src/execution/plan/plan.js'

const stages = ['before', 'inputs', 'claims', 'run', 'finished', 'released'] as const
type Stage = (typeof stages)[number]

/** An executor that refuses any other order of calls than `Executor` writes down. */
export const inOrder = (plan: Plan, executor: Executor): Executor => {
  const kept = plan.outputs.flatMap(({ kept }, i) => (kept ? [i] : []))
  let stage: Stage = 'before'
  let done = new Set<number>()
  let claimed = new Set<number>()

  const refuse = (what: string): never => {
    throw new Error(`an executor was asked to ${what} at the stage '${stage}', with ${[...done]} done`)
  }
  const requireAll = (numbers: readonly number[], what: string) => {
    if (numbers.some((number) => !done.has(number))) refuse(what)
  }
  /** What comes before what is asked for is complete, and it is asked for the first time. */
  const enter = (next: Stage, what: string, from: readonly Stage[]) => {
    if (stage === next) return
    if (!from.includes(stage)) refuse(what)
    if (stage === 'inputs') requireAll([...plan.inputs.keys()], what)
    if (stage === 'claims') requireAll(kept, what)
    if (stage === 'finished' && next === 'inputs') requireAll([...claimed], what)
    stage = next
    done = new Set()
  }
  const once = (number: number, what: string) => {
    if (done.has(number)) refuse(what)
    done.add(number)
  }
  /** What throws ends the call. */
  const attempt = <R>(f: () => R): R => {
    try {
      return f()
    } catch (error) {
      stage = 'before'
      throw error
    }
  }
  const takeIn = (input: number, what: string, f: () => void) => {
    enter('inputs', what, ['before', 'finished'])
    once(input, what)
    attempt(f)
  }
  /** Where there is nothing to be given or claimed, a stage is passed over. */
  const passInputs = (what: string) => {
    if (plan.inputs.length === 0) enter('inputs', what, ['before', 'finished'])
  }
  const passClaims = (what: string) => {
    passInputs(what)
    if (kept.length === 0) enter('claims', what, ['inputs'])
  }
  const handOver = (output: number, what: string) => {
    if (stage !== 'finished' || !claimed.has(output)) refuse(what)
    once(output, what)
  }

  return {
    running: executor.running,
    load: (input, value) => takeIn(input, 'load', () => executor.load(input, value)),
    hold: (input, holder) => takeIn(input, 'hold', () => executor.hold(input, holder)),
    claim: (output, leaf) => {
      passInputs('claim')
      enter('claims', 'claim', ['inputs'])
      if (!kept.includes(output)) refuse('claim')
      once(output, 'claim')
      attempt(() => executor.claim(output, leaf))
    },
    run: () => {
      passClaims('run')
      if (stage === 'run') refuse('run')
      const next = done
      enter('run', 'run', ['claims'])
      claimed = next
      attempt(() => executor.run())
    },
    read: (output) => {
      if (stage !== 'run' || kept.includes(output)) refuse('read')
      return executor.read(output)
    },
    finish: () => {
      if (stage === 'finished') refuse('finish')
      enter('finished', 'finish', ['run'])
      executor.finish()
    },
    give: (output, holder) => {
      handOver(output, 'give')
      executor.give(output, holder)
    },
    gradient: (output, like) => {
      handOver(output, 'gradient')
      return executor.gradient(output, like)
    },
    release: () => {
      enter('released', 'release', ['before', 'finished'])
      executor.release()
    },
  }
}
