import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { threadId } from 'node:worker_threads'
import { ArgumentError, compile, parameter, tensor, zeros } from '@adjoint/autograd'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FormatError } from '../../src/index.js'
import { type Disk, disk, type OpenFile } from '../../src/node/disk.js'
import { loadTree, saveTree } from '../../src/node/index.js'
import { writeAtomically } from '../../src/node/write-atomically.js'
import { expectSame } from '../trees.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'adjoint-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a tree in a file', () => {
  it('comes back, in folders that were not there', async () => {
    const path = join(folder, 'a/b/model.safetensors')
    const tree = { model: { '0.weight': tensor([[1, 2]]) }, epoch: 3 }
    await saveTree(path, tree)
    expectSame(await loadTree(path), tree)
    expect(readdirSync(join(folder, 'a/b'))).toEqual(['model.safetensors'])
  })

  it('is what the extension says: .npy for a tensor, .npz for tensors by name', async () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ])
    await saveTree(join(folder, 'x.npy'), x)
    expectSame(await loadTree(join(folder, 'x.npy')), x)
    await saveTree(join(folder, 'x.NPZ'), { x }, { compress: true })
    expectSame(await loadTree(join(folder, 'x.NPZ')), { x })
    await expect(saveTree(join(folder, 'x.npy'), { x })).rejects.toThrow(/one tensor; write a tree as \.safetensors/)
    await expect(saveTree(join(folder, 'x.npz'), [x])).rejects.toThrow(/tensors by name; give an object/)
    await expect(saveTree(join(folder, 'x.npz'), { epoch: 3 })).rejects.toThrow(/'epoch' is no tensor/)
    await expect(saveTree(join(folder, 'x.npy'), x, { compress: true })).rejects.toThrow(
      /compress means nothing for \.npy/,
    )
    await expect(loadTree(join(folder, 'x.npy'), { verify: false })).rejects.toThrow(/verify means nothing/)
  })

  it('is taken as it is when it is saved: a training may go on meanwhile', async () => {
    const path = join(folder, 'model.safetensors')
    const [w, x] = [parameter(tensor([1, 2])), tensor([3, 4])]
    const train = compile(() => w.assign(w.add(1)))
    train()
    const saved = saveTree(path, { w, x })
    train()
    x.assign(tensor([5, 6]))
    await saved
    expectSame(await loadTree(path), { w: tensor([2, 3]), x: tensor([3, 4]) })
    expect(w.toArray()).toEqual([3, 4])
  })

  it('takes the place of the one before, of which `keep` leaves some', async () => {
    const path = join(folder, 'model.safetensors')
    for (let step = 0; step < 5; step++) await saveTree(path, { step }, { keep: 3 })
    expect(readdirSync(folder).sort()).toEqual(['model.1.safetensors', 'model.2.safetensors', 'model.safetensors'])
    expect(await loadTree(path)).toEqual({ step: 4 })
    expect(await loadTree(join(folder, 'model.1.safetensors'))).toEqual({ step: 3 })
    expect(await loadTree(join(folder, 'model.2.safetensors'))).toEqual({ step: 2 })
  })

  it('is saved by several at once, and is one of theirs', async () => {
    const path = join(folder, 'model.safetensors')
    await Promise.all(Array.from({ length: 8 }, (_, step) => saveTree(path, { step })))
    expect(await loadTree<{ step: number }>(path)).toHaveProperty('step')
    expect(readdirSync(folder)).toEqual(['model.safetensors'])
  })

  it('of a format that is not known is refused by its extension', async () => {
    await expect(saveTree(join(folder, 'model.safetensor'), {})).rejects.toThrow(/did you mean '\.safetensors'/)
    await expect(loadTree(join(folder, 'model'))).rejects.toThrow(ArgumentError)
    expect(readdirSync(folder)).toEqual([])
  })

  it('that is damaged is refused by path and byte', async () => {
    const path = join(folder, 'model.safetensors')
    writeFileSync(path, new Uint8Array(5))
    await expect(loadTree(path)).rejects.toThrow(FormatError)
    await expect(loadTree(path)).rejects.toThrow(`'${path}': readSafetensors: there are 5 bytes`)
    await expect(loadTree(join(folder, 'none.safetensors'))).rejects.toThrow(/ENOENT/)
  })

  it('whose tree cannot be saved is left as it was', async () => {
    const path = join(folder, 'model.safetensors')
    await saveTree(path, { step: 1 })
    await expect(saveTree(path, { f: () => 1 })).rejects.toThrow(/is a function/)
    expect(await loadTree(path)).toEqual({ step: 1 })
  })
})

describe('several saves of a path', () => {
  it('that are not waited for are written one after the other, and the last one stays, with those before it', async () => {
    const path = join(folder, 'model.safetensors')
    const saves = Array.from({ length: 6 }, (_, step) =>
      saveTree(path, { step, w: zeros([step === 0 ? 100_000 : 1]) }, { keep: 3 }),
    )
    await Promise.all(saves)
    const steps = await Promise.all(
      ['model', 'model.1', 'model.2'].map(
        async (name) => ((await loadTree(join(folder, `${name}.safetensors`))) as { step: number }).step,
      ),
    )
    expect(steps).toEqual([5, 4, 3])
    expect(readdirSync(folder)).toHaveLength(3)
  })
})

