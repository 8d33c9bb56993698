import type { Random } from '@adjoint/autograd'
import { BatchNorm2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential, Unflatten } from '@adjoint/nn'
import { side } from '../data/mnist.js'

/**
 * 784 pixels; twice filters that look for something at every place, the strongest answer of four neighbours, and a scale;
 * then a score for each digit. A pool stands before its norm, so that there is a quarter to normalize, and a bias would be
 * undone there.
 */
export const createModel = (random: Random) =>
  new Sequential(
    [
      'strokes',
      new Sequential(
        new Unflatten(1, [1, side, side]),
        new Conv2d(1, 16, 5, { bias: false, random }),
        new MaxPool2d(2),
        new BatchNorm2d(16),
        new ReLU(),
      ),
    ],
    [
      'parts',
      new Sequential(new Conv2d(16, 32, 3, { bias: false, random }), new MaxPool2d(2), new BatchNorm2d(32), new ReLU()),
    ],
    ['digit', new Sequential(new Flatten(), new Linear(800, 10, { random }))],
  )

export type ConvolutionalModel = ReturnType<typeof createModel>
