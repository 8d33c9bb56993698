import { Value as Closures } from './closures.js'
import { Value as Lean } from './lean.js'

export const program = ({ layers, points, labels, learningRate }, variant) => {
  const Value = variant === 'lean' ? Lean : Closures
  const model = layers.map((layer) => layer.map((neuron) => Array.from(neuron, (x) => new Value(x))))
  const parameters = model.flat(2)
  const fire = ([bias, ...weights], inputs) => weights.reduce((sum, w, i) => sum.add(w.mul(inputs[i])), bias)
  const score = (point) =>
    model.reduce(
      (inputs, layer, l) => layer.map((neuron) => (l < 2 ? fire(neuron, inputs).relu() : fire(neuron, inputs))),
      point,
    )[0]
  return () => {
    const losses = points.map((point, i) => score(point).mul(-labels[i]).add(1).relu())
    const mean = losses.reduce((sum, x) => sum.add(x)).mul(1 / points.length)
    const loss = parameters.reduce((sum, p) => sum.add(p.mul(p).mul(1e-4)), mean)
    for (const p of parameters) p.grad = 0
    loss.backward()
    for (const p of parameters) p.data -= learningRate * p.grad
    return [loss.data]
  }
}
