const pageSize = 65536
const pageLimit = 65536

let memory: WebAssembly.Memory | undefined
let numbers = new Float64Array(0)

/** The memory of all programs: none keeps anything in it from run to run. */
export const sharedMemory = (): WebAssembly.Memory => {
  memory ??= new WebAssembly.Memory({ initial: 1, maximum: pageLimit })
  return memory
}

/** The same as numbers. */
export const sharedNumbers = (): Float64Array => {
  if (numbers.length === 0) numbers = new Float64Array(sharedMemory().buffer)
  return numbers
}

/** Sees to room for so many numbers; RangeError if there is none. */
export const reserve = (words: number): void => {
  const shared = sharedMemory()
  const missing = words * 8 - shared.buffer.byteLength
  if (missing <= 0) return
  shared.grow(Math.ceil(missing / pageSize))
  numbers = new Float64Array(shared.buffer)
}
