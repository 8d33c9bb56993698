import type { Num, Scalar } from '@adjoint/autograd/scalar'

/** A camera: a rotation vector (axis times angle), and where it stands. */
export type Camera<T> = readonly [rx: T, ry: T, rz: T, x: T, y: T, z: T]
export type Point<T> = readonly [x: T, y: T, z: T]

/** Pixels for a slope of 1. */
const focalLength = 500

/** A vector turned about an axis (Rodrigues); near the angle 0 by the first terms, where the axis is not defined. */
const turned = ([x, y, z]: Point<Num>, [rx, ry, rz]: Point<Scalar>): Point<Num> => {
  const [ax, ay, az] = [rx, ry, rz].map((each) => x.mul(0).add(each)) as [Num, Num, Num]
  const cross = [ay.mul(z).sub(az.mul(y)), az.mul(x).sub(ax.mul(z)), ax.mul(y).sub(ay.mul(x))] as const
  const square = ax.square().add(ay.square()).add(az.square())
  if (square.lt(1e-20)) return [x.add(cross[0]), y.add(cross[1]), z.add(cross[2])]
  const angle = square.sqrt()
  const [sine, cosine] = [angle.sin().div(angle), angle.cos()]
  const along = ax.mul(x).add(ay.mul(y)).add(az.mul(z)).mul(cosine.neg().add(1)).div(square)
  const part = (v: Num, across: Num, axis: Num) => v.mul(cosine).add(across.mul(sine)).add(axis.mul(along))
  return [part(x, cross[0], ax), part(y, cross[1], ay), part(z, cross[2], az)]
}

/** Where a camera sees a point, in pixels from the middle of the picture. */
export const project = ([rx, ry, rz, cx, cy, cz]: Camera<Scalar>, [px, py, pz]: Point<Num>): readonly [Num, Num] => {
  const [x, y, z] = turned([px.sub(cx), py.sub(cy), pz.sub(cz)], [rx, ry, rz])
  return [x.div(z).mul(focalLength), y.div(z).mul(focalLength)]
}
