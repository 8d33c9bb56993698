export { AnomalyError, detectAnomaly } from './execution/anomaly.js'
export { type Configuration, configure, defaultDType, withConfiguration } from './execution/configure.js'
export { type ArgumentCheck, checked, checker, type Kind, type OptionKinds, type Takes } from './graph/arguments.js'
export { closest } from './graph/closest.js'
export type { DType, TypedArray } from './graph/dtype.js'
export {
  AdjointError,
  ArgumentError,
  AxisError,
  CompileError,
  DTypeError,
  GradientError,
  IndexOutOfRangeError,
  ShapeError,
} from './graph/errors.js'
export type { Familiar } from './graph/familiar.js'
export type { PackageCopy } from './graph/foreign.js'
export { isTraced, namedScope } from './graph/named-scope.js'
export type { Shape } from './graph/shape.js'
export { guard, refuseInCompiled } from './graph/tracer.js'
export { noGrad } from './graph/tracking.js'
export { type TreeClass, type TreeKey, type TreeParts, treeProtocol } from './graph/tree.js'
export type { NamedPart } from './graph/watcher.js'
export type { ConvolutionOptions } from './ops/convolution.js'
/** What arguments may be: the words in which functions declare what they take, for `checked` and `checker`. */
export * as kinds from './ops/kinds.js'
export type { PadOptions } from './ops/pad.js'
export type { SliceOptions } from './ops/slice.js'
export type { WindowOptions } from './ops/windows.js'
export type { FullAlgebra as ScalarAlgebra } from './rules/complete.js'
export { type AssociativeScan, associativeScan } from './tensor/associative-scan.js'
export { type Cond, cond, type SwitchCase, switchCase } from './tensor/branches.js'
export { checkpoint } from './tensor/checkpoint.js'
export { type CompiledFunction, compile, verify } from './tensor/compile.js'
export { packageCopy, refuseForeignTensor } from './tensor/copies.js'
export { countOperations } from './tensor/count.js'
export {
  arange,
  dim,
  eye,
  full,
  linspace,
  ones,
  onesLike,
  parameter,
  tensor,
  zeros,
  zerosLike,
} from './tensor/creation.js'
export type { CreateOptions } from './tensor/creation-types.js'
export { type CustomOp, customOp, elementwise, type ScalarFunction } from './tensor/custom.js'
export type { Dim, Show, ShowDim } from './tensor/dim.js'
export type { ReadonlyTypedArray } from './tensor/display.js'
export type { Functions } from './tensor/forms/index.js'
export * from './tensor/functions.js'
export { implicit, linearSolve } from './tensor/implicit.js'
export type { ImplicitOptions, LinearSolveOptions } from './tensor/implicit-types.js'
export { name } from './tensor/name.js'
export type { JsonTensor, PlainTensor } from './tensor/plain.js'
export {
  type BernoulliOptions,
  type NormalOptions,
  Random,
  type RandomState,
  random,
  type UniformOptions,
} from './tensor/random.js'
export { type Fori, fori, type Scan, scan } from './tensor/scan.js'
export type { Multiply } from './tensor/shape-arithmetic.js'
export type { Flatten as FlattenShape, MayEqual, Pad as PadShape, Shaped, Writable } from './tensor/shape-rules.js'
export {
  type AnyTensor,
  type Arg,
  type Index,
  type IndexItem,
  type Operand,
  type Out,
  type Outs,
  Tensor,
} from './tensor/tensor.js'
export { grad, hessian, hvp, jacobian, jvp, linearize, valueAndGrad, vjp } from './tensor/transforms.js'
export type { KeysIn, TreePath } from './tensor/tree-types.js'
export { treeLeaves, treeMap, treePaths, treeUnflatten } from './tensor/trees.js'
export { vmap } from './tensor/vmap.js'
export { type WhileLoop, whileLoop } from './tensor/while.js'
export type {
  Adaptive as AdaptivePoolShape,
  AdaptiveSides,
  Axes as SpatialAxes,
  AxisNames as SpatialNames,
  Columns as Im2ColShape,
  Counts as WindowCounts,
  Folded as Col2ImShape,
  Image as ImageShape,
  Interpolated as InterpolateShape,
  Pool as PoolShape,
  Rank as SpatialRank,
  Shuffled as PixelShuffleShape,
  Side as WindowSide,
  Sides as WindowSides,
  Spreads as WindowSpreads,
  Unshuffled as PixelUnshuffleShape,
} from './tensor/window-rules.js'
export type { AxisTree } from './transforms/axes.js'
export type { BackwardOptions } from './transforms/backward.js'
export type { JacobianOptions } from './transforms/jacobian.js'
export type { AssociativeScanOptions } from './transforms/loops/associative.js'
export type { ScanOptions } from './transforms/loops/scan.js'
export type { WhileOptions } from './transforms/loops/while.js'
export type { VmapOptions } from './transforms/vmap.js'
