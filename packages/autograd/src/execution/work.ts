/**
 * Work in small pieces, which pauses where it yields: bytes of WebAssembly, of which it is given the module, or null
 * where something else may run.
 */
export type Work<T> = Generator<Uint8Array<ArrayBuffer> | null, T, WebAssembly.Module | undefined>

/** All of it now. */
export const atOnce = <T>(work: Work<T>): T => {
  let step = work.next()
  while (!step.done) {
    const { value } = step
    if (value === null) {
      step = work.next()
      continue
    }
    let module: WebAssembly.Module
    try {
      module = new WebAssembly.Module(value)
    } catch (error) {
      step = work.throw(error)
      continue
    }
    step = work.next(module)
  }
  return step.value
}

/** So many milliseconds go by before something else may run. */
const slice = 20

/** In slices of about so many milliseconds, between which timers run and pictures are drawn. */
export const inSlices = async <T>(work: Work<T>): Promise<T> => {
  let start = performance.now()
  let step = work.next()
  while (!step.done) {
    const { value } = step
    if (value === null) {
      if (performance.now() - start > slice) {
        await new Promise<void>((resolve) => {
          setTimeout(resolve, 0)
        })
        start = performance.now()
      }
      step = work.next()
      continue
    }
    let module: WebAssembly.Module
    try {
      module = await WebAssembly.compile(value)
    } catch (error) {
      step = work.throw(error)
      continue
    } finally {
      start = performance.now()
    }
    step = work.next(module)
  }
  return step.value
}
