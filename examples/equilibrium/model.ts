import { implicit, parameter, type Random, type Tensor, tensor, zeros } from '@adjoint/autograd'

const float64 = { dtype: 'float64' } as const
type Points = Tensor<[number, 2]>
type State = Tensor<[number, number]>

/** How many times the layer was applied until it stood still, by the latest call. */
export interface Rounds {
  count: number
}

/**
 * z = tanh(z W + x U + b), solved for z, and a score read from it. W is kept so small that the layer brings any two states
 * nearer to each other: there is one equilibrium, and to apply the layer again and again leads there.
 */
export const createModel = (width: number, random: Random, rounds: Rounds = { count: 0 }) => {
  const normal = (shape: [number, number], scale: number) => parameter(random.normal(shape, float64).mul(scale))
  const w = normal([width, width], 1)
  const u = normal([2, width], 1)
  const b = parameter(zeros([width], float64))
  const out = normal([width, 1], 1 / Math.sqrt(width))

  const layer = (z: State, x: Points): State => {
    const contraction = w.mul(0.95).div(w.square().sum().add(1).sqrt())
    return z.matmul(contraction).add(x.matmul(u)).add(b).tanh() as State
  }
  const settle = (x: Points): State => {
    let z: State = zeros([x.shape[0], width], float64)
    for (rounds.count = 1; ; rounds.count++) {
      const next = layer(z, x)
      const change = next.sub(z).abs().max().item()
      z = next
      if (change < 1e-9 || rounds.count === 1_000) return z
    }
  }
  const equilibrium = implicit(settle, layer, { fixedPoint: true, linear: { tolerance: 1e-9 } })
  /** The same without the theorem: derivatives go back through every round. */
  const unrolled = (x: Points, count: number): State => {
    let z: State = zeros([x.shape[0], width], float64)
    for (let i = 0; i < count; i++) z = layer(z, x)
    return z
  }
  const read = (z: State): Tensor<[number]> => z.matmul(out).reshape([-1])
  return { parameters: [w, u, b, out], equilibrium, unrolled, read, rounds }
}

/** Two half circles, one in the arms of the other, and which one each point is of. */
export const moons = (count: number, random: Random): { readonly x: Points; readonly y: Tensor<[number]> } => {
  const noise = random.normal([count, 2], float64).mul(0.1)
  const places = Array.from({ length: count }, (_, i): [number, number] => {
    const angle = (Math.PI * (i >> 1)) / (count / 2 - 1)
    return i % 2 === 0
      ? [Math.cos(angle) - 0.5, Math.sin(angle) - 0.25]
      : [0.5 - Math.cos(angle), 0.25 - Math.sin(angle)]
  })
  return {
    x: tensor(places, float64).add(noise) as Points,
    y: tensor(
      places.map((_, i) => i % 2),
      float64,
    ) as Tensor<[number]>,
  }
}
