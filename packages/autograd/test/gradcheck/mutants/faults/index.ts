import type { Fault } from '../kit.js'
import { boxes } from './boxes.js'
import { conjugates } from './complex.js'
import { clipped, cotangents, modes } from './cotangents.js'
import { factors, means } from './factors.js'
import { indexings } from './indexing.js'
import { captures, models, modules } from './models.js'
import { branches, parts, shifts } from './parts.js'
import { extremes, hereOnly, hidden, scales } from './points.js'
import { once, savedOutputs } from './second-order.js'
import { accumulations, broadcasts, transposes } from './shapes.js'
import { absolutes, signs } from './signs.js'
import { floats, mutated, random, stale } from './state.js'
import { chains, dropped, swapped, terms } from './terms.js'

/** All planted faults, by what they have in common. */
export const faults: Readonly<Record<string, readonly Fault[]>> = {
  signs,
  factors,
  means,
  transposes,
  broadcasts,
  accumulations,
  terms,
  chains,
  dropped,
  swapped,
  cotangents,
  clipped,
  conjugates,
  absolutes,
  'saved outputs': savedOutputs,
  'once differentiable': once,
  'one mode': modes,
  parts,
  branches,
  shifts,
  indexings,
  stale,
  mutated,
  random,
  floats,
  'here only': hereOnly,
  hidden,
  scales,
  extremes,
  models,
  modules,
  captures,
  'plain arrays': boxes,
}
