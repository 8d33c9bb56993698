import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { inconclusive, right, throws, wrong } from './checks.js'
import { folderOutside, folderWith, run, start } from './run.js'

describe('the exit status', () => {
  // 0 and 1 are seen below
  test('is 2 where none fails but some are inconclusive', async () => {
    const { status, stdout, stderr } = await run(
      folderWith({ 'right.ts': right, 'kink.ts': inconclusive }),
      'right.ts',
      'kink.ts',
    )
    expect(stdout).toMatch(/^right.ts\ngradcheckAll: pass .*^kink.ts\ngradcheckAll: inconclusive /ms)
    expect([status, stderr]).toEqual([2, ''])
  })

  test('is 64 where a file is not there, and nothing is checked', async () => {
    const { status, stdout, stderr } = await run(folderWith({ 'right.ts': right }), 'right.ts', 'absent.ts')
    expect(stderr).toContain('absent.ts: there is no such file in ')
    expect([status, stdout]).toEqual([64, ''])
  })
})

describe('a file', () => {
  test('that the README shows gives what the README shows', async () => {
    const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
    const [file, printed] = [/```ts\n(.*?)```/s, /```text\n(.*?) {2}\.\.\.\n```/s].map(
      (block) => block.exec(readme)![1]!,
    )
    const { status, stdout } = await run(folderWith({ 'gradients.ts': file! }), 'gradients.ts')
    expect(stdout.slice(0, printed!.length)).toBe(printed)
    expect(status).toBe(1)
  })

  test('has its checks by default, by name, or both, and imports what it likes', async () => {
    const both = `import { times } from './lib/times.js'
      ${right}
      export const scaled = { f: (x: Tensor) => x.mul(times), inputs: [tensor([1])] }`
    const folder = folderWith({ 'both.ts': both, 'lib/times.ts': 'export const times: number = 3' })
    const { status, stdout, stderr } = await run(folder, 'both.ts', '--order', '1', '--seed=3')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toBe('both.ts\ngradcheckAll: pass (2 pass)\n  pass  tanh\n  pass  scaled\n')
  })

  test('of CommonJS has the copy of the library that CommonJS has', async () => {
    const script = `const { tensor } = require('@adjoint/autograd')
      module.exports = { exp: { f: (x) => x.exp(), inputs: [tensor([1])] } }`
    const folder = folderWith({ 'package.json': '{}', 'typed.ts': `${right}${wrong}`, 'script.js': script })
    const { stdout } = await run(folder, 'typed.ts', 'script.js')
    expect(stdout).toContain('typed.ts\ngradcheckAll: fail (1 fail, 1 pass)\n')
    expect(stdout).toContain('script.js\ngradcheckAll: pass (1 pass)\n')
  })

  test('of plain arrays is checked where the library is not installed', async () => {
    const { stdout, status } = await run(
      folderOutside({ 'package.json': '{ "type": "module" }', 'wrong.ts': wrong }),
      'wrong.ts',
    )
    expect(stdout).toContain('the sign is wrong')
    expect(status).toBe(1)
  })

  test('of tensors cannot be loaded where the library is not installed: the message says what to do', async () => {
    const { stderr, status } = await run(
      folderOutside({ 'package.json': '{ "type": "module" }', 'right.ts': right }),
      'right.ts',
    )
    expect(stderr).toMatch(/^adjoint-gradcheck: right\.ts cannot be loaded: .*'@adjoint\/autograd'/)
    expect(stderr).toContain('install the package where the file is')
    expect(status).toBe(64)
  })

  test.each([
    ['an error as it is loaded', `throw new TypeError('not today')`, /: TypeError: not today\n.*file\.ts:1:7/],
    ['no grammar', 'export const = 3', /file\.ts:1:13: ERROR: Expected identifier/],
    ['an import of nothing', `import './absent.js'`, /absent\.js.*\n(.*\n)?Correct the path/],
  ])('with %s cannot be loaded, and where it goes wrong is said', async (_words, text, said) => {
    const { status, stdout, stderr } = await run(folderWith({ 'file.ts': text }), 'file.ts')
    expect(stderr).toMatch(/^adjoint-gradcheck: file\.ts cannot be loaded: /)
    expect(stderr).toMatch(said)
    expect([status, stdout]).toEqual([64, ''])
  })
})

