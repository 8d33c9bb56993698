import { einsum, type Tensor, tensor } from '@adjoint/autograd'
import { Numbers } from './numbers.js'
import { workload } from './workload.js'

interface Product {
  readonly name: keyof typeof products
  readonly written: boolean
  readonly a: Float32Array
  readonly b: Float32Array
}
interface Shapes {
  readonly a: readonly number[]
  readonly b: readonly number[]
  readonly subscripts: string
  /** The same by hand. */
  readonly byHand: (a: Tensor, b: Tensor) => Tensor
}

const products = {
  'matrices of 256': {
    a: [256, 256],
    b: [256, 256],
    subscripts: 'ij,jk->ik',
    byHand: (a, b) => a.matmul(b),
  },
  'matrices of 16': {
    a: [16, 16],
    b: [16, 16],
    subscripts: 'ij,jk->ik',
    byHand: (a, b) => a.matmul(b),
  },
  'queries and keys of heads': {
    a: [4, 128, 4, 32],
    b: [4, 128, 4, 32],
    subscripts: 'bqhd,bkhd->bhqk',
    byHand: (a, b) => a.permute([0, 2, 1, 3]).matmul(b.permute([0, 2, 3, 1])),
  },
  'channels of images': {
    a: [8, 16, 32, 32],
    b: [16, 16],
    subscripts: 'nchw,co->nohw',
    byHand: (a, b) =>
      b
        .transpose()
        .matmul(a.reshape([8, 16, 1024]))
        .reshape([8, 16, 32, 32]) as Tensor,
  },
  'rows with rows': {
    a: [512, 64],
    b: [512, 64],
    subscripts: 'ij,ij->i',
    byHand: (a, b) => a.mul(b).sum(1) as Tensor,
  },
} satisfies Record<string, Shapes>

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b)

/** einsum beside the products that it stands for: one may cost what the other does. */
export const einsums = workload<Product>({
  name: 'einsum',
  title: 'einsum and the same product by hand, float32',
  unit: 'product',
  tolerance: 1e-3,
  cases: (Object.keys(products) as (keyof typeof products)[]).flatMap((name) =>
    [true, false].map((written) => ({
      name: `${name}, ${written ? 'einsum' : 'by hand'}`,
      long: name !== 'queries and keys of heads',
      data: (): Product => {
        const numbers = new Numbers()
        const { a, b } = products[name] as Shapes
        return { name, written, a: numbers.uniform(sizeOf(a)), b: numbers.uniform(sizeOf(b)) }
      },
    })),
  ),
  adjoint: ({ name, written, a, b }, wrap) => {
    const shapes = products[name] as Shapes
    const [x, y] = [tensor(a).reshape([...shapes.a]) as Tensor, tensor(b).reshape([...shapes.b]) as Tensor]
    const multiply = wrap(written ? (x: Tensor, y: Tensor) => einsum(shapes.subscripts, x, y) as Tensor : shapes.byHand)
    return () => {
      const { data } = multiply(x, y)
      return [data[1]!, data[data.length - 2]!]
    }
  },
})
