/** Milliseconds of work between two looks at what else wants to run: about a frame of a screen. */
const interval = 16

/** Tells when a long computation should let others run: timers, drawing, an abort. */
export const createClock = () => {
  let last = performance.now()
  return {
    isDue: (): boolean => performance.now() - last >= interval,
    breathe: async (): Promise<void> => {
      await new Promise<void>((resolve) => {
        setTimeout(resolve, 0)
      })
      last = performance.now()
    },
  }
}
