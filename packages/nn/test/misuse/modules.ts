import type { Tensor } from '@adjoint/autograd'
import * as nn from '../../src/index.js'
import { creation, type Entry, entriesOf, none } from './entries.js'

/** Modules, by what their constructors take. */
export const modules: Readonly<Record<string, Entry>> = {
  ...entriesOf(['Module', 'Layer', 'ReLU', 'ReLU6', 'SELU', 'Sigmoid', 'LogSigmoid', 'Tanh', 'Softsign'], none),
  ...entriesOf(['SiLU', 'Mish', 'HardSigmoid', 'HardSwish', 'Identity'], none),
  ...entriesOf(['LeakyReLU', 'ELU', 'CELU'], { args: () => [0.5], may: ['undefined'] }),
  ...entriesOf(['Softmax', 'LogSoftmax'], { args: () => [1], may: ['undefined'] }),
  GELU: { args: () => [{ approximate: 'tanh' }] },
  Activation: { args: () => ['double', (x: Tensor) => x.mul(2)], may: ['string'] },
  Linear: { args: () => [3, 2, { bias: true, init: nn.init.zeros(), ...creation() }] },
  Sequential: { args: () => [new nn.ReLU(), new nn.Tanh()], forwards: true },
  ModuleList: { args: () => [[new nn.ReLU()]], may: ['undefined array'] },
  ModuleDict: { args: () => [{ act: new nn.ReLU() }], may: ['data bare'] },
}
