import { describe, expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { main } from '../src/cli.js'
import { progressOn } from '../src/progress.js'

/** A stream that keeps what is written. */
class Written {
  readonly isTTY = false
  text = ''
  write(text: string | Uint8Array): boolean {
    this.text += text
    return true
  }
}

const call = async (...args: readonly string[]) => {
  const [stdout, stderr] = [new Written(), new Written()]
  const status = await main(args, { stdout, stderr })
  return { status, stdout: stdout.text, stderr: stderr.text }
}

describe('the command line', () => {
  test.each([
    ['no file', [], 'no file is named'],
    ['an unknown option', ['--rapport', 'a.ts'], /'--rapport'.*\n.*--help/],
    ['an unknown reporter', ['--reporter', 'tap', 'a.ts'], '--reporter tap: there are human, junit, json.'],
    ['a reporter by the name of a method', ['--reporter', 'toString', 'a.ts'], '--reporter toString'],
    ['an order that there is not', ['--order', '3', 'a.ts'], '--order 3: give 1 or 2.'],
    ['a seed that is no integer', ['--seed', '1.5', 'a.ts'], '--seed 1.5: give an integer'],
    ['a negative seed', ['--seed=-1', 'a.ts'], '--seed -1: give an integer'],
    ['an output without a file', ['a.ts', '--output'], /--output.*argument missing/],
    ['a folder', [import.meta.dirname], 'is a folder: name the files in it'],
  ])('with %s is refused, and says why', async (_words, args, said) => {
    const { status, stdout, stderr } = await call(...args)
    expect([status, stdout]).toEqual([64, ''])
    expect(stderr.startsWith('adjoint-gradcheck: ')).toBe(true)
    if (typeof said === 'string') expect(stderr).toContain(said)
    else expect(stderr).toMatch(said)
  })

  test('has help, which names every option and exit status, and a version', async () => {
    const { status, stdout } = await call('--help', 'a.ts')
    expect(status).toBe(0)
    for (const name of ['reporter', 'output', 'watch', 'order', 'seed', 'help', 'version'])
      expect(stdout).toContain(`--${name}`)
    expect(stdout).toMatch(/0 all pass, 1 some fail, 2 .*inconclusive, 64 /)
    expect(await call('--version')).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' })
  })
})

describe('progress on a terminal', () => {
  test('is one line, which is gone at the end', () => {
    const terminal = new Written()
    const progress = progressOn(terminal, 'a.ts')
    progress.start(2, 'gradcheck')
    progress.update(1, { name: 'tanh', verdict: 'pass', report: null, threw: null, seconds: 0 })
    progress.stop()
    const line = '\r\x1b[K'
    expect(terminal.text.split(line)).toEqual(['', 'a.ts: 0 of 2', 'a.ts: 1 of 2, tanh: pass', ''])
  })
})
