import type { Instruction, StraightLine } from '../../../rules/straight-line.js'
import type { Code, Statement } from '../assembler/index.js'
import type { Vector } from '../math/vector.js'
import type { Loaded } from './access.js'
import { Operand } from './operand.js'
import { implementationOf } from './primitives.js'

/** Where an input's lanes come from. */
export interface Source {
  /** The same for what is the same vector, as long as nothing moves. */
  readonly key: string
  /** How many loops deep it is loaded: 0 before all of them. */
  readonly level: number
  readonly load: () => Loaded
}

interface Known {
  readonly operand: Operand
  readonly level: number
  readonly name: string
}

/**
 * A program computed in vectors within nested loops: each step in the outermost loop that all it needs allows, and what
 * several vectors have in common once.
 */
export class Evaluation {
  private constructor(
    private readonly v: Vector,
    private readonly program: StraightLine,
    /** The statements at the start of the body of each loop; before all of them the first. */
    readonly levels: readonly Statement[][],
    private readonly known: readonly Map<string, Known>[],
  ) {}

  static of(v: Vector, program: StraightLine, depth: number): Evaluation {
    return new Evaluation(v, program, listOf(depth + 1, emptyList), listOf(depth + 1, emptyMap))
  }

  /** One within so many loops that shares what this one computes in fewer than `shared` of them. */
  from(shared: number, depth: number): Evaluation {
    const added = depth + 1 - shared
    const levels = [...this.levels.slice(0, shared), ...listOf(added, emptyList)]
    const known = [...this.known.slice(0, shared), ...listOf(added, emptyMap)]
    return new Evaluation(this.v, this.program, levels, known)
  }

  /** What is executed in each round of the innermost loop. */
  get innermost(): Statement[] {
    return this.levels.at(-1)!
  }

  /** The program's results. */
  at(source: (input: number) => Source): Operand[] {
    const all: Known[] = []
    for (const step of this.program.steps) all.push(this.step(step, all, source))
    return this.program.results.map((position) => all[position]!.operand)
  }

  private step(step: Instruction, all: readonly Known[], source: (input: number) => Source): Known {
    switch (step.kind) {
      case 'constant':
        return this.once(`${Object.is(step.value, -0) ? '-0' : step.value}`, 0, (statements) => {
          const value = this.v.constantLocal(step.value)
          return new Operand(this.v, statements, { value }, step.value)
        })
      case 'input': {
        const { key, level, load } = source(step.index)
        return this.once(`x${step.index} ${key}`, level, (statements) => {
          const loaded = load()
          return 'value' in loaded
            ? this.computed(statements, 'value', loaded.value)
            : this.computed(statements, 'mask', loaded.mask)
        })
      }
      case 'apply': {
        const args = step.args.map((arg) => all[arg]!)
        const level = args.reduce((deepest, arg) => Math.max(deepest, arg.level), 0)
        return this.once(`${step.name}(${args.map(({ name }) => name).join()})`, level, (statements) => {
          const operands = args.map(({ operand }) => operand)
          const { gives, code } = implementationOf(step, operands)
          return this.computed(statements, gives, code(this.v, ...operands))
        })
      }
    }
  }

  private once(key: string, level: number, compute: (statements: Statement[]) => Operand): Known {
    const known = this.known[level]!
    let found = known.get(key)
    if (found === undefined) {
      found = { operand: compute(this.levels[level]!), level, name: `${level}:${known.size}` }
      known.set(key, found)
    }
    return found
  }

  private computed(statements: Statement[], gives: 'value' | 'mask', code: Code<'v128'>): Operand {
    const local = this.v.local()
    statements.push(local.set(code))
    return new Operand(this.v, statements, gives === 'value' ? { value: local } : { mask: local })
  }
}

const emptyList = (): Statement[] => []
const emptyMap = () => new Map<string, Known>()
const listOf = <T>(length: number, make: () => T): T[] => Array.from({ length }, make)
