// Packs every built package as npm would get it, then checks the tarballs: that they are whole, manifest (publint), types
// as each module system finds them (attw), and a consumer that only has the tarballs: its types, its imports, one copy of
// each class, the size of its bundles.
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { unreached } from './unreached.mjs'

const consumer = mkdtempSync(join(tmpdir(), 'adjoint-consumer-'))
const run = (command, ...args) => execFileSync(command, args, { cwd: consumer, stdio: 'inherit' })

const subpaths = []
for (const folder of readdirSync('packages')) {
  const {
    name,
    exports,
    dependencies = {},
    peerDependencies = {},
  } = JSON.parse(readFileSync(`packages/${folder}/package.json`, 'utf8'))
  const tarball = join(consumer, `${folder}.tgz`)
  execFileSync('pnpm', ['pack', '--out', tarball], { cwd: `packages/${folder}`, stdio: 'ignore' })
  run('publint', 'run', '--strict', tarball)
  // a program has no types
  if (Object.keys(exports).length > 0) run('attw', '--profile', 'node16', '--format', 'ascii', tarball)

  const installed = join(consumer, 'node_modules', name)
  unpack(tarball, installed)
  assertWhole(installed)
  // what npm would fetch
  for (const dependency of Object.keys(dependencies).filter((other) => !other.startsWith('@adjoint/'))) {
    symlinkSync(
      realpathSync(join('packages', folder, 'node_modules', dependency)),
      join(consumer, 'node_modules', dependency),
    )
  }
  for (const peer of Object.keys(peerDependencies).filter((other) => !other.startsWith('@adjoint/'))) {
    if (peer !== 'vitest') {
      symlinkSync(realpathSync(join('packages', folder, 'node_modules', peer)), join(consumer, 'node_modules', peer))
      continue
    }
    // of what a subpath is a part of: its types, as far as they are added to
    const stub = join(consumer, 'node_modules', peer)
    mkdirSync(stub, { recursive: true })
    writeFileSync(join(stub, 'package.json'), JSON.stringify({ name: peer, version: '0.0.0', types: 'index.d.ts' }))
    writeFileSync(join(stub, 'index.d.ts'), 'export interface Matchers<T = any> { readonly matched?: T }\n')
  }
  subpaths.push(...Object.keys(exports).map((subpath) => name + subpath.slice(1)))
  assertOneCopy(join(installed, 'dist'))

  // npm knows nothing of .pnpmfile.cjs
  const options = { cwd: `packages/${folder}`, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', consumer], options).trim()
  unpack(join(consumer, packed), join(consumer, 'by-npm', folder))
  assertWhole(join(consumer, 'by-npm', folder))
}

function unpack(tarball, into) {
  mkdirSync(into, { recursive: true })
  run('tar', '-xzf', tarball, '-C', into, '--strip-components=1')
}

/** The license, and all that the manifest and the source maps point to; sources are there once, and not in maps too. */
function assertWhole(folder) {
  const read = (name) => readFileSync(join(folder, name), 'utf8')
  if (read('LICENSE') !== readFileSync('LICENSE', 'utf8'))
    throw new Error(`${folder}: LICENSE is not that of the repository`)
  if (!existsSync(join(folder, 'README.md'))) throw new Error(`${folder}: there is no README.md`)
  const targets = (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry).flatMap(targets))
  const { exports, bin = {} } = JSON.parse(read('package.json'))
  const absent = [...targets(exports), ...targets(bin)].filter((target) => !existsSync(join(folder, target)))
  if (absent.length > 0) throw new Error(`${folder}: package.json points to ${absent}, which were not packed`)

  const maps = readdirSync(join(folder, 'dist'), { recursive: true }).filter((name) => name.endsWith('.map'))
  if (maps.length === 0) throw new Error(`${folder}: there are no source maps`)
  for (const name of maps) {
    const { sources, sourcesContent } = JSON.parse(read(join('dist', name)))
    const lost = sources.filter((source) => !existsSync(join(folder, 'dist', dirname(name), source)))
    if (lost.length > 0) throw new Error(`${folder}: ${name} points to ${lost}, which were not packed`)
    if (sourcesContent) throw new Error(`${folder}: ${name} has a second copy of the sources`)
  }
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
// the two builds are two copies of a package: their objects refuse each other by name
import { tensor } from '@adjoint/autograd'
import { Adam } from '@adjoint/nn'
const root = (face) => all.find((module) => face in module)
for (const meet of [
  () => tensor([1]).add(root('tensor').tensor([1])),
  () => root('tensor').tensor([[1]]).matmul(tensor([[1]])),
  () => new Adam(new (root('Linear').Linear)(1, 1)),
]) {
  try {
    meet()
  } catch (error) {
    if (/another copy of @adjoint/.test(error.message)) continue
  }
  throw new Error(\`ES module and CommonJS are not told apart: \${meet}\`)
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
// the program checks what a file has of the consumer's copy, in modules and in CommonJS
const gradients = `import { tensor } from '@adjoint/autograd'\nexport const exp = { f: (x) => x.exp(), inputs: [tensor([1])] }\n`
for (const name of ['gradients.mts', 'gradients.cts']) writeFileSync(join(consumer, name), gradients)
run('node', 'node_modules/@adjoint/gradcheck-cli/dist/main.js', 'gradients.mts', 'gradients.cts')
console.log(`${subpaths.join(', ')}: packed, typed, imported and required`)

/** What a bundler makes of a module of the consumer: for browsers, minified. */
async function bundled(contents, options = { minify: true }) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: consumer },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    ...options,
  })
  return outputFiles[0].contents
}

const whole = subpaths
  .filter((subpath) => subpath.startsWith('@adjoint/autograd'))
  .map((subpath, i) => `export * as m${i} from '${subpath}'`)
const least = `export { grad, matmul, mean, tanh, tensor } from '@adjoint/autograd'`

// what nobody uses is dropped
const carried = Buffer.from(await bundled(least, { minifySyntax: true })).toString()
const needless = unreached(carried)
if (needless.length > 0) {
  throw new Error(
    `Who uses grad and three ops carries ${needless} too, to which nothing leads: does it call, spread or read a property as ` +
      'its module loads, in what is not marked as pure?',
  )
}
// nor does anything lead to other functions that are no ops: what checks a function's arguments is called with its name
const face = await import(join(consumer, 'node_modules/@adjoint/autograd/dist/index.js'))
const used = ['grad', 'tensor', 'valueAndGrad']
// ops are made of each other
const isOp = (name) => Object.hasOwn(Object(face[name]), 'opName')
const isOther = (name) => !(/^[A-Z]/.test(name) || name in face.Tensor.prototype || isOp(name) || used.includes(name))
const kept = Object.keys(face).filter((name) => isOther(name) && carried.includes(`("${name}",`))
if (kept.length > 0) throw new Error(`Who uses grad and three ops carries ${kept} too: what of them refers to it?`)

const readme = readFileSync('README.md', 'utf8')
const ceilings = [
  { of: 'all of @adjoint/autograd', module: `export * from '@adjoint/autograd'`, ceiling: 171.5 },
  {
    of: 'the same with its subpaths: gradcheck, inspect and scalar',
    module: whole.join('\n'),
    ceiling: 330,
    without: ['fast-check'],
  },
  {
    of: 'inspect, beside all of @adjoint/autograd',
    module: `export * as all from '@adjoint/autograd'\nexport * as inspect from '@adjoint/autograd/inspect'`,
    beside: `export * as all from '@adjoint/autograd'`,
    ceiling: 66,
  },
  {
    of: 'scalar programs, beside all of @adjoint/autograd',
    module: `export * as all from '@adjoint/autograd'\nexport * as scalar from '@adjoint/autograd/scalar'`,
    beside: `export * as all from '@adjoint/autograd'`,
    ceiling: 42,
  },
  // see docs/decisions/sizes.md
  {
    of: 'grad and three ops',
    module: least,
    ceiling: 85.5,
    said: /`grad` and three ops carries (\d+) kB/,
  },
  {
    of: 'the same with compile',
    module: `export { compile, grad, matmul, mean, tanh, tensor } from '@adjoint/autograd'`,
    ceiling: 105,
    said: /With `compile` it is (\d+) kB/,
  },
  // by itself: autograd is there already
  {
    of: 'all of @adjoint/formats',
    module: `export * from '@adjoint/formats'`,
    ceiling: 16,
    without: ['@adjoint/autograd'],
  },
  {
    of: 'reading and writing safetensors',
    module: `export { readSafetensors, writeSafetensors } from '@adjoint/formats'`,
    ceiling: 7.5,
    without: ['@adjoint/autograd'],
  },
]
const sizeOf = async (module, without) =>
  gzipSync(await bundled(module, { minify: true, external: without }), { level: 9 }).length / 1000
for (const { of, module, ceiling, said, without = [], beside } of ceilings) {
  const size = (await sizeOf(module, without)) - (beside === undefined ? 0 : await sizeOf(beside, without))
  const text = `${of}: ${size.toFixed(1)} kB minified and compressed; the ceiling is ${ceiling} kB`
  if (size >= ceiling) throw new Error(text)
  const kilobytes = said && Number(readme.match(said)?.[1])
  if (said && !(Math.abs(size / kilobytes - 1) < 0.05)) throw new Error(`README.md says ${kilobytes} kB; ${text}`)
  console.log(text)
}
rmSync(consumer, { recursive: true })
