import type { Code, Local, Scope, Statement } from '../assembler/index.js'

/** Elements folded to one each for a number of lines. All distances are in bytes; results lie side by side. */
export interface Lines {
  readonly count: Code<'i32'>
  readonly distance: Code<'i32'>
  /** A line is that many stretches, each of neighbouring elements. */
  readonly stretches: Code<'i32'>
  readonly stretchDistance: Code<'i32'>
  readonly length: Code<'i32'>
  readonly from: Code<'i32'>
  readonly to: Code<'i32'>
  readonly divisor: Code<'f64'>
}

/** Rows folded to one, place by place: neighbouring elements of a row give neighbouring results. */
export interface Rows {
  readonly count: Code<'i32'>
  readonly distance: Code<'i32'>
  readonly length: Code<'i32'>
  readonly from: Code<'i32'>
  /** Whole vectors are written: up to 16 bytes beyond the results must be free. */
  readonly to: Code<'i32'>
  readonly divisor: Code<'f64'>
}

/** How elements of one float type are folded. */
export interface Fold {
  readonly lines: (scope: Scope, lines: Lines) => Statement
  readonly rows: (scope: Scope, rows: Rows) => Statement
}

/** Locals of one kind. */
export const vectors = (scope: Scope, count: number): Local<'v128'>[] =>
  Array.from({ length: count }, () => scope.local('v128'))
