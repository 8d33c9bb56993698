import type { Awkward } from './awkward.js'
import { edges, saturated, steep } from './edges.js'
import { kinks, steps } from './kinks.js'
import { cancelling, narrow, scaling } from './numbers.js'
import { control, rules, structures } from './structures.js'

/** All right functions that are hard to check, by what makes them so. */
export const awkwards: Readonly<Record<string, readonly Awkward[]>> = {
  kinks,
  steps,
  edges,
  steep,
  saturated,
  cancelling,
  scaling,
  narrow,
  structures,
  rules,
  control,
}
