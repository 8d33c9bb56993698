/** Seconds since it was made: of the clock, and of the processor, which other programs do not lengthen. */
export const stopwatch = (): (() => { readonly seconds: number; readonly processorSeconds: number }) => {
  const start = performance.now()
  const used = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(used)
    return { seconds: (performance.now() - start) / 1e3, processorSeconds: (user + system) / 1e6 }
  }
}
