// Written by scripts/methods.ts from forms/common.ts: change it there.

import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg } from '../tensor.js'

// Forms that ops of several families have.

export type Unary = <A extends AnyTensor>(this: A) => A

/** Along an axis, the last unless given. */
export type Axiswise = <A extends AnyTensor, X extends number = -1>(
  this: A,
  axis?: Arg<X, rule.WithAxis<A['shape'], X>>,
) => A
