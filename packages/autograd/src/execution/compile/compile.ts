import type { Compilation } from './executor.js'
import { interpreter } from './interpreter.js'
import { termsInOrder } from './order.js'
import { schedule } from './schedule.js'
import { simplify } from './simplify.js'
import type { Input } from './term.js'
import type { Traced } from './trace.js'

export const compileTraced = ({ outputs }: Traced): Compilation => {
  const roots = simplify(outputs.map(({ term }) => term))
  const inputs = termsInOrder(roots).filter((term): term is Input => term.kind === 'input')
  const plan = schedule(inputs, roots)
  return { executor: interpreter(plan), inputs, explain: () => '' }
}
