import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { Random, type Tensor, tensor } from '@adjoint/autograd'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadTree, saveTree } from '../../src/node/index.js'

const folder = mkdtempSync(join(tmpdir(), 'adjoint-kill-'))
const program = join(folder, 'saver.mjs')
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, 'saver.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
  })
})

/** Starts to save, and kills the process that does at a random moment. */
const kill = async (path: string, keep: number, moment: number): Promise<void> => {
  const child = spawn(process.execPath, [program, path, String(keep)], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  await wait(moment)
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** The step whose file is there, whole. */
const stepOf = async (path: string): Promise<number> => {
  const { step, x } = await loadTree<{ step: number; x: Tensor }>(path)
  expect(x.data.every((value) => value === step)).toBe(true)
  return step
}

it.each([1, 3])('a process that is killed while it saves leaves a file that is whole, keeping %i', async (keep) => {
  const path = join(folder, `keep-${keep}`, 'model.safetensors')
  const random = new Random(keep)
  const steps: number[] = []
  for (let i = 0; i < 8; i++) {
    await kill(path, keep, random.uniform([], { high: 60 }).item())
    steps.push(await stepOf(path))
    if (keep === 3 && steps.at(-1)! > 3) {
      const older = [1, 2].map((age) => path.replace('.safetensors', `.${age}.safetensors`))
      for (const one of older.filter((one) => readdirSync(join(path, '..')).includes(one.split('/').at(-1)!)))
        await stepOf(one)
    }
  }
  expect(Math.max(...steps)).toBeGreaterThan(1)
  // what the kills left beside it goes with the next save
  await saveTree(path, { step: 0, x: tensor([0]) }, { keep })
  const left = readdirSync(join(path, '..')).sort()
  expect(left).toEqual(['model.1.safetensors', 'model.2.safetensors', 'model.safetensors'].slice(keep === 1 ? 2 : 0))
})
