import { type Tensor, zeros } from '@adjoint/autograd'
import type { Subject } from '../../../autograd/test/misuse/walk.js'
import * as nn from '../../src/index.js'
import { creation, type Entry, entriesOf } from './entries.js'

const made = () => ({ bias: true, init: nn.init.zeros(), ...creation() })
const layer = () => ({
  ...made(),
  feedForward: 3,
  activation: 'gelu',
  dropout: 0,
  normFirst: true,
  epsilon: 0.1,
  keyHeads: 1,
  headFeatures: 2,
  rotary: true,
  alibi: true,
})
const stack = () => ({ ...layer(), finalNorm: true })
const ofLayer = { rotary: 'object bare', activation: 'function' }

/** Modules, by what their constructors take. */
export const modules: Readonly<Record<string, Entry>> = {
  MultiheadAttention: {
    args: () => [
      4,
      2,
      {
        ...made(),
        keyFeatures: 3,
        valueFeatures: 2,
        keyHeads: 1,
        headFeatures: 2,
        dropout: 0.5,
        alibi: true,
        rotary: { pairs: 'neighbours', base: 100 },
      },
    ],
    options: { rotary: 'boolean bare' },
  },
  RotaryPositions: { args: () => [4, { base: 100, pairs: 'halves' }] },
  SinusoidalPositions: { args: () => [4, { base: 100 }] },
  LearnedPositions: { args: () => [4, 3, { init: nn.init.zeros(), ...creation() }] },
  ...entriesOf(['TransformerEncoderLayer', 'TransformerDecoderLayer'], {
    args: () => [4, 2, layer()],
    options: ofLayer,
  }),
  Transformer: { args: () => [4, 2, { ...stack(), encoderLayers: 1, decoderLayers: 1 }], options: ofLayer },
  ...entriesOf(['TransformerEncoder', 'TransformerDecoder'], { args: () => [1, 4, 2, stack()], options: ofLayer }),
}

const x = (time = 3): Tensor => zeros([2, time, 4])
const truths = (...shape: number[]): Tensor => zeros(shape).equal(0)
const attention = () => new nn.MultiheadAttention(4, 2)
const encoderLayer = () => new nn.TransformerEncoderLayer(4, 2)
const encoder = () => new nn.TransformerEncoder(1, 4, 2)
const decoderLayer = () => new nn.TransformerDecoderLayer(4, 2)
const decoder = () => new nn.TransformerDecoder(1, 4, 2)
const masks = (keys: number) => ({ mask: truths(3, keys), keyMask: truths(2, keys), causal: true })
const memoryMasks = () => ({ memoryMask: truths(3, 5), memoryKeyMask: truths(2, 5) })

/** Methods, each with a call of it. */
export const methods: Readonly<Record<string, Subject>> = {
  'MultiheadAttention.forward': {
    args: () => [x(), x(), x(), { ...masks(7), cache: attention().cache(7, [2]) }],
    may: ['', 'undefined', 'undefined'],
    call: (...args: [never]) => attention().forward(...args),
  },
  'MultiheadAttention.project': {
    args: () => [x(), x()],
    may: ['', 'undefined'],
    call: (...args: [never]) => attention().project(...args),
  },
  'MultiheadAttention.weights': {
    args: () => [x(), x(), { ...masks(7), cache: attention().cache(7, [2]) }],
    may: ['', 'undefined'],
    call: (...args: [never]) => attention().weights(...args),
  },
  'MultiheadAttention.cache': {
    args: () => [7, [2]],
    may: ['', 'undefined array'],
    call: (...args: [never]) => attention().cache(...args),
  },
  'TransformerEncoderLayer.forward': {
    args: () => [x(), { ...masks(7), cache: encoderLayer().cache(7, [2]) }],
    call: (...args: [never]) => encoderLayer().forward(...args),
  },
  'TransformerEncoderLayer.cache': {
    args: () => [7, [2]],
    may: ['', 'undefined array'],
    call: (...args: [never]) => encoderLayer().cache(...args),
  },
  'TransformerEncoder.forward': {
    args: () => [x(), { ...masks(7), cache: encoder().cache(7, [2]) }],
    call: (...args: [never]) => encoder().forward(...args),
  },
  'TransformerEncoder.cache': {
    args: () => [7, [2]],
    may: ['', 'undefined array'],
    call: (...args: [never]) => encoder().cache(...args),
  },
  'TransformerDecoderLayer.forward': {
    args: () => [x(), x(5), { ...masks(3), ...memoryMasks() }],
    call: (...args: [never, never]) => decoderLayer().forward(...args),
  },
  'TransformerDecoderLayer.cache': {
    args: () => [x(5), 7],
    call: (...args: [never, never]) => decoderLayer().cache(...args),
  },
  'Transformer.forward': {
    args: () => [x(5), x(), { ...masks(3), ...memoryMasks(), sourceMask: truths(5, 5), sourceKeyMask: truths(2, 5) }],
    call: (...args: [never, never]) =>
      new nn.Transformer(4, 2, { encoderLayers: 1, decoderLayers: 1 }).forward(...args),
  },
  'TransformerDecoder.forward': {
    args: () => [x(), { ...masks(7), ...memoryMasks(), cache: decoder().cache(x(5), 7) }],
    may: ['', 'required'],
    options: { cache: 'required' },
    call: (...args: [never, never]) => decoder().forward(...args),
  },
  'TransformerDecoder.cache': {
    args: () => [x(5), 7],
    call: (...args: [never, never]) => decoder().cache(...args),
  },
}
