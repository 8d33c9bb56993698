import { pathToFileURL } from 'node:url'
import { compile } from '@adjoint/autograd'
import { type Contender, contenders, peerFile } from './contenders.js'
import type { Reply, Request } from './protocol.js'
import { processorClock, time, wallClock } from './timing.js'
import { workloads } from './workloads/index.js'
import type { Run } from './workloads/workload.js'

// A process with one contender and one workload, so that no contender runs in code that another has warmed up
// for other types. It answers requests of ./turns.ts.

/** A peer's file: null where the program does not apply to the variant. */
interface PeerProgram {
  readonly program: (data: unknown, variant: string) => Run | null
}
interface PeerStart {
  readonly start: (variant: string) => Promise<void>
}

const [contenderName, workloadName] = process.argv.slice(2)
const contender = contenders.find(({ name }) => name === contenderName)!
const workload = workloads.find(({ name }) => name === workloadName)!
const clock = workload.isProcessorTime ? processorClock : wallClock

const programOf = async ({ peer, byHand, variant = '' }: Contender): Promise<(data: unknown) => Run | null> => {
  if (peer === undefined) {
    const way = byHand ? 'byHand' : 'adjoint'
    return (data) => workload[way]!(data, variant === 'compiled' ? compile : (f) => f)
  }
  const load = (name: string) => import(pathToFileURL(peerFile(peer, name)).href)
  await ((await load('start')) as PeerStart).start(variant)
  const { program } = (await load(workload.name)) as PeerProgram
  return (data) => program(data, variant)
}
const program = programOf(contender)

/** Seconds after which no more runs are compared. */
const patience = 1
let run: Run = () => []

const answer = async (request: Request): Promise<Reply> => {
  if ('turn' in request) return time(run, request.turn, clock)
  const made = (await program)(workload.cases[request.prepare]!.data())
  if (made === null) return { absent: true }
  run = made
  const figures = [run()]
  const seconds: number[] = []
  for (let spent = 0; seconds.length === 0 || (figures.length < request.runs && spent < patience); ) {
    const start = clock()
    figures.push(run())
    seconds.push(clock() - start)
    spent += seconds.at(-1)!
  }
  if (seconds.at(-1)! < request.warmUp) time(run, request.warmUp, clock)
  return { figures, seconds, memory: run.memory?.() ?? null }
}

process.on('message', async (request: Request) => {
  const failed = (error: unknown): Reply => ({ failed: String(error).split('\n')[0]! })
  process.send!(await answer(request).catch(failed))
})
