import { copysign, fmax, fmin } from './choice.js'
import { floorDivide, fmod, frac } from './division.js'
import { logAddExp2, logit } from './logarithmic.js'
import { hardshrink, softshrink, threshold } from './shrink.js'
import { besselI, digamma, erfinv, i0, i1, lgamma, psi } from './special.js'

/**
 * The other elementwise functions, each carried by who uses it. They are named one by one: in the built package a namespace object
 * would hold on to all that its file exports.
 */
export const rare = {
  fmax,
  fmin,
  copysign,
  fmod,
  floorDivide,
  frac,
  logAddExp2,
  logit,
  softshrink,
  hardshrink,
  threshold,
  erfinv,
  lgamma,
  digamma,
  psi,
  besselI,
  i0,
  i1,
}
