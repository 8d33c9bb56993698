import { guard, type Tensor } from '@adjoint/autograd'
import { type Model, outputOf } from './output.js'
import { type Program, programOf, settingsOf } from './program.js'

/** The output of a model as a program, which notices the settings of its modules. @param owner how messages begin */
export const predictorOf = (owner: string, model: Model, compiles: boolean): Program<[x: Tensor], Tensor> => {
  const settings = settingsOf(model.modules())
  return programOf(
    owner,
    (x: Tensor) => {
      for (const read of settings) guard(read)
      return outputOf(model, x)
    },
    compiles,
  )
}
