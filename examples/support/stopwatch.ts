/**
 * Seconds since it was made: of the clock, and of the processor, which other programs do not lengthen.
 *
 * @param seconds what it begins at, of the clock @param processorSeconds and of the processor
 */
export const stopwatch = (
  seconds = 0,
  processorSeconds = 0,
): (() => { readonly seconds: number; readonly processorSeconds: number }) => {
  const start = performance.now()
  const used = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(used)
    return {
      seconds: seconds + (performance.now() - start) / 1e3,
      processorSeconds: processorSeconds + (user + system) / 1e6,
    }
  }
}
