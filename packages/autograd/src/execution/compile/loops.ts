import { Cache } from '../../graph/cache.js'
import { bytesPerElement } from '../../graph/dtype.js'
import type { Loop, RunLoop } from '../../graph/kernel.js'
import { contiguousStrides, sizeOf } from '../../graph/shape.js'
import type { Spec, Value } from '../../graph/value.js'
import { isDeterministic, runAllEagerly } from '../eager.js'
import type { Executor } from '../plan/executor.js'
import type { Buffer, Plan } from '../plan/plan.js'
import { WasmExecutor } from '../wasm/program/executor.js'
import { executorOf } from '../wasm/program/index.js'
import { atOnce } from '../work.js'

interface Entry {
  /** How many kernels have run one by one that a program would have run. */
  missed: number
  /** Null where there can be none; undefined as long as it has not been asked for. */
  executor: Executor | null | undefined
  isRunning: boolean
}

/** So many programs are kept. */
const limit = 64
/** To make a program takes as long as so many small kernels. */
const worth = 3000

/** A program over more bytes is made anew each time: its memory would be kept. */
const keptBytes = 2 ** 26

const entries = /* @__PURE__ */ new Cache<string, Entry>(limit)

/** Runs a loop that is no part of a compiled function as a program of its own, if it is long or has come often. */
export const asProgram: RunLoop = (loop, inputs, outs) => {
  const key = `${isDeterministic()} ${loop.key}`
  let entry = entries.get(key)
  if (entry === undefined) {
    entry = { missed: 0, executor: undefined, isRunning: false }
    entries.set(key, entry)
  }
  // what a program cannot do is done, or said, kernel by kernel
  if (entry.isRunning) return null
  if (entry.executor === undefined) {
    entry.missed += loop.length * loop.body.instructions.length
    if (entry.missed < worth) return null
    entry.executor = programOf(loop, inputs, outs)
  }
  const { executor } = entry
  if (executor === null) return null
  entry.isRunning = true
  try {
    inputs.forEach((input, i) => {
      executor.load(i, input)
    })
    executor.run()
    const results = outs.map((_, i) => executor.read(i))
    executor.finish()
    return results
  } finally {
    entry.isRunning = false
    if (bytesOf([...inputs, ...outs]) > keptBytes) entry.executor = undefined
  }
}

const bytesOf = (specs: readonly Spec[]): number =>
  specs.reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * bytesPerElement(dtype), 0)

const programOf = (kernel: Loop, inputs: readonly Value[], outs: readonly Spec[]): Executor | null => {
  let id = 0
  const buffer = ({ shape, dtype }: Spec): Buffer => ({ id: id++, shape, dtype })
  const view = (of: Buffer) => ({
    buffer: of,
    shape: of.shape,
    dtype: of.dtype,
    strides: contiguousStrides(of.shape),
    offset: 0,
  })
  const given = inputs.map(buffer)
  const made = outs.map(buffer)
  const plan: Plan = {
    inputs: given,
    constants: [],
    steps: [{ kind: 'kernel', kernel, mayFail: true, inputs: given.map(view), outs: made }],
    outputs: made.map((each) => ({ view: view(each), kept: false, replaces: null })),
  }
  const executor = atOnce(executorOf(plan, isDeterministic(), runAllEagerly))
  return executor instanceof WasmExecutor && executor.running.hosted.size === 0 ? executor : null
}
