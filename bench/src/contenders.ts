import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findPythons, type Python } from './python.js'
import type { Workload } from './workloads/workload.js'

/** Something that runs the workloads: adjoint, or a peer in one of its variants. */
export interface Contender {
  readonly name: string
  readonly peer?: Peer
  /** Whether it runs what a workload has by hand. */
  readonly byHand?: boolean
  readonly variant?: string
  /** Whether a quick run does without it. */
  readonly long?: boolean
}

/** A library in a folder of bench/peers, with a program for each workload that it takes part in. */
interface Peer {
  readonly language: 'JavaScript' | 'Python'
  readonly folder: string
  /** What it needs, itself first. */
  readonly packages: readonly string[]
}

// From bench/dist, where this runs, and from bench/src alike.
const peersFolder = fileURLToPath(new URL('../peers', import.meta.url))

const javaScript = (folder: string, ...packages: string[]): Peer => ({ language: 'JavaScript', folder, packages })
const tfjs = javaScript('tfjs', '@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm')
const jaxJs = javaScript('jax-js', '@jax-js/jax')
/** Programs of a few lines, written here as yardsticks: there is nothing to install. */
const ports: Peer = { language: 'JavaScript', folder: 'ports', packages: [] }
const jsPytorch = javaScript('js-pytorch', 'js-pytorch')

// numpy makes the data of each
const python = (name: string, ...others: string[]): Peer => ({
  language: 'Python',
  folder: name,
  packages: [name, ...others, 'numpy'],
})
const torch = python('torch')
const jax = python('jax', 'jaxlib')
const numpy = python('numpy')
const micrograd = python('micrograd')

export const contenders: readonly Contender[] = [
  { name: 'adjoint' },
  { name: 'adjoint compiled', variant: 'compiled' },
  { name: 'by hand', byHand: true },
  { name: 'by hand compiled', byHand: true, variant: 'compiled' },
  { name: 'tfjs cpu', peer: tfjs, variant: 'cpu', long: true },
  { name: 'tfjs wasm', peer: tfjs, variant: 'wasm' },
  { name: 'jax-js', peer: jaxJs, variant: 'eager', long: true },
  { name: 'jax-js jit', peer: jaxJs, variant: 'jit' },
  { name: 'js-pytorch', peer: jsPytorch, variant: 'cpu' },
  { name: 'closures', peer: ports, variant: 'closures' },
  { name: 'lean', peer: ports, variant: 'lean' },
  { name: 'torch', peer: torch },
  { name: 'jax', peer: jax, variant: 'eager', long: true },
  { name: 'jax jit', peer: jax, variant: 'jit' },
  { name: 'numpy', peer: numpy },
  { name: 'micrograd', peer: micrograd },
]

const peers = [...new Set(contenders.flatMap(({ peer }) => peer ?? []))]

/** The file of a peer that prepares it, or that has its program for a workload. */
export const peerFile = ({ language, folder }: Peer, name: string): string =>
  join(peersFolder, folder, `${name}.${language === 'Python' ? 'py' : 'js'}`)

/** The worker that runs the programs of peers in Python. */
export const pythonWorker = join(peersFolder, 'python', 'worker.py')

const manifest = (name: string): string => join(peersFolder, 'node_modules', name, 'package.json')

let pythons: readonly Python[] | undefined

/** The first Python that has all that a peer needs. */
export const pythonFor = ({ packages }: Peer): Python | undefined => {
  pythons ??= findPythons(
    join(peersFolder, 'python', 'installed.py'),
    peers.filter(({ language }) => language === 'Python').flatMap(({ packages }) => packages),
  )
  return pythons.find(({ versions }) => packages.every((name) => name in versions))
}

const installed = (peer: Peer): boolean =>
  peer.language === 'Python' ? pythonFor(peer) !== undefined : peer.packages.every((name) => existsSync(manifest(name)))

/** The packages of the peers in JavaScript that are not installed. */
export const missingPackages = (): string[] =>
  peers.filter((peer) => peer.language === 'JavaScript' && !installed(peer)).flatMap(({ packages }) => packages)

/** Those that can run a workload here. */
export const contendersFor = (workload: Workload, quick: boolean): Contender[] =>
  contenders.filter(({ peer, byHand = false, long = false }) => {
    if (peer === undefined) return !byHand || workload.byHand !== undefined
    return !(quick && long) && installed(peer) && existsSync(peerFile(peer, workload.name))
  })

/** The name and version of each peer that is installed. */
export const peerVersions = (): string[] =>
  peers
    .filter((peer) => peer.packages.length > 0 && installed(peer))
    .map((peer) => {
      const name = peer.packages[0]!
      if (peer.language === 'Python') return `${name} ${pythonFor(peer)!.versions[name]} (Python)`
      return `${name} ${(JSON.parse(readFileSync(manifest(name), 'utf8')) as { version: string }).version}`
    })
