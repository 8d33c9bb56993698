import { concat, flip, type Random } from '@adjoint/autograd'
import { type Digits, pixels, side } from '../data/mnist.js'

type Images = Digits['images']

/** Images that are no digits, made of images that are: by name, [n, 784]. */
export const oddImages = (images: Images, random: Random): Readonly<Record<string, Images>> => {
  const count = images.shape[0]
  const squares = images.reshape([count, side, side])
  const half = side / 2
  const [top, bottom] = [squares.slice(1, 0, half), squares.slice(1, half, side)] as const
  return {
    'two digits at once': images.maximum(flip(images, 0)),
    'turned by 90 degrees': flip(squares.transpose(), 2).reshape([count, pixels]),
    'upper and lower half exchanged': concat([bottom, top], 1).reshape([count, pixels]),
    'dark for light': images.neg().add(1),
    noise: random.uniform([count, pixels]),
  }
}
