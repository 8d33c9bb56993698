import { kinds } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { initializer, state as kindOfState } from '../kinds.js'
import { moduleLoadOptions } from '../state/state-dict.js'
import { applyOptions } from './apply.js'

const nothing = (method: string) => checker(`Module.${method}`, {})
const hook = (method: string) => checker(`Module.${method}`, { hook: kinds.function })
/** What the methods of a module take. */
export const takes = {
  apply: checker('Module.apply', { init: initializer, options: applyOptions }),
  training: checker('Module', { training: kinds.boolean }),
  parameters: nothing('parameters'),
  namedParameters: nothing('namedParameters'),
  namedBuffers: nothing('namedBuffers'),
  modules: nothing('modules'),
  namedModules: nothing('namedModules'),
  zeroGrad: nothing('zeroGrad'),
  freeze: nothing('freeze'),
  unfreeze: nothing('unfreeze'),
  train: checker('Module.train', { training: kinds.optional(kinds.boolean) }),
  eval: nothing('eval'),
  stateDict: nothing('stateDict'),
  loadStateDict: checker('Module.loadStateDict', { state: kindOfState, options: moduleLoadOptions }),
  beforeForward: hook('beforeForward'),
  afterForward: hook('afterForward'),
  beforeBackward: hook('beforeBackward'),
  afterBackward: hook('afterBackward'),
}
