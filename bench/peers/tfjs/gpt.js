import * as tf from '@tensorflow/tfjs'
import { adam, variableOf } from './start.js'

const layerNorm = (x, { scale, shift }) => {
  const { mean, variance } = tf.moments(x, -1, true)
  return x.sub(mean).mul(variance.add(1e-5).rsqrt()).mul(scale).add(shift)
}

// tfjs multiplies batches of one rank only
const linear = (x, { weight, bias }) => {
  const [inputs, outputs] = weight.shape
  const rows = x.reshape([-1, inputs]).matMul(weight).add(bias)
  return rows.reshape([...x.shape.slice(0, -1), outputs])
}

/** GELU in its approximation by tanh, which tfjs lacks. */
const gelu = (x) =>
  x
    .add(x.square().mul(x).mul(0.044715))
    .mul(Math.sqrt(2 / Math.PI))
    .tanh()
    .add(1)
    .mul(x)
    .mul(0.5)

const variablesOf = (weights) => {
  if (Array.isArray(weights)) return weights.map(variablesOf)
  if (weights.values !== undefined) return variableOf(weights)
  return Object.fromEntries(Object.entries(weights).map(([name, part]) => [name, variablesOf(part)]))
}
const leaves = (tree) => (tree instanceof tf.Variable ? [tree] : Object.values(tree).flatMap(leaves))

export const program = ({ batch, time, width, heads, vocabulary, ...data }) => {
  const size = width / heads
  const { token, position, blocks, norm, head } = variablesOf(data.parameters)
  const variables = leaves([token, position, blocks, norm, head])
  // the wasm backend lacks the gradient of gather
  const rows = (indices) => tf.oneHot(tf.tensor1d(indices, 'int32'), vocabulary).toFloat()
  const [tokens, targets] = [rows(data.tokens), rows(data.targets)]
  const hidden = tf.tensor2d(
    Float32Array.from({ length: time ** 2 }, (_, i) => (i % time > Math.floor(i / time) ? -1e9 : 0)),
    [time, time],
  )

  const attention = (x, qkv) => {
    const parts = linear(x, qkv).reshape([batch, time, 3, heads, size]).transpose([2, 0, 3, 1, 4])
    const [queries, keys, values] = parts.unstack(0)
    const scores = queries.matMul(keys, false, true).mul(size ** -0.5)
    const mixed = scores.add(hidden).softmax(-1).matMul(values)
    return mixed.transpose([0, 2, 1, 3]).reshape([batch, time, width])
  }
  const transform = (x, block) => {
    const attended = x.add(linear(attention(layerNorm(x, block.norm1), block.qkv), block.projection))
    const thought = gelu(linear(layerNorm(attended, block.norm2), block.expand))
    return attended.add(linear(thought, block.contract))
  }
  const loss = () => {
    let x = tokens.matMul(token).reshape([batch, time, width]).add(position)
    for (const block of blocks) x = transform(x, block)
    const logits = linear(layerNorm(x, norm), head).reshape([batch * time, vocabulary])
    return tf.losses.softmaxCrossEntropy(targets, logits)
  }

  const optimizer = adam(data.learningRate)
  const kept = 1 - data.learningRate * data.weightDecay
  return () => {
    // AdamW shrinks what it then updates: by the gradient at the parameters before
    const { value, grads } = optimizer.computeGradients(loss, variables)
    for (const variable of variables) variable.assign(tf.tidy(() => variable.mul(kept)))
    optimizer.applyGradients(grads)
    const [number] = value.dataSync()
    tf.dispose([value, grads])
    return [number]
  }
}
