import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Something that runs the workloads: adjoint, or a peer in one of its variants. */
export interface Contender {
  readonly name: string
  readonly peer?: Peer
  readonly variant?: string
  /** Whether a quick run does without it. */
  readonly long?: boolean
}

/** A library in a folder of bench/peers, with a program for each workload that it takes part in. */
interface Peer {
  readonly folder: string
  readonly packages: readonly string[]
}

// From bench/dist, where this runs, and from bench/src alike.
const peersFolder = fileURLToPath(new URL('../peers', import.meta.url))

const tfjs: Peer = { folder: 'tfjs', packages: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'] }
const jax: Peer = { folder: 'jax-js', packages: ['@jax-js/jax'] }
const jsPytorch: Peer = { folder: 'js-pytorch', packages: ['js-pytorch'] }

export const contenders: readonly Contender[] = [
  { name: 'adjoint' },
  { name: 'adjoint compiled', variant: 'compiled' },
  { name: 'tfjs cpu', peer: tfjs, variant: 'cpu', long: true },
  { name: 'tfjs wasm', peer: tfjs, variant: 'wasm' },
  { name: 'jax-js', peer: jax, variant: 'eager', long: true },
  { name: 'jax-js jit', peer: jax, variant: 'jit' },
  { name: 'js-pytorch', peer: jsPytorch, variant: 'cpu' },
]

/** The file of a peer that prepares it, or that has its program for a workload. */
export const peerFile = ({ folder }: Peer, name: string): string => join(peersFolder, folder, `${name}.js`)

const installed = ({ packages }: Peer): boolean =>
  packages.every((name) => existsSync(join(peersFolder, 'node_modules', name, 'package.json')))

/** The packages of the peers that are not installed. */
export const missingPackages = (): string[] => {
  const peers = new Set(contenders.flatMap(({ peer }) => (peer === undefined || installed(peer) ? [] : [peer])))
  return [...peers].flatMap(({ packages }) => packages)
}

/** Those that can run a workload here. */
export const contendersFor = (workload: string, quick: boolean): Contender[] =>
  contenders.filter(
    ({ peer, long = false }) =>
      peer === undefined || (!(quick && long) && installed(peer) && existsSync(peerFile(peer, workload))),
  )

/** The name and version of each peer that is installed. */
export const peerVersions = (): string[] =>
  [...new Set(contenders.flatMap(({ peer }) => (peer !== undefined && installed(peer) ? [peer] : [])))].map(
    ({ packages: [name] }) => {
      const manifest = readFileSync(join(peersFolder, 'node_modules', name!, 'package.json'), 'utf8')
      return `${name} ${(JSON.parse(manifest) as { version: string }).version}`
    },
  )
