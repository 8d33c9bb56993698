// Files of @adjoint/formats in a folder, and what they have, for scripts/oracle/formats.py to read.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Tensor, tensor, zeros } from '../../packages/autograd/src/index.js'
import { saveTree } from '../../packages/formats/src/node/index.js'

const folder = process.argv[2]!
mkdirSync(folder, { recursive: true })

const tensors: Readonly<Record<string, Tensor>> = {
  float64: tensor([0.1, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324], { dtype: 'float64' }),
  float32: tensor([
    [1.5, 2 ** -149],
    [-0, Number.NEGATIVE_INFINITY],
  ]),
  int32: tensor([2 ** 31 - 1, -(2 ** 31)], { dtype: 'int32' }),
  bool: tensor([[true], [false]]),
  scalar: tensor(3),
  empty: zeros([0, 3]),
  '0.weight': tensor([[1, 2]]),
  'ä "b"': tensor([1]),
}
const files: Readonly<Record<string, readonly [tree: unknown, named: unknown]>> = {
  'flat.safetensors': [tensors, tensors],
  'tree.safetensors': [
    { model: tensors, epoch: 3, history: [{ loss: Number.NaN }], more: [tensors.int32] },
    {
      ...Object.fromEntries(Object.entries(tensors).map(([name, x]) => [`model.${name}`, x])),
      'more.0': tensors.int32,
    },
  ],
  'plain.safetensors': [{ epoch: 3 }, {}],
  'stored.npz': [tensors, tensors],
  ...Object.fromEntries(
    Object.entries(tensors)
      .slice(0, 7)
      .map(([name, x]) => [`${name}.npy`, [x, x]]),
  ),
}
for (const [name, [tree]] of Object.entries(files)) await saveTree(join(folder, name), tree)
await saveTree(join(folder, 'deflated.npz'), tensors, { compress: true })
const expected = Object.entries(files).map(([name, [, named]]) => [name, named])
writeFileSync(
  join(folder, 'expected.json'),
  JSON.stringify(Object.fromEntries([...expected, ['deflated.npz', tensors]])),
)
