import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// What PyTorch's gradcheck finds on the faults that are ported. Without a Python that has it, what it found last.

/** What became of the faults of a group. */
export interface TorchGroup {
  readonly of: number
  readonly caught: number
  readonly passed: number
  readonly seconds: number
  /** The names of those that passed. */
  readonly passing: readonly string[]
}

interface Part {
  readonly groups: Readonly<Record<string, TorchGroup>>
}

/** What a mode found on wrong functions and right ones. */
interface Mode {
  readonly faults: Part
  readonly right: Part
}

export interface Torch {
  readonly torch: string
  readonly python: string
  readonly date: string
  /** The names of all ported functions. */
  readonly ported: { readonly faults: readonly string[]; readonly right: readonly string[] }
  readonly slow: Mode
  readonly fast: Mode
}

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const kept = pathOf('../../packages/autograd/test/gradcheck/mutants/torch.json')

/** What it finds now, by the Python of `$ADJOINT_PYTHON`, or what it found when that was last there. */
export const torchFindings = (): { readonly torch: Torch; readonly isNow: boolean } => {
  const python = process.env.ADJOINT_PYTHON
  if (python === undefined || !existsSync(python)) {
    return { torch: JSON.parse(readFileSync(kept, 'utf8')), isNow: false }
  }
  const script = pathOf('../oracle/gradcheck-torch.py')
  // PyTorch has a warning for each convolution
  const text = execFileSync(python, [script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  writeFileSync(kept, text)
  return { torch: JSON.parse(text), isNow: true }
}
