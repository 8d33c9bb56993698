import type { Conversion } from './conversion.js'
import type { Cumulation, CumulationFunctions } from './cumulation.js'
import type { Elementwise, ElementwiseFunctions } from './elementwise.js'
import type { Indexing, IndexingFunctions } from './indexing.js'
import type { Layout, LayoutFunctions } from './layout.js'
import type { Normalization, NormalizationFunctions } from './normalization.js'
import type { OrderingFunctions } from './ordering.js'
import type { PartFunctions, Parts } from './parts.js'
import type { ProductFunctions, Products } from './products.js'
import type { ReductionFunctions, Reductions } from './reductions.js'
import type { ResamplingFunctions } from './resampling.js'
import type { WindowFunctions } from './windows.js'

/** Every op as a function. */
export interface Functions
  extends Elementwise,
    ElementwiseFunctions,
    Reductions,
    ReductionFunctions,
    Cumulation,
    CumulationFunctions,
    OrderingFunctions,
    Normalization,
    NormalizationFunctions,
    Products,
    ProductFunctions,
    Layout,
    LayoutFunctions,
    Indexing,
    IndexingFunctions,
    Parts,
    PartFunctions,
    WindowFunctions,
    ResamplingFunctions,
    Conversion {}
