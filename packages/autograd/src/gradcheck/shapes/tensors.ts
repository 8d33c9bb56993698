import * as fc from 'fast-check'
import { checked } from '../../graph/arguments.js'
import { written } from '../report/repro.js'
import { Draws } from './draws.js'
import { type Described, inputsKind, layoutOf, type Sizes, sizesKind, type TensorsOf } from './layout.js'

/**
 * An arbitrary of fast-check: tensors as `checkShapes` draws them, for properties of your own.
 *
 * @param inputs shapes by the names of sizes, `'b n'`, or objects that say more; those of one call share their sizes
 * @throws ArgumentError for what describes no tensor
 * @example
 * const matrices = tensors(['b n', 'n d'], { sizes: { b: [0, 3] } })
 * fc.assert(fc.property(matrices, ([x, w]) => assertGradients((x, w) => x.matmul(w), [x, w])), { numRuns: 20 })
 */
export const tensors = checked(
  'tensors',
  { inputs: inputsKind, options: { sizes: sizesKind } },
  <const Inputs extends readonly Described[]>(
    inputs: Inputs,
    { sizes = {} }: { readonly sizes?: Sizes } = {},
  ): fc.Arbitrary<TensorsOf<Inputs>> => {
    const draws = new Draws(layoutOf('tensors', inputs, sizes))
    return draws.map((draw) => {
      const drawn = draws.tensors(draw)
      // what fast-check prints
      Object.defineProperty(drawn, fc.toStringMethod, { value: () => written(drawn, true) })
      return drawn as TensorsOf<Inputs>
    })
  },
)
