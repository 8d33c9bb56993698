import type { Samples } from './sample.js'

export const samples: Samples = {}