describe('what a process left that ended while it wrote', () => {
  it('is removed by the next save of that file, and nothing else is', async () => {
    const path = join(folder, 'model.safetensors')
    const leftovers = [
      '.model.safetensors.4194304999-0-1.tmp',
      `.model.safetensors.${process.pid}-${threadId}-99999.tmp`,
    ]
    const others = [
      `.model.safetensors.${process.ppid}-0-1.tmp`,
      // of another thread
      `.model.safetensors.${process.pid}-${threadId + 1}-1.tmp`,
      '.model.safetensors.tmp',
      '.other.safetensors.4194304999-0-1.tmp',
    ]
    for (const name of [...leftovers, ...others]) writeFileSync(join(folder, name), 'x')
    await saveTree(path, {})
    expect(readdirSync(folder).sort()).toEqual([...others, 'model.safetensors'].sort())
  })
})

/** Pieces of a new file; and whether one is there, old or new, whole. */
const old = Buffer.from('the old file')
const pieces = [Buffer.from('the new '), Buffer.alloc(0), Buffer.from('file, which is longer')]
const parts = pieces.map((piece) => new Uint8Array(piece))
const contentOf = (path: string): string => {
  const content = readFileSync(path, 'utf8')
  expect([old.toString(), pieces.join('')]).toContain(content)
  return content === old.toString() ? 'old' : 'new'
}

/** A disk whose operations are told to someone before they run: he may throw. */
const watched = (
  before: (operation: string) => void,
  writev?: (file: OpenFile, parts: readonly Uint8Array[]) => number,
): Disk => {
  const told = <F extends (...args: never[]) => Promise<unknown>>(name: string, f: F): F =>
    (async (...args: never[]) => {
      before(name)
      return f(...args)
    }) as F
  const open = async (path: string, flags: string): Promise<OpenFile> => {
    const file = await disk.open(path, flags)
    return {
      writev: told('writev', async (given) => {
        const most = writev?.(file, given) ?? Number.POSITIVE_INFINITY
        const first = given.find(({ length }) => length > 0)
        return file.writev(most < Number.POSITIVE_INFINITY && first ? [first.subarray(0, most)] : given)
      }),
      sync: told('sync', () => file.sync()),
      // a process that ends closes its files
      close: () => file.close(),
    }
  }
  const { mkdir, rename, link, copyFile, rm, readdir } = disk
  return {
    open: told('open', open),
    mkdir: told('mkdir', mkdir),
    rename: told('rename', rename),
    link: told('link', link),
    copyFile: told('copyFile', copyFile),
    rm: told('rm', rm),
    readdir: told('readdir', readdir),
  }
}

describe('a file that is written atomically', () => {
  it('is whole where the disk takes a few bytes at a time', async () => {
    const path = join(folder, 'x')
    await writeAtomically(
      watched(
        () => {},
        () => 3,
      ),
      path,
      parts,
      1,
    )
    expect(contentOf(path)).toBe('new')
  })

  it('is written in the order that survives a crash: bytes, sync, name, sync of the folder', async () => {
    const operations: string[] = []
    await writeAtomically(
      watched((name) => void operations.push(name)),
      join(folder, 'x'),
      parts,
      1,
    )
    expect(operations).toEqual(['mkdir', 'readdir', 'open', 'writev', 'sync', 'rename', 'open', 'sync'])
  })

  it('on a full disk fails, and leaves the old file and nothing else', async () => {
    const path = join(folder, 'x')
    for (const room of [0, 1, 20]) {
      writeFileSync(path, old)
      let written = 0
      const full = watched(
        () => {},
        () => {
          if (written >= room) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
          written += 4
          return 4
        },
      )
      await expect(writeAtomically(full, path, parts, 2)).rejects.toThrow(/ENOSPC/)
      expect(contentOf(path)).toBe('old')
      expect(readdirSync(folder)).toEqual(['x'])
    }
  })

  it.each([1, 3])(
    'is the old or the new one, whole, whichever operation is the last before a crash (keep %i)',
    async (keep) => {
      const outcomes = new Set<string>()
      for (let last = 0; ; last++) {
        const path = join(folder, `crash-${last}`, 'x')
        mkdirSync(join(path, '..'))
        writeFileSync(path, old)
        writeFileSync(`${path}.1`, old)
        let operations = 0
        const crashing = watched(
          () => {
            if (operations++ >= last) throw new Error('crashed')
          },
          () => 5,
        )
        const outcome = await writeAtomically(crashing, path, parts, keep).then(
          () => 'written',
          (error: Error) => error.message,
        )
        expect(['written', 'crashed']).toContain(outcome)
        outcomes.add(contentOf(path))
        // and the next save is as if nothing had been
        writeFileSync(path, old)
        await writeAtomically(disk, path, parts, keep)
        expect(contentOf(path)).toBe('new')
        expect(readdirSync(join(path, '..')).filter((name) => name.startsWith('.'))).toEqual([])
        if (keep === 3) expect(contentOf(`${path}.1`)).toBe('old')
        if (outcome === 'written') break
        expect(last).toBeLessThan(50)
      }
      expect([...outcomes]).toEqual(['old', 'new'])
    },
  )

  it('keeps older ones also where a file cannot have two names', async () => {
    const path = join(folder, 'x.bin')
    writeFileSync(path, old)
    const without = watched((name) => {
      if (name === 'link') throw Object.assign(new Error('EPERM'), { code: 'EPERM' })
    })
    await writeAtomically(without, path, parts, 2)
    expect([contentOf(path), contentOf(join(folder, 'x.1.bin'))]).toEqual(['new', 'old'])
  })

  it('in a folder that cannot be made fails by the path', async () => {
    writeFileSync(join(folder, 'x'), old)
    await expect(saveTree(join(folder, 'x/y/z.safetensors'), {})).rejects.toThrow(/ENOTDIR|EEXIST/)
    expect(existsSync(join(folder, 'x'))).toBe(true)
  })
})
