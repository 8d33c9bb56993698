import { Value as Closures } from './closures.js'
import { Value as Lean } from './lean.js'

const sum = (values) => values.reduce((total, each) => total.add(each))

const rosenbrock = (x) =>
  sum(
    x.slice(1).map((next, i) => {
      const step = next.sub(x[i].mul(x[i]))
      const rest = x[i].add(-1)
      return step.mul(step).mul(100).add(rest.mul(rest))
    }),
  )

const dot = (a, b) => a[0].mul(b[0]).add(a[1].mul(b[1])).add(a[2].mul(b[2]))
const minor = (a, b, i, j) => a[i].mul(b[j]).sub(a[j].mul(b[i]))

const project = ([r0, r1, r2, c0, c1, c2, focal, u0, v0, k1, k2], point) => {
  const axis = [r0, r1, r2]
  const from = [point[0].sub(c0), point[1].sub(c1), point[2].sub(c2)]
  const across = [minor(axis, from, 1, 2), minor(axis, from, 2, 0), minor(axis, from, 0, 1)]
  const square = dot(axis, axis)
  const angle = square.pow(0.5)
  const [sine, cosine] = [angle.sin().div(angle), angle.cos()]
  const along = dot(axis, from).mul(cosine.mul(-1).add(1)).div(square)
  const part = (i) => from[i].mul(cosine).add(across[i].mul(sine)).add(axis[i].mul(along))
  const z = part(2)
  const [u, v] = [part(0).div(z), part(1).div(z)]
  const rho = u.mul(u).add(v.mul(v))
  const scale = k1
    .mul(rho)
    .add(1)
    .add(k2.mul(rho.mul(rho)))
    .mul(focal)
  return [u.mul(scale).add(u0), v.mul(scale).add(v0)]
}

const squares = ({ cameras, points, weights }, observations) => {
  const residuals = observations.flatMap(({ camera, point, seen }, i) => {
    const [u, v] = project(cameras[camera], points[point])
    return [u.add(-seen[0]).mul(weights[i]), v.add(-seen[1]).mul(weights[i])]
  })
  return sum([...residuals, ...weights.map((w) => w.mul(w).mul(-1).add(1))].map((each) => each.mul(each)))
}

export const program = (task, variant) => {
  const Value = variant === 'lean' ? Lean : Closures
  const values = (numbers) => Array.from(numbers, (x) => new Value(x))
  return () => {
    if (task.program === 'Rosenbrock') {
      const x = values(task.x)
      const total = rosenbrock(x)
      total.backward()
      return [total.data, x[0].grad, x.at(-1).grad]
    }
    const { at, given } = task
    const x = { cameras: at.cameras.map(values), points: at.points.map(values), weights: values(at.weights) }
    const total = squares(x, given)
    total.backward()
    return [total.data, x.cameras[0][0].grad, x.points[1][2].grad, x.weights[2].grad]
  }
}
