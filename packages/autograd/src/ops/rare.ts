import * as choice from '../rules/choice.js'
import * as division from '../rules/division.js'
import * as logarithmic from '../rules/logarithmic.js'
import * as shrink from '../rules/shrink.js'
import * as special from '../rules/special.js'
import { fromRule } from './elementwise.js'

// The elementwise functions that are not of every day: one export each, so that a page carries those that it uses.

export const fmax = /* @__PURE__ */ fromRule(choice.fmax, true)
export const fmin = /* @__PURE__ */ fromRule(choice.fmin, true)
export const copysign = /* @__PURE__ */ fromRule(choice.copysign, true)
export const fmod = /* @__PURE__ */ fromRule(division.fmod, true)
export const floorDivide = /* @__PURE__ */ fromRule(division.floorDivide, true)
export const frac = /* @__PURE__ */ fromRule(division.frac, true)
export const logAddExp2 = /* @__PURE__ */ fromRule(logarithmic.logAddExp2, true)
export const logit = /* @__PURE__ */ fromRule(logarithmic.logit, true)
export const softshrink = /* @__PURE__ */ fromRule(shrink.softshrink, true)
export const hardshrink = /* @__PURE__ */ fromRule(shrink.hardshrink, true)
export const threshold = /* @__PURE__ */ fromRule(shrink.threshold, true)
export const erfinv = /* @__PURE__ */ fromRule(special.erfinv, true)
export const lgamma = /* @__PURE__ */ fromRule(special.lgamma, true)
export const digamma = /* @__PURE__ */ fromRule(special.digamma, true)
export const psi = /* @__PURE__ */ fromRule(special.psi, true)
export const i0 = /* @__PURE__ */ fromRule(special.i0, true)
export const i1 = /* @__PURE__ */ fromRule(special.i1, true)
