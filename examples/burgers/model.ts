import { jvp, onesLike, type Random, stack, type Tensor } from '@adjoint/autograd'
import { init, Linear, Module, Sequential, Tanh } from '@adjoint/nn'

/** Places and times, [n, 2]: x from -1 to 1 and t from 0 to 1. */
export type Points = Tensor<[number, 2]>
type Column = Tensor<[number]>

/**
 * A network that is a function u(x, t), and what Burgers' equation says of it. It begins as -sin(pi x) and is 0 at both ends
 * whatever its weights are, because it is built so (Lagaris, Likas and Fotiadis, 1998): only the equation is left to learn.
 */
export class Flow extends Module {
  /** How fast friction takes motion away. */
  readonly viscosity: number
  private readonly net

  constructor(viscosity: number, width: number, random: Random) {
    super()
    this.viscosity = viscosity
    const options = { init: init.xavierUniform(), random }
    this.net = new Sequential(
      new Linear(2, width, options),
      new Tanh(),
      new Linear(width, width, options),
      new Tanh(),
      new Linear(width, width, options),
      new Tanh(),
      new Linear(width, 1, options),
    )
  }

  /** u at places and times. */
  at(x: Column, t: Column): Column {
    const scaled = stack([x, t.mul(2).sub(1)], -1)
    const free = this.net.forward(scaled).at(':', 0)
    const ends = x.square().neg().add(1)
    return free.mul(ends).mul(t).sub(x.mul(Math.PI).sin())
  }

  /** u_t + u u_x - viscosity u_xx at points, which is 0 where the equation holds, [n]. */
  forward(points: Points): Column {
    const [x, t] = [points.at(':', 0), points.at(':', 1)]
    const one = onesLike(x)
    const slope = (x: Column) => jvp((x: Column) => this.at(x, t), [x], [one])
    // the derivative of a function and its derivative: a jvp of a jvp
    const [[u, ux], [, uxx]] = jvp(slope, [x], [one])
    const [, ut] = jvp((t: Column) => this.at(x, t), [t], [one])
    return ut.add(u.mul(ux)).sub(uxx.mul(this.viscosity))
  }
}
