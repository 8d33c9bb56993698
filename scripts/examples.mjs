// Runs every example (a folder of examples/ with an index.ts) in its short mode, and fails if one does.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'

const names = readdirSync('examples')
  .filter((name) => existsSync(`examples/${name}/index.ts`))
  .sort()
const failed = names.filter((name) => {
  console.log(`\n--- examples/${name}`)
  const { status } = spawnSync('tsx', ['--conditions=source', `examples/${name}/index.ts`, '--short'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return status !== 0
})
console.log(`\n${names.length} examples run${failed.length ? `, failed: ${failed.join(', ')}` : ''}`)
process.exitCode = names.length === 0 || failed.length ? 1 : 0
