import { nn, numpy as np } from '@jax-js/jax'
import { adam, arrayOf, crossEntropy, trainer } from './start.js'

const layerNorm = (x, { scale, shift }) => {
  const centered = x.ref.sub(np.mean(x, -1, { keepdims: true }))
  const variance = np.mean(np.square(centered.ref), -1, { keepdims: true })
  return centered
    .div(np.sqrt(variance.add(1e-5)))
    .mul(scale)
    .add(shift)
}

const linear = (x, { weight, bias }) => np.matmul(x, weight).add(bias)

const arrays = (weights) => {
  if (Array.isArray(weights)) return weights.map(arrays)
  if (weights.values !== undefined) return arrayOf(weights)
  return Object.fromEntries(Object.entries(weights).map(([name, part]) => [name, arrays(part)]))
}

export const program = (data, variant) => {
  const { batch, time, width, heads, vocabulary, parameters, learningRate, weightDecay } = data
  const size = width / heads
  const tokens = nn.oneHot(np.array(data.tokens).reshape([batch, time]), vocabulary)
  const targets = nn.oneHot(np.array(data.targets).reshape([batch, time]), vocabulary)
  const hidden = np.triu(np.ones([time, time]), 1).mul(-1e9)

  const attention = (x, qkv, hidden) => {
    const parts = linear(x, qkv).reshape([batch, time, 3, heads, size])
    const [queries, keys, values] = np.unstack(np.transpose(parts, [2, 0, 3, 1, 4]))
    const scores = np.matmul(queries, np.matrixTranspose(keys)).mul(size ** -0.5)
    const mixed = np.matmul(nn.softmax(scores.add(hidden)), values)
    return np.transpose(mixed, [0, 2, 1, 3]).reshape([batch, time, width])
  }
  const transform = (x, block, hidden) => {
    const attended = x.ref.add(linear(attention(layerNorm(x, block.norm1), block.qkv, hidden), block.projection))
    const thought = nn.gelu(linear(layerNorm(attended.ref, block.norm2), block.expand), { approximate: true })
    return attended.add(linear(thought, block.contract))
  }
  const loss = ({ token, position, blocks, norm, head }, tokens, targets, hidden) => {
    // the gradient of indexing is slower here than that of a product with one-hot rows
    let x = np.matmul(tokens, token).add(position)
    for (const block of blocks) x = transform(x, block, hidden.ref)
    hidden.dispose()
    return crossEntropy(linear(layerNorm(x, norm), head), targets)
  }
  return trainer(variant, loss, adam(learningRate, weightDecay), arrays(parameters), [tokens, targets, hidden])
}
