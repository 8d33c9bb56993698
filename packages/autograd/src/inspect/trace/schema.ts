import type { DType } from '../../graph/dtype.js'

// A computation as plain data: JSON.parse(JSON.stringify(trace)) is the same, and nothing in it refers to tensors. What a
// version means does not change; readers ask for `version`, and may meet properties that they do not know.

/** An element: JSON has no other way to say what is no finite number. */
export type Element = number | 'NaN' | 'Infinity' | '-Infinity'

/** A number, or nested arrays of them, one level an axis. */
export type Elements = Element | readonly Elements[]

/** What is told of a tensor that is too large to be shown. Elements that are not finite count in `size` and `notFinite` alone. */
export interface Summary {
  /** How many elements it has. */
  readonly size: number
  /** The least element; 0 where none is finite. */
  readonly least: number
  /** The largest element; 0 where none is finite. */
  readonly largest: number
  /** Of the finite elements. */
  readonly mean: number
  /** The square root of the sum of the squares of the finite elements. */
  readonly norm: number
  /** How many elements are 0. */
  readonly zeros: number
  /** How many elements are NaN or infinite. */
  readonly notFinite: number
}

/** All elements of a tensor, or if it has more than the limit, what there is to say of them. */
export type Quantity = Elements | Summary

/** One tensor of a computation. */
export interface TraceNode {
  /** Its place in `nodes`. */
  readonly id: number
  /**
   * - `parameter`: a leaf that collects gradients
   * - `input`: an argument of the function, or another leaf that was given a name
   * - `constant`: any other leaf: nothing is differentiated by it
   * - `result`: what an op made
   */
  readonly kind: 'parameter' | 'input' | 'constant' | 'result'
  /** No two nodes have the same, but for constants that are the same number: `w`, `encoder.0.weight`, `v3`, `2`. */
  readonly name: string
  /** Whether `name` was given by somebody, and not made up here. */
  readonly named: boolean
  /** The name of the op that made it; null for leaves. */
  readonly op: string | null
  /** How the op runs: `map`, `reduce`, `contract`, `layout`, ... (docs/layout.md); null for leaves, and for ops that are programs. */
  readonly kernel: string | null
  /** True where the op gave its only input another shape and changed nothing else: the same elements in the same order. */
  readonly same?: true
  /** Of a function of one number that levels off at either end, as tanh does, where. */
  readonly levels?: Levels
  /** What the op was told beside its inputs, such as the axes of a sum; absent where that is nothing, or no plain data. */
  readonly attributes?: unknown
  /** What an elementwise op computes, in the names of its inputs: `exp(x) * 2`; absent where the name of the op says it. */
  readonly formula?: string
  /** The size of each axis. Null for an op of several results (a sort, a loop), which have nodes of their own. */
  readonly shape: readonly number[] | null
  /** How many axes in front are examples of a function that `vmap` maps, which sees one of them. Absent for none. */
  readonly examples?: number
  /** What an element is. Null where `shape` is, and inside a kernel, where nothing is stored. */
  readonly dtype: DType | null
  /** Absent where `shape` is null, and in a compiled program. */
  readonly value?: Quantity
  /** The derivative of the output by this node. Absent where none flows. */
  readonly adjoint?: Quantity
  /** How it moves along the tangents that were given. Absent where it does not. */
  readonly tangent?: Quantity
  /** The edges that lead to it, by their places in `edges`, in the order of the op's inputs. */
  readonly inputs: readonly number[]
  /** The innermost group that it stands in, by its place in `groups`. */
  readonly group: number | null
  /** The line of the program that called the op, if asked for. */
  readonly source?: SourceLine
  /** Of what a sweep made that ran inside the function: of which node it is the adjoint; null for what is made on the way there. */
  readonly adjointOf?: number | null
  /** Of a loop: how often its body ran. */
  readonly iterations?: number
  /** In a compiled program: where it is stored; absent where it never is, because its kernel uses it at once. */
  readonly stored?: Stored
}

/** A curve that levels off at either end, at different heights. */
export interface Levels {
  /** What it nears towards minus infinity, and towards infinity. */
  readonly ends: readonly [number, number]
  /** How steep it is at most. */
  readonly slope: number
}

/** Where a compiled program stores a value. */
export interface Stored {
  /** The first byte in the memory of the program. Values that are not needed at the same time share places. */
  readonly address: number
  /** How many it takes. */
  readonly bytes: number
}

/** A place in a program. */
export interface SourceLine {
  /** The path of the file, or its address. */
  readonly file: string
  /** From 1 on. */
  readonly line: number
  /** From 1 on. */
  readonly column: number
  /** The function that the line is in; null where it has no name. */
  readonly function: string | null
}

