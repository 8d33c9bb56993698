import type { Shape } from '../graph/shape.js'
import type { AxisTree } from '../transforms/axes.js'
import type { VmapOptions } from '../transforms/vmap.js'
import type { AnyTensor, Tensor } from './tensor.js'

/**
 * A tree whose tensors have a further axis of size N where `Axes` says: their shapes are known where it is the first. What is
 * said of an array or object is said of all in it.
 */
export type WithAxis<P, Axes, N extends number> = readonly [Axes] extends readonly [null]
  ? P
  : P extends AnyTensor
    ? P extends Tensor<infer S extends Shape>
      ? readonly [Axes, number] extends readonly [0, infer L]
        ? L extends S['length']
          ? Tensor
          : Tensor<[N, ...S]>
        : Tensor
      : never
    : P extends (...args: never[]) => unknown
      ? P
      : EachWithAxis<P, Axes, N>
type EachWithAxis<P, Axes, N extends number> = { [K in keyof P]: WithAxis<P[K], AxesAt<Axes, K>, N> }
type AxesAt<Axes, K> = Axes extends number ? Axes : K extends keyof Axes ? Axes[K] : number

/** The function of many examples: as f, with an axis more wherever `in` and `out` have one. */
export type Vmap = <A extends unknown[], Y, const In extends AxisTree = 0, const Out extends AxisTree = 0>(
  f: (...args: A) => Y,
  options?: VmapOptions & { readonly in?: In | undefined; readonly out?: Out | undefined },
) => <N extends number>(...args: EachWithAxis<A, In, N>) => WithAxis<Y, Out, N>
