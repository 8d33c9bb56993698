// Packs every built package as npm would get it, then checks the tarballs: manifest (publint), types as each module
// system finds them (attw), and a consumer that only has the tarballs: its types, its imports, one copy of each class.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const consumer = mkdtempSync(join(tmpdir(), 'adjoint-consumer-'))
const run = (command, ...args) => execFileSync(command, args, { cwd: consumer, stdio: 'inherit' })

const subpaths = []
for (const folder of readdirSync('packages')) {
  const { name, exports } = JSON.parse(readFileSync(`packages/${folder}/package.json`, 'utf8'))
  const tarball = join(consumer, `${folder}.tgz`)
  execFileSync('pnpm', ['pack', '--out', tarball], { cwd: `packages/${folder}`, stdio: 'ignore' })
  run('publint', 'run', '--strict', tarball)
  run('attw', '--profile', 'node16', '--format', 'ascii', tarball)

  const installed = join(consumer, 'node_modules', name)
  mkdirSync(installed, { recursive: true })
  run('tar', '-xzf', tarball, '-C', installed, '--strip-components=1')
  subpaths.push(...Object.keys(exports).map((subpath) => name + subpath.slice(1)))
  assertOneCopy(join(installed, 'dist'))
}

/** Subpaths share their classes: within a module system, a class is declared in one file. */
function assertOneCopy(dist) {
  const files = readdirSync(dist, { recursive: true })
  for (const extension of ['.js', '.cjs']) {
    const home = new Map()
    for (const file of files.filter((file) => file.endsWith(extension))) {
      for (const [, name] of readFileSync(join(dist, file), 'utf8').matchAll(/^var (\w+) = class\b/gm)) {
        if (home.has(name)) throw new Error(`class ${name} is both in ${home.get(name)} and in ${file} of ${dist}`)
        home.set(name, file)
      }
    }
  }
}

const imports = subpaths.map((subpath, i) => `import * as m${i} from '${subpath}'`).join('\n')
const names = subpaths.map((_, i) => `m${i}`).join(', ')
writeFileSync(join(consumer, 'esm.mts'), `${imports}\nexport const all: object[] = [${names}]\n`)
writeFileSync(join(consumer, 'cjs.cts'), `${imports}\nexport const all: object[] = [${names}]\n`)
writeFileSync(
  join(consumer, 'run.mjs'),
  `${imports}\nimport { all } from './cjs.cjs'
for (const [i, esm] of [${names}].entries()) {
  const names = Object.keys(esm).filter((name) => name !== 'default' && name !== 'module.exports')
  const missing = names.filter((name) => !(name in all[i]))
  if (names.length === 0 || missing.length) throw new Error(\`subpath \${i}: \${names.length} exports, not in CommonJS: \${missing}\`)
}
`,
)
run(
  'tsc',
  '--strict',
  '--skipLibCheck',
  'false',
  '--lib',
  'es2022',
  '--module',
  'nodenext',
  '--target',
  'es2022',
  'esm.mts',
  'cjs.cts',
)
run('node', 'run.mjs')
console.log(`${subpaths.join(', ')}: packed, typed, imported and required`)
rmSync(consumer, { recursive: true })
