import { type ProgramSteps, workspaceOf } from '../steps.js'
import { loopSteps } from './loops.js'
import { productSteps } from './products.js'

/** What programs have beside the steps of eager ops, for one module. */
export const programSteps = (): ProgramSteps => {
  const steps: ProgramSteps = { products: productSteps(), loops: loopSteps((step) => workspaceOf(step, steps)) }
  return steps
}
