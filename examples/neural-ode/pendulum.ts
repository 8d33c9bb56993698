import { stack } from '@adjoint/autograd'
import type { Field, States } from './solver.js'

const friction = 0.15

/** A pendulum with some friction, of such a length that gravity over it is 1: the truth that is to be found. */
export const pendulum: Field = (states) => {
  const [angle, speed] = [states.at(':', 0), states.at(':', 1)]
  return stack([speed, angle.sin().neg().sub(speed.mul(friction))], -1) as unknown as States
}
