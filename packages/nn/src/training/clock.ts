/** Milliseconds of work between two looks at what else wants to run: about a frame of a screen. */
const interval = 16

type Later = (call: () => void) => void

/** Comes after timers, input and drawing that wait, and not a millisecond later, as timers do. */
const laterOf = (): Later => {
  const { setImmediate } = globalThis as { readonly setImmediate?: Later }
  if (setImmediate !== undefined) return (call) => setImmediate(call)
  return (call) => {
    setTimeout(call, 0)
  }
}

/** Tells when a long computation should let others run: timers, drawing, an abort. */
export const createClock = () => {
  const later = laterOf()
  let last = performance.now()
  return {
    isDue: (): boolean => performance.now() - last >= interval,
    breathe: async (): Promise<void> => {
      await new Promise<void>(later)
      last = performance.now()
    },
  }
}
