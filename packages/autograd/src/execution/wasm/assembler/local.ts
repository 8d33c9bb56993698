import { type Code, range, type Statement, unsigned, type ValueType } from './code.js'

/** A parameter or local variable of a function. */
export class Local<T extends ValueType> {
  readonly get: Code<T>
  private readonly place: readonly number[]

  constructor(
    readonly type: T,
    index: number,
  ) {
    this.place = unsigned(index)
    this.get = [0x20, ...this.place]
  }

  set(value: Code<T>): Statement {
    return [value, 0x21, this.place]
  }

  /** Sets it and leaves the value. */
  tee(value: Code<T>): Code<T> {
    return [value, 0x22, this.place]
  }
}

/** A tuple of N things. */
export type Repeated<T, N extends number, R extends T[] = []> = number extends N
  ? T[]
  : R['length'] extends N
    ? R
    : Repeated<T, N, [...R, T]>

/** The same type so many times: the parameters of many functions. */
export const repeat = <T extends ValueType, N extends number>(type: T, count: N): Repeated<T, N> =>
  new Array<T>(count).fill(type) as Repeated<T, N>

/** The locals of one function: what its body is written with. */
export class Scope {
  private readonly types: ValueType[] = []

  constructor(private readonly parameters: number) {}

  local<T extends ValueType>(type: T): Local<T> {
    this.types.push(type)
    return new Local(type, this.parameters + this.types.length - 1)
  }

  locals<T extends ValueType, N extends number>(type: T, count: N): Repeated<Local<T>, N> {
    return range(count, () => this.local(type)) as Repeated<Local<T>, N>
  }

  /** The locals without the parameters, in runs of one type. */
  runs(): { readonly type: ValueType; readonly count: number }[] {
    const runs: { type: ValueType; count: number }[] = []
    for (const type of this.types) {
      const last = runs.at(-1)
      if (last?.type === type) last.count++
      else runs.push({ type, count: 1 })
    }
    return runs
  }
}