/** From an input to what was made of it. */
export interface TraceEdge {
  /** Its place in `edges`. */
  readonly id: number
  /** The input, by its place in `nodes`. */
  readonly from: number
  /** What was made of it. */
  readonly to: number
  /** Which input of `to` this is. */
  readonly index: number
  /** The local derivative. Null where nothing flows: a constant, integers, the inside of an op with several results. */
  readonly local: Local | null
}

/** The derivative of the result of one op by one of its inputs, all others held. */
export type Local = ElementwiseLocal | MatrixLocal

/** Each element of the result depends on the one element at its place: what passes back is `adjoint x factor`. */
export interface ElementwiseLocal {
  /** Says that it is a factor for each element. */
  readonly kind: 'elementwise'
  /** In the names of the trace: `h * (1 - h)`. Null where the op has no formula. */
  readonly formula: string | null
  /** By what an element of the result moves if that at its place moves by 1. */
  readonly factor: Quantity
}

/** Any other dependence: what passes back is `adjoint x matrix`, both in row-major order. */
export interface MatrixLocal {
  /** Says that it is a matrix. */
  readonly kind: 'matrix'
  /** How many elements the result has. */
  readonly rows: number
  /** How many elements the input has. */
  readonly columns: number
  /** `matrix[i][j]`: the derivative of element i of the result by element j of the input. Absent beyond the limit: nobody builds it. */
  readonly matrix?: readonly (readonly Element[])[]
}

/** What stands together: the forward of a module, a function, a named part, a round of a loop; in a compiled program a kernel. */
export interface TraceGroup {
  /** Its place in `groups`. */
  readonly id: number
  /** What it is a part of: a model, a program, a loop, or a compiled program. */
  readonly kind: 'module' | 'function' | 'round' | 'kernel'
  /** `encoder.0` of a part of a module; what a kernel does; else the name that was given. */
  readonly name: string
  /** What it is: `Linear(784, 128)`. The same as `name` where there is no more to say. */
  readonly type: string
  /** The group that it stands in. */
  readonly parent: number | null
  /** What a kernel costs. */
  readonly cost?: KernelCost
}

/** What a kernel of a compiled program costs at each call. */
export interface KernelCost {
  /** Bytes that it reads and writes, each operand once. */
  readonly moved: number
  /** Operations on elements; a function like exp counts as one. */
  readonly operations: number
  /** Whether JavaScript runs it, and not the program itself. */
  readonly hosted: boolean
}

/** A step of the sweep back: a node whose adjoint is complete passes it on. */
export interface BackwardStep {
  /** Who passes on, by its place in `nodes`. */
  readonly node: number
  /** In the order in which they are added. None for a leaf, which keeps what has arrived. */
  readonly contributions: readonly Contribution[]
}

/** What arrives at an input. */
export interface Contribution {
  /** The edge that it comes back along; null from an op of several results, which answers for all of them at once. */
  readonly edge: number | null
  /** Where it arrives, by its place in `nodes`. */
  readonly to: number
  /** What is added. */
  readonly amount: Quantity
  /** What has arrived there so far, with this. */
  readonly total: Quantity
}

/** One result of the function. */
export interface TraceOutput {
  /** By its place in `nodes`. */
  readonly node: number
  /** Where it is in what the function returned: `.loss`, `[0]`; empty for a single tensor. */
  readonly path: string
  /** In a compiled program: the tensor that gets it as its value or its gradient; it is not returned then. */
  readonly sets?: { readonly what: 'value' | 'gradient'; readonly of: string }
}

/** What is known of a compiled program as a whole. */
export interface ProgramFacts {
  /** How it runs. */
  readonly how: string
  /** Bytes of its memory, and how many of them its intermediate results share; null where each has an array of its own. */
  readonly memory: { readonly bytes: number; readonly intermediate: number } | null
}

/** What `trace` gives: a computation as plain data. */
export interface Trace {
  /** Says that this is a trace. */
  readonly schema: 'adjoint.trace'
  /** What it means that a property is there does not change within a version. */
  readonly version: 1
  /** In the order of the forward sweep: inputs before what is made of them. */
  readonly nodes: readonly TraceNode[]
  /** In the order of `to`, and for one node in that of its inputs. */
  readonly edges: readonly TraceEdge[]
  /** Outer ones before those inside. */
  readonly groups: readonly TraceGroup[]
  /** What the function returned, or the loss alone. */
  readonly outputs: readonly TraceOutput[]
  /** In the order of the backward sweep, the output first. Empty where there is more than one output, or it is no scalar. */
  readonly backward: readonly BackwardStep[]
  /** Tensors of more elements than this are summarized. */
  readonly limit: number
  /** Of a compiled program. Its nodes have no values, and its edges no local derivatives. */
  readonly program?: ProgramFacts
}
