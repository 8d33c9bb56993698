// Written by scripts/methods.ts from forms/: change it there.

import type { Conversion } from './conversion.js'
import type { Cumulation } from './cumulation.js'
import type { Elementwise } from './elementwise.js'
import type { Indexing } from './indexing.js'
import type { Layout } from './layout.js'
import type { Normalization } from './normalization.js'
import type { Parts } from './parts.js'
import type { Products } from './products.js'
import type { Reductions } from './reductions.js'

/** The methods of a tensor. `A` is the whole type of the receiver, so that unions and users' generics work. */
export interface Methods
  extends Conversion,
    Cumulation,
    Elementwise,
    Indexing,
    Layout,
    Normalization,
    Parts,
    Products,
    Reductions {}
