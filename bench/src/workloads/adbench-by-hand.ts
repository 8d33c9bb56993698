import type { Bundle, Observation } from '../../../packages/autograd/test/scalar/adbench/bundle.js'
import type { Mixture, Observed } from '../../../packages/autograd/test/scalar/adbench/gmm.js'

// Two objectives of ADBench and their derivatives as one writes them by hand, in loops over arrays.

/** Values and derivatives are written to arrays that are made once. */
export interface ByHand {
  readonly objective: () => ArrayLike<number>
  readonly derivative: () => ArrayLike<number>
}

/** Where the derivatives of a residual's two numbers are: by 11 of the camera, 3 of the point, and the weight. */
const [rowLength, byPoint, byWeight] = [15, 11, 14]

export const bundleByHand = (
  { cameras, points, weights }: Bundle<number>,
  observations: readonly Observation[],
): ByHand => {
  const count = observations.length
  const values = new Float64Array(3 * count)
  const jacobian = new Float64Array(2 * count * rowLength + count)
  const turning = new Float64Array(9)
  const turned = new Float64Array(9)

  /** One observation, with its rows of the Jacobian or without. */
  const residual = (i: number, derive: boolean): void => {
    const { camera, point, seen } = observations[i]!
    const cam = cameras[camera]!
    const at = points[point]!
    const weight = weights[i]!
    const [r0, r1, r2] = [cam[0]!, cam[1]!, cam[2]!]
    const [x0, x1, x2] = [at[0]! - cam[3]!, at[1]! - cam[4]!, at[2]! - cam[5]!]
    const square = r0 * r0 + r1 * r1 + r2 * r2
    const angle = Math.sqrt(square)
    const c = square === 0 ? 1 : Math.cos(angle)
    const a = square === 0 ? 1 : Math.sin(angle) / angle
    const b = square === 0 ? 0 : (1 - c) / square
    const [p0, p1, p2] = [r1 * x2 - r2 * x1, r2 * x0 - r0 * x2, r0 * x1 - r1 * x0]
    const dot = r0 * x0 + r1 * x1 + r2 * x2
    const z = c * x2 + a * p2 + b * dot * r2
    const u = (c * x0 + a * p0 + b * dot * r0) / z
    const v = (c * x1 + a * p1 + b * dot * r1) / z
    const rho = u * u + v * v
    const focal = cam[6]!
    const scale = 1 + cam[9]! * rho + cam[10]! * rho * rho
    const offU = u * scale * focal + cam[7]! - seen[0]
    const offV = v * scale * focal + cam[8]! - seen[1]
    values[2 * i] = weight * offU
    values[2 * i + 1] = weight * offV
    values[2 * count + i] = 1 - weight * weight
    if (!derive) return
    // of the turned vector by the vector, and by the axis
    const da = square === 0 ? 0 : (c - a) / square
    const db = square === 0 ? 0 : (a - 2 * b) / square
    turning[0] = c + b * r0 * r0
    turning[1] = b * r0 * r1 - a * r2
    turning[2] = b * r0 * r2 + a * r1
    turning[3] = b * r0 * r1 + a * r2
    turning[4] = c + b * r1 * r1
    turning[5] = b * r1 * r2 - a * r0
    turning[6] = b * r0 * r2 - a * r1
    turning[7] = b * r1 * r2 + a * r0
    turning[8] = c + b * r2 * r2
    const [e0, e1, e2] = [
      da * p0 - a * x0 + db * dot * r0,
      da * p1 - a * x1 + db * dot * r1,
      da * p2 - a * x2 + db * dot * r2,
    ]
    turned[0] = e0 * r0 + b * (x0 * r0 + dot)
    turned[1] = e0 * r1 + b * x1 * r0 + a * x2
    turned[2] = e0 * r2 + b * x2 * r0 - a * x1
    turned[3] = e1 * r0 + b * x0 * r1 - a * x2
    turned[4] = e1 * r1 + b * (x1 * r1 + dot)
    turned[5] = e1 * r2 + b * x2 * r1 + a * x0
    turned[6] = e2 * r0 + b * x0 * r2 + a * x1
    turned[7] = e2 * r1 + b * x1 * r2 - a * x0
    turned[8] = e2 * r2 + b * (x2 * r2 + dot)
    const bend = 2 * (cam[9]! + 2 * cam[10]! * rho)
    const byUV = weight * focal * u * v * bend
    const [uu, vv] = [weight * focal * (scale + u * u * bend), weight * focal * (scale + v * v * bend)]
    for (let row = 0; row < 2; row++) {
      const k = (2 * i + row) * rowLength
      const [byU, byV] = row === 0 ? [uu, byUV] : [byUV, vv]
      const own = row === 0 ? u : v
      const [by0, by1, by2] = [byU / z, byV / z, -(byU * u + byV * v) / z]
      for (let j = 0; j < 3; j++) {
        jacobian[k + j] = by0 * turned[j]! + by1 * turned[3 + j]! + by2 * turned[6 + j]!
        const along = by0 * turning[j]! + by1 * turning[3 + j]! + by2 * turning[6 + j]!
        jacobian[k + 3 + j] = -along
        jacobian[k + byPoint + j] = along
      }
      jacobian[k + 6] = weight * own * scale
      jacobian[k + 7] = row === 0 ? weight : 0
      jacobian[k + 8] = row === 0 ? 0 : weight
      jacobian[k + 9] = weight * focal * own * rho
      jacobian[k + 10] = weight * focal * own * rho * rho
      jacobian[k + byWeight] = row === 0 ? offU : offV
    }
    jacobian[2 * count * rowLength + i] = -2 * weight
  }
  return {
    objective: () => {
      for (let i = 0; i < count; i++) residual(i, false)
      return values
    },
    derivative: () => {
      for (let i = 0; i < count; i++) residual(i, true)
      return jacobian
    },
  }
}

