import type { TreeKey, TreeParts, treeProtocol } from '../graph/tree.js'
import type { AnyTensor, Tensor } from './tensor.js'

// Trees P (nested objects, arrays and tuples of tensors) keep their exact type. They have no constraint: an interface
// has no index signature to satisfy one.

/** An instance of a class that is a tree. */
export interface Instance<Children> {
  [treeProtocol](): Pick<TreeParts<Children, never>, 'children'>
}

/** The tree P with a U in place of each tensor. */
export type Mapped<P, U> = P extends AnyTensor
  ? U
  : P extends Instance<unknown>
    ? P
    : { [K in keyof P]: Mapped<P[K], U> }

/** A tree of the form of P, whose shapes the compiler need not know. */
export type AlikeTree<P> = P extends AnyTensor
  ? AnyTensor
  : P extends Instance<unknown>
    ? NoInfer<P>
    : { readonly [K in keyof P]: AlikeTree<P[K]> }

type Each<Others extends unknown[], Leaf> = { [K in keyof Others]: Leaf }

export interface TreeMap {
  <P, Others extends unknown[]>(
    tree: P,
    f: <S extends number[]>(leaf: Tensor<S>, ...others: Each<Others, Tensor<S>>) => Tensor<S>,
    ...others: Others
  ): P
  <P, Others extends unknown[], U>(
    tree: P,
    f: (leaf: Tensor, ...others: Each<Others, Tensor>) => U,
    ...others: Others
  ): Mapped<P, U>
}

/** Where a tensor stands in a tree: as keys, and as text. */
export interface TreePath<Keys extends readonly TreeKey[] = readonly TreeKey[]> {
  /** The keys of objects and the indices of arrays, from the outside in. */
  readonly keys: Keys
  /** As messages write it: `.layers[0].w`. */
  toString(): string
}

/** The paths in a tree of type P; deeper than eight steps they are only known to be lists of keys. */
export type KeysIn<P, Depth extends 0[] = []> = P extends AnyTensor
  ? []
  : Depth['length'] extends 8
    ? TreeKey[]
    : P extends Instance<infer Children>
      ? KeysIn<Children, Depth>
      : P extends readonly unknown[]
        ? { [K in keyof P]: [IndexOf<K>, ...KeysIn<P[K], [...Depth, 0]>] }[number]
        : P extends object
          ? { [K in keyof P & TreeKey]: [K, ...KeysIn<P[K], [...Depth, 0]>] }[keyof P & TreeKey]
          : never
type IndexOf<K> = K extends `${infer Index extends number}` ? Index : number
