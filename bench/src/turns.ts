import { type ChildProcess, fork, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { disagreement } from './agreement.js'
import { type Contender, peerFile, pythonFor, pythonWorker } from './contenders.js'
import type { Reply, Request } from './protocol.js'
import { median } from './statistics.js'
import type { Workload } from './workloads/workload.js'

/** What came out of one case. */
export interface Row {
  readonly workload: Workload
  readonly name: string
  readonly flops: number | undefined
  readonly results: readonly Result[]
  /** What a contender could not do, or computed otherwise than adjoint. */
  readonly troubles: readonly Trouble[]
}
export interface Result {
  readonly contender: Contender
  /** Seconds for one run. */
  readonly best: number
  readonly median: number
  /** Bytes for intermediate results, where they are known. */
  readonly memory: number | null
}
export interface Trouble {
  readonly contender: string
  readonly message: string
  /** Whether it makes the whole run fail. */
  readonly fatal: boolean
}

export interface Pace {
  /** How many runs are compared before anything is timed, if they are not slow. */
  readonly runs: number
  readonly warmUp: number
  readonly turns: number
  /** How long each contender runs in each turn. */
  readonly seconds: number
}

/** Seconds: where a run takes longer, the times of the runs that were compared are enough. */
const slow = 1

interface Started {
  readonly contender: Contender
  readonly process: ChildProcess
}

const start = ({ name, peer, variant = '' }: Contender, workload: string): ChildProcess => {
  // peers greet on both streams
  const stdio: StdioOptions = ['ignore', 'ignore', 'ignore', 'ipc']
  if (peer?.language === 'Python') {
    const folder = dirname(peerFile(peer, workload))
    return spawn(pythonFor(peer)!.command, [pythonWorker, folder, variant, workload], { stdio })
  }
  return fork(fileURLToPath(new URL('./worker.js', import.meta.url)), [name, workload], { stdio })
}

const ask = async ({ process }: Started, request: Request): Promise<Reply> => {
  if (process.exitCode !== null || process.signalCode !== null) return { failed: 'its process has ended' }
  const waiting = new AbortController()
  const { signal } = waiting
  process.send(request)
  const reply: Reply = await Promise.race([
    once(process, 'message', { signal }).then(([message]) => message as Reply),
    once(process, 'exit', { signal }).then(([code]): Reply => ({ failed: `its process has ended (${code})` })),
  ])
  waiting.abort()
  return reply
}

/** Runs the wanted cases of a workload: each contender in a process of its own, in alternating turns. */
export async function* runWorkload(
  workload: Workload,
  contenders: readonly Contender[],
  wanted: (index: number) => boolean,
  pace: Pace,
) {
  const started = contenders.map((contender): Started => ({ contender, process: start(contender, workload.name) }))
  try {
    for (const index of workload.cases.keys()) {
      if (wanted(index)) yield await runCase(workload, index, started, pace)
    }
  } finally {
    for (const { process } of started) process.kill()
  }
}

const runCase = async (workload: Workload, index: number, started: readonly Started[], pace: Pace): Promise<Row> => {
  const { name, flops } = workload.cases[index]!
  const troubles: Trouble[] = []
  const ready: { readonly one: Started; readonly samples: number[]; readonly memory: number | null }[] = []
  let expected: readonly (readonly number[])[] | undefined
  for (const one of started) {
    const contender = one.contender.name
    const reply = await ask(one, { prepare: index, runs: pace.runs, warmUp: pace.warmUp })
    if ('failed' in reply) troubles.push({ contender, message: reply.failed, fatal: one.contender.peer === undefined })
    if (!('figures' in reply)) continue
    // adjoint is the first
    expected ??= reply.figures
    const message = disagreement(expected, reply.figures, workload.tolerance)
    if (message !== null) troubles.push({ contender, message, fatal: true })
    ready.push({ one, samples: reply.seconds.filter((seconds) => seconds > slow), memory: reply.memory ?? null })
  }
  const quickOnes = ready.filter(({ samples }) => samples.length === 0)
  for (let turn = 0; turn < pace.turns; turn++) {
    for (const { one, samples } of quickOnes) {
      const reply = await ask(one, { turn: pace.seconds })
      if ('samples' in reply) samples.push(...reply.samples)
      if ('failed' in reply) troubles.push({ contender: one.contender.name, message: reply.failed, fatal: true })
    }
  }
  const results = ready
    .filter(({ samples }) => samples.length > 0)
    .map(({ one, samples, memory }) => ({
      contender: one.contender,
      memory,
      best: Math.min(...samples),
      median: median(samples),
    }))
  return { workload, name, flops, results, troubles }
}
