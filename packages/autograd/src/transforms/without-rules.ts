import { latestId, type Node } from '../graph/node.js'

/** A call of a custom op whose derivative rules were left aside: its forward is recorded op by op, and differentiated as that. */
export interface PlainCall {
  readonly name: string
  /** The rules that it has. */
  readonly rules: readonly ('vjp' | 'jvp')[]
  /** What its forward made has ids above the one, up to the other. */
  readonly after: number
  readonly upTo: number
}

let calls: PlainCall[] | null = null

/** Runs `f` where custom ops are what their forwards do, whatever their rules say; and tells which were called. */
export const withoutRules = <R>(f: () => R): [result: R, calls: readonly PlainCall[]] => {
  const before = calls
  const made: PlainCall[] = []
  calls = made
  try {
    return [f(), made]
  } finally {
    calls = before
  }
}

/** What a forward gives where rules are left aside; null where they count. */
export const plainly = (name: string, rules: PlainCall['rules'], forward: () => Node): Node | null => {
  if (calls === null) return null
  const place = calls.length
  const after = latestId()
  const output = forward()
  calls.splice(place, 0, { name, rules, after, upTo: latestId() })
  return output
}
