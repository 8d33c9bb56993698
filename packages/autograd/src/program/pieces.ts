/** Work that pauses where it yields: something else may run then. */
export type Pausing<T> = Generator<null, T, unknown>

/** So few that a piece is short, and so many that pauses cost nothing. */
const pieceSize = 32

/** Visits every item in turn, and pauses now and then. */
export function* inPieces<T>(items: readonly T[], visit: (item: T, index: number) => void): Pausing<void> {
  for (let i = 0; i < items.length; i++) {
    visit(items[i]!, i)
    if ((i + 1) % pieceSize === 0) yield null
  }
}

/** All of it now. */
export const drained = <T>(work: Pausing<T>): T => {
  let step = work.next()
  while (!step.done) step = work.next()
  return step.value
}
