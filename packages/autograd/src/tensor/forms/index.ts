import type { Conversion } from './conversion.js'
import type { Cumulation } from './cumulation.js'
import type { Elementwise, ElementwiseFunctions } from './elementwise.js'
import type { Indexing } from './indexing.js'
import type { Layout, LayoutFunctions } from './layout.js'
import type { Normalization, NormalizationFunctions } from './normalization.js'
import type { Ordering } from './ordering.js'
import type { ProductFunctions, Products } from './products.js'
import type { Reductions } from './reductions.js'
import type { WindowFunctions } from './windows.js'

/** Every op as a function. */
export interface Functions
  extends Elementwise,
    ElementwiseFunctions,
    Reductions,
    Cumulation,
    Ordering,
    Normalization,
    NormalizationFunctions,
    Products,
    ProductFunctions,
    Layout,
    LayoutFunctions,
    Indexing,
    WindowFunctions,
    Conversion {}
