import { cpus, loadavg } from 'node:os'
import { peerVersions } from './contenders.js'

/** Where and when a run took place, and with what. */
export const machine = (): string[] => {
  const processors = cpus()
  return [
    `${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores, one thread used`,
    `Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, load average ${loadavg()[0]!.toFixed(1)}`,
    `peers: ${peerVersions().join(', ') || 'none'}`,
  ]
}
