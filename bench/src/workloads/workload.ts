/** One run of a program. The figures depend on all that was computed, and all contenders must agree on them. */
export interface Run {
  (): readonly number[]
  /** Bytes for intermediate results, once it has run; null where that is not known. */
  readonly memory?: () => number | null
}

export type Wrap = <F extends (...args: never[]) => unknown>(f: F) => F

/** What one row of the table measures. */
interface Case<Data> {
  /** What tells this case from the others of the workload; empty where there is one only. */
  readonly name: string
  /** Parameters and inputs as plain typed arrays, the same for every contender. */
  data(): Data
  /** How many floating-point operations a run takes, where that is worth telling. */
  readonly flops?: number
  /** Whether it is left out of a quick run. */
  readonly long?: boolean
}

/** A program, what it runs on, and what all must agree on. */
export interface Workload<Data = unknown> {
  /** Its name on the command line, and that of the peers' files. */
  readonly name: string
  readonly title: string
  /** What a time is given for. */
  readonly unit: string
  /** How many of these units a run has. */
  readonly per?: number
  readonly cases: readonly Case<Data>[]
  /** Whether seconds of the processor are told: of what takes many, and would be met by other work on the machine. */
  readonly isProcessorTime?: boolean
  /** How far the figures of two contenders may differ, relative to their size. */
  readonly tolerance: number
  /**
   * adjoint's program, what it does again and again wrapped: by `compile`, or by nothing; null where that does not apply.
   * The programs of the peers are in peers/<peer>/<name>.js.
   */
  adjoint(data: Data, wrap: Wrap): Run | null
  /** The same as a user would write it who did without a layer of nn, which is then told as a ratio to this. */
  byHand?(data: Data, wrap: Wrap): Run | null
}

/** A workload of any data. */
export const workload = <Data>(definition: Workload<Data>): Workload => definition

/** Whether a program is to be compiled, which some are not for. */
export const isCompiled = (wrap: Wrap): boolean => {
  const probe = () => {}
  return wrap(probe) !== probe
}
