/** What the bench asks of a contender's process, one thing at a time. */
export type Request =
  /** Makes the program of a case, runs it so many times, or a few if slow, to compare the figures, and warms it up. */
  | { readonly prepare: number; readonly runs: number; readonly warmUp: number }
  /** Runs it for about so many seconds. */
  | { readonly turn: number }

export type Reply =
  /** The figures of the first runs, the seconds that each took but the very first, and the bytes for intermediate results. */
  | {
      readonly figures: readonly (readonly number[])[]
      readonly seconds: readonly number[]
      readonly memory?: number | null
    }
  | { readonly samples: readonly number[]; readonly sum: number }
  /** The contender does not take part in this case. */
  | { readonly absent: true }
  | { readonly failed: string }
