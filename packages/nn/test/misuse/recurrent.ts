import { tensor, zeros } from '@adjoint/autograd'
import type { Subject } from '../../../autograd/test/misuse/walk.js'
import * as nn from '../../src/index.js'
import { creation, type Entry } from './entries.js'

const cellOptions = () => ({ bias: true, init: nn.init.zeros(), recurrentInit: nn.init.ones(), ...creation() })
const options = () => ({ ...cellOptions(), layers: 2, bidirectional: true, dropout: 0.5, save: 'all' })
const made = (more: object): Entry => ({ args: () => [3, 2, { ...options(), ...more }], options: { save: 'number' } })

/** Modules, by what their constructors take. */
export const modules: Readonly<Record<string, Entry>> = {
  RNN: made({ activation: 'relu' }),
  GRU: made({ resetAfter: false }),
  LSTM: made({ projection: 2, forgetBias: 1 }),
  RNNCell: { args: () => [3, 2, { ...cellOptions(), activation: 'relu' }] },
  GRUCell: { args: () => [3, 2, { ...cellOptions(), resetAfter: false }] },
  LSTMCell: { args: () => [3, 2, { ...cellOptions(), forgetBias: 1 }] },
}

const x = () => zeros([2, 5, 3])
const lengths = () => ({ lengths: tensor([1, 5], { dtype: 'int32' }) })
const one = () => zeros([1, 2, 2])
const pair = () => ({ hidden: one(), cell: one() })
const cellPair = () => ({ hidden: zeros([2, 2]), cell: zeros([2, 2]) })

/** Methods. */
export const methods: Readonly<Record<string, Subject>> = {
  'RNN.forward': {
    args: () => [x(), one(), lengths()],
    may: ['', 'undefined null'],
    call: (...args: [never]) => new nn.RNN(3, 2).forward(...args),
  },
  'GRU.forward': {
    args: () => [x(), one(), lengths()],
    may: ['', 'undefined null'],
    call: (...args: [never]) => new nn.GRU(3, 2).forward(...args),
  },
  'LSTM.forward': {
    args: () => [x(), pair(), lengths()],
    may: ['', 'data undefined null'],
    call: (...args: [never]) => new nn.LSTM(3, 2).forward(...args),
  },
  'RNNCell.forward': {
    args: () => [zeros([2, 3]), zeros([2, 2])],
    may: ['', 'undefined null'],
    call: (...args: [never]) => new nn.RNNCell(3, 2).forward(...args),
  },
  'GRUCell.forward': {
    args: () => [zeros([2, 3]), zeros([2, 2])],
    may: ['', 'undefined null'],
    call: (...args: [never]) => new nn.GRUCell(3, 2).forward(...args),
  },
  'LSTMCell.forward': {
    args: () => [zeros([2, 3]), cellPair()],
    may: ['', 'data undefined null'],
    call: (...args: [never]) => new nn.LSTMCell(3, 2).forward(...args),
  },
}
