import type { TypedArray } from '../../graph/dtype.js'
import type { Value } from '../../graph/value.js'
import type { StraightLine } from '../../rules/straight-line.js'

/** Fills `columns` elements of `out` from `start` on, from inputs that are dense or one repeated element. */
export type FlatLoop = (out: TypedArray, start: number, columns: number, inputs: readonly Value[]) => void

/** Fills the element of `out` at `at` from the first one of each input. */
export type Single = (out: TypedArray, at: number, inputs: readonly Value[]) => void

/** An input as a grid of rows and columns; `strides` are the distances between the one and the other. */
export interface Window {
  readonly data: TypedArray
  readonly offset: number
  readonly strides: readonly number[]
}

/** Fills rows x columns elements of `out` from `start` on. */
export type GridLoop = (
  out: TypedArray,
  start: number,
  rows: number,
  columns: number,
  inputs: readonly Window[],
) => void

/** How an input moves as the inner loop advances: not at all, to its neighbour, or by some other step. */
export type Motion = 'still' | 'next' | 'stride'

/** How loops are made: `truth` says that the result is stored as 0 or 1. */
export interface LoopMaker {
  single(program: StraightLine, truth: boolean): Single
  flat(program: StraightLine, motions: readonly Motion[], truth: boolean): FlatLoop
  grid(program: StraightLine, motions: readonly Motion[], truth: boolean): GridLoop
}
