import type { Random } from '../../tensor/random.js'
import { closeEnough, jointBar } from '../comparison/agreement.js'
import { type Place, type Site, slopesAlong } from '../differences/slopes.js'
import type { Leaf } from '../subject/coordinates.js'
import type { Mode } from '../subject/mode.js'
import { dot, masked, weights, within } from '../subject/vectors.js'

/** Of few wrong elements among many each is found, unless that takes more than so many slopes. */
const patience = 60

/** The elements of an input whose derivatives are wrong, by halving what is left of it; null if they are many. */
export const isolate = (place: Place, mode: Mode, leaf: Leaf, random: Random): readonly number[] | null => {
  const { subject, point, center, tolerance } = place
  const u = weights(subject.inputs.size, random)
  const v = masked(
    weights(subject.outputs.size, random),
    center.map((x) => Number(Number.isFinite(x))),
  )
  const totalOf = (values: Float64Array) => Float64Array.of(dot(v, masked(values, v)))
  // all outputs in one number, so that it takes no time to tell the slope of each
  const site: Site = {
    subject: { ...subject, value: (at) => totalOf(subject.value(at)) },
    point,
    center: totalOf(center),
    tolerance,
  }
  const back = mode === 'reverse' ? subject.reverse(point, v) : null
  let asked = 0
  const isRight = (from: number, to: number): boolean => {
    asked++
    const along = within(u, from, to)
    const { values, bars, doubts } = slopesAlong(site, along)
    if (doubts.size > 0) return false
    const analytic = back === null ? totalOf(subject.forward(point, along))[0]! : dot(back, along)
    const numeric = values[0]!
    return closeEnough(
      analytic,
      numeric,
      jointBar(analytic, numeric, bars[0]!, Math.abs(numeric), subject.precision),
      tolerance,
    )
  }
  const wrongAmong = (from: number, to: number): readonly number[] => {
    if (asked >= patience || isRight(from, to)) return []
    if (to - from === 1) return [from]
    const middle = (from + to) >> 1
    return [...wrongAmong(from, middle), ...wrongAmong(middle, to)]
  }
  const found = wrongAmong(leaf.offset, leaf.offset + leaf.size)
  return asked >= patience || found.length === 0 ? null : found
}