describe('a reporter', () => {
  const files = { 'right.ts': right, 'kink.ts': inconclusive, 'wrong.ts': wrong, 'throws.ts': throws }
  const names = Object.keys(files)

  test('junit writes XML that says what is wrong, what could not be checked, and what threw', async () => {
    const folder = folderWith(files)
    const { stdout, status } = await run(folder, ...names, '--reporter', 'junit', '--output', 'reports/junit.xml')
    expect([status, stdout.split('\n')[0]]).toEqual([1, 'right.ts'])
    const xml = readFileSync(join(folder, 'reports/junit.xml'), 'utf8')
    expect(XMLValidator.validate(xml)).toBe(true)
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '',
      trimValues: false,
      htmlEntities: true,
    })
    const { testsuites } = parser.parse(xml)
    expect(testsuites).toMatchObject({ tests: '4', failures: '1', errors: '2', skipped: '0' })
    const suites = testsuites.testsuite as Record<string, any>[]
    expect(suites.map(({ name, tests }) => [name, tests])).toEqual(names.map((name) => [name, '1']))
    const [passes, doubted, fails, threw] = suites.map(({ testcase }) => testcase)
    expect(passes).toMatchObject({ classname: 'right.ts', name: 'tanh' })
    expect(Object.keys(passes)).not.toContain('failure')
    expect(doubted.error.type).toBe('inconclusive')
    expect(doubted.error.message).toContain('kink')
    expect(fails.failure.message).toContain('the sign is wrong')
    expect(fails.failure['#text']).toContain('x[0] -> value       -6')
    expect(threw.name).toBe('a "b" <c> & \uFFFDd\ne')
    expect(threw.error).toMatchObject({ type: 'threw', '#text': 'Error: <1> & ]]>' })
  })

  test('json writes all that was found, as data', async () => {
    const { stdout } = await run(folderWith(files), ...names, '--reporter=json', '--seed=5')
    const { verdict, files: found } = JSON.parse(stdout)
    expect(verdict).toBe('fail')
    expect(found.map(({ file, verdict }: any) => [file, verdict])).toEqual([
      ['right.ts', 'pass'],
      ['kink.ts', 'inconclusive'],
      ['wrong.ts', 'fail'],
      ['throws.ts', 'fail'],
    ])
    const [passes, , fails, threw] = found.map(({ checks }: any) => checks[0])
    expect(passes).toMatchObject({ name: 'tanh', verdict: 'pass', threw: null, report: { seed: 5 } })
    expect(passes.report.orders).toHaveLength(1)
    expect(fails.report.text).toContain('the sign is wrong')
    expect(threw).toMatchObject({ report: null, threw: 'Error: <1> & ]]>' })
  })
})

describe('--watch', () => {
  /** Watches a file; what the next check prints. */
  const watching = (folder: string) => {
    const child = start(folder, '--watch', 'file.ts')
    const printed = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (text) => {
        printed[stream] += text
      })
    }
    return async (): Promise<string> => {
      while (!printed.stderr.includes('waits for changes')) await once(child.stderr, 'data')
      const text = `${printed.stdout}${printed.stderr}`
      Object.assign(printed, { stdout: '', stderr: '' })
      return text
    }
  }

  test('checks again when what a file imports changes, and goes on where it cannot be loaded', async () => {
    const sign = (text: string) => `export const sign: number = ${text}`
    const file = `import { sign } from './sign.js'
      export const square = { value: (x: number[]) => x[0]! ** 2, grad: (x: number[]) => [sign * 2 * x[0]!], x: [3] }`
    const folder = folderWith({ 'file.ts': file, 'sign.ts': sign('-1') })
    const next = watching(folder)
    expect(await next()).toContain('gradcheckAll: fail')
    for (const [text, said] of [
      [sign('1'), 'gradcheckAll: pass'],
      ['export const = 3', 'file.ts cannot be loaded'],
      [sign('-1'), 'gradcheckAll: fail'],
    ] as const) {
      writeFileSync(join(folder, 'sign.ts'), text)
      expect(await next()).toContain(said)
    }
  })

  test.each(['commonjs', 'module'])('and when what was not there comes to be, in a folder of type %s', async (type) => {
    const file = `import { x } from './later.js'
      export const square = { value: (x: number[]) => x[0]! ** 2, grad: (x: number[]) => [2 * x[0]!], x }`
    const folder = folderWith({ 'file.ts': file, 'package.json': JSON.stringify({ type }) })
    const next = watching(folder)
    expect(await next()).toContain('file.ts cannot be loaded')
    writeFileSync(join(folder, 'later.ts'), 'export const x = [3]')
    expect(await next()).toContain('gradcheckAll: pass')
  })
})