/** The part that depends on the parameters. */
export const mixtureByHand = ({ alphas, means, roots }: Mixture<number>, { x, gamma, m }: Observed): ByHand => {
  const [count, d] = [alphas.length, x[0]!.length]
  const size = (d * (d + 1)) / 2
  const [meansAt, rootsAt] = [count, count + count * d]
  const gradient = new Float64Array(rootsAt + count * size)
  const value = new Float64Array(1)
  const diagonals = new Float64Array(count * d)
  const sums = new Float64Array(count)
  const off = new Float64Array(count * d)
  const images = new Float64Array(count * d)
  const shares = new Float64Array(count)

  /** Of numbers, which become what share of the sum each has. */
  const logSumExp = (z: Float64Array): number => {
    let top = -Infinity
    for (let k = 0; k < count; k++) top = Math.max(top, z[k]!)
    let total = 0
    for (let k = 0; k < count; k++) {
      z[k] = Math.exp(z[k]! - top)
      total += z[k]!
    }
    for (let k = 0; k < count; k++) z[k]! /= total
    return top + Math.log(total)
  }
  const logLikelihood = (derive: boolean): void => {
    gradient.fill(0)
    let total = 0
    for (let k = 0; k < count; k++) {
      const root = roots[k]!
      let squares = 0
      sums[k] = 0
      for (let i = 0; i < size; i++) {
        const each = i < d ? Math.exp(root[i]!) : root[i]!
        squares += each * each
        if (i < d) {
          diagonals[k * d + i] = each
          sums[k]! += root[i]!
        }
        if (derive) gradient[rootsAt + k * size + i] = gamma * gamma * each * (i < d ? each : 1) - (i < d ? m : 0)
      }
      total += (gamma * gamma * squares) / 2 - m * sums[k]!
    }
    for (const point of x) {
      for (let k = 0; k < count; k++) {
        const [mean, root] = [means[k]!, roots[k]!]
        for (let i = 0; i < d; i++) {
          off[k * d + i] = mean[i]! - point[i]!
          images[k * d + i] = diagonals[k * d + i]! * off[k * d + i]!
        }
        for (let column = 0, at = d; column < d; column++) {
          for (let row = column + 1; row < d; row++) images[k * d + row]! += root[at++]! * off[k * d + column]!
        }
        let distance = 0
        for (let i = 0; i < d; i++) distance += images[k * d + i]! ** 2
        shares[k] = alphas[k]! + sums[k]! - distance / 2
      }
      total += logSumExp(shares)
      if (!derive) continue
      for (let k = 0; k < count; k++) {
        const share = shares[k]!
        const [root, means, roots] = [rootsOf(k), meansAt + k * d, rootsAt + k * size]
        gradient[k]! += share
        for (let i = 0; i < d; i++) {
          const back = share * images[k * d + i]! * diagonals[k * d + i]!
          gradient[means + i]! -= back
          gradient[roots + i]! += share - back * off[k * d + i]!
        }
        for (let column = 0, at = d; column < d; column++) {
          for (let row = column + 1; row < d; row++, at++) {
            const back = share * images[k * d + row]!
            gradient[means + column]! -= back * root[at]!
            gradient[roots + at]! -= back * off[k * d + column]!
          }
        }
      }
    }
    for (let k = 0; k < count; k++) shares[k] = alphas[k]!
    value[0] = total - x.length * logSumExp(shares)
    for (let k = 0; derive && k < count; k++) gradient[k]! -= x.length * shares[k]!
  }
  const rootsOf = (k: number) => roots[k]!
  return {
    objective: () => {
      logLikelihood(false)
      return value
    },
    derivative: () => {
      logLikelihood(true)
      return gradient
    },
  }
}
