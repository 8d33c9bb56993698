import { samples as attention } from './attention.js'
import { samples as basic } from './basic.js'
import { samples as norms } from './norms.js'
import { samples as recurrent } from './recurrent.js'
import type { Samples } from './sample.js'
import { samples as windows } from './windows.js'

/** Samples of every layer, by the name of its class. */
export const samples: Samples = { ...basic, ...windows, ...norms, ...recurrent, ...attention }
