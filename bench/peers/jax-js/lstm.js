import { nn, numpy as np } from '@jax-js/jax'
import { adam, arrayOf, crossEntropy, trainer } from './start.js'

export const program = ({ steps, batch, hidden, inputs, labels, parameters, learningRate }, variant) => {
  const x = np.array(inputs).reshape([steps, batch, hidden])
  const y = nn.oneHot(np.array(labels), 10)
  const loss = ([wx, wh, b, w, c], x, y) => {
    let state = np.zeros([batch, hidden])
    let cell = np.zeros([batch, hidden])
    for (const input of np.unstack(x)) {
      const gates = np.matmul(input, wx.ref).add(np.matmul(state, wh.ref)).add(b.ref)
      const [i, f, g, o] = np.split(gates, 4, 1)
      cell = nn
        .sigmoid(f)
        .mul(cell)
        .add(nn.sigmoid(i).mul(np.tanh(g)))
      state = nn.sigmoid(o).mul(np.tanh(cell.ref))
    }
    for (const unused of [cell, wx, wh, b]) unused.dispose()
    return crossEntropy(np.matmul(state, w).add(c), y)
  }
  return trainer(variant, loss, adam(learningRate), parameters.map(arrayOf), [x, y])
}
