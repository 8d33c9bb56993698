// `configure({ deterministic: true })` promises the same bits on every machine: runs program.ts on several versions of
// Node and compares. Versions other than the present one come from npm (about 60 MB each, kept in its cache).
import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

const versions = ['20', '22', '24']
const folder = mkdtempSync(join(tmpdir(), 'adjoint-determinism-'))
const program = join(folder, 'program.mjs')
await build({
  entryPoints: ['scripts/determinism/program.ts'],
  outfile: program,
  bundle: true,
  format: 'esm',
  platform: 'node',
  conditions: ['source'],
  logLevel: 'error',
})

const skip = (what) => {
  console.log(what)
  if (process.env.CI_SKIPPED) appendFileSync(process.env.CI_SKIPPED, `${what}\n`)
}

/** How to start this version of Node; null where it cannot be fetched. */
const starter = (version) => {
  if (process.versions.node.split('.')[0] === version) return [process.execPath]
  const start = ['npx', '-y', '-p', `node@${version}`, 'node']
  try {
    execFileSync(start[0], [...start.slice(1), '--version'], { stdio: ['ignore', 'ignore', 'pipe'] })
    return start
  } catch (error) {
    skip(`determinism: Node ${version} was not compared, npm does not give it: ${String(error.stderr).split('\n')[0]}`)
    return null
  }
}

const run = ([command, ...args]) => {
  const options = { encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'inherit'] }
  const { status, stdout } = spawnSync(command, [...args, program], options)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`)
  return stdout.trim().split('\n')
}

const results = versions.flatMap((version) => {
  const start = starter(version)
  if (start === null) return []
  const lines = run(start)
  console.log(`Node ${version}: ${lines.length} hashes`)
  return [{ version, lines }]
})
rmSync(folder, { recursive: true })

const [first, ...others] = results
const differing = others.flatMap(({ version, lines }) =>
  first.lines.flatMap((line, i) =>
    line === lines[i] ? [] : [`Node ${first.version} ${line}; Node ${version} ${lines[i]}`],
  ),
)
for (const line of differing) console.log(line)
if (differing.length > 0) throw new Error(`${differing.length} results differ between versions of Node`)
console.log(`the same bits on Node ${results.map(({ version }) => version).join(', ')}`)
