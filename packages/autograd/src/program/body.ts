import type { Body, Evaluate, Instruction, Kernel, Loop } from '../graph/kernel.js'
import { kernelKey } from '../graph/kernel.js'
import type { Spec, Value } from '../graph/value.js'
import { straightLine } from '../rules/straight-line.js'
import { argsOf, type ConstantTerm, type InputTerm, type Term, type Together } from './term.js'

/** An input of a body: what stands for it, if the body reads it. */
export interface BodyInput {
  readonly spec: Spec
  readonly term: InputTerm | null
}

/**
 * Terms as a list of kernels.
 *
 * @param terms all of them, each after its arguments
 * @param inputs in the order in which the body takes them; constants that are no numbers in expressions come before all
 */
export const bodyOf = (
  terms: readonly Term[],
  roots: readonly Term[],
  inputs: readonly BodyInput[],
): { readonly body: Body; readonly constants: readonly Value[] } => {
  const places = new Map<Term, number>()
  const constants = terms.filter((term): term is ConstantTerm => term.kind === 'constant')
  constants.forEach((term, i) => {
    places.set(term, i)
  })
  inputs.forEach(({ term }, i) => {
    if (term !== null) places.set(term, constants.length + i)
  })
  let count = constants.length + inputs.length
  const instructions: Instruction[] = []
  const together = new Map<Together, number>()
  const add = (kernel: Kernel, args: readonly Term[], outs: readonly Spec[]): number => {
    const first = count
    instructions.push({ kernel, args: args.map((arg) => places.get(arg)!), outs })
    count += outs.length
    return first
  }
  for (const term of terms) {
    if (term.kind === 'apply') places.set(term, add(term.kernel, argsOf(term), [term.spec]))
    if (term.kind !== 'part') continue
    const { of } = term
    if (!together.has(of)) together.set(of, add(of.kernel, of.args, of.specs))
    places.set(term, together.get(of)! + term.index)
  }
  const specs = [...constants.map(({ spec }) => spec), ...inputs.map(({ spec }) => spec)]
  return {
    body: {
      inputs: specs.map(({ shape, dtype }) => ({ shape, dtype })),
      instructions,
      results: roots.map((root) => places.get(root)!),
    },
    constants: constants.map(({ value }) => value),
  }
}

/** A body as terms. */
export const termsOf = ({
  inputs,
  instructions,
  results,
}: Body): { readonly inputs: InputTerm[]; readonly roots: Term[] } => {
  const given = inputs.map((spec): InputTerm => ({ kind: 'input', spec, source: { kind: 'given' } }))
  const terms: Term[] = [...given]
  for (const { kernel, args: places, outs } of instructions) {
    const args = places.map((place) => terms[place]!)
    if (outs.length === 1) terms.push({ kind: 'apply', spec: outs[0]!, kernel, args })
    else {
      const of = { kernel, args, specs: outs }
      terms.push(...outs.map((spec, index): Term => ({ kind: 'part', spec, of, index })))
    }
  }
  return { inputs: given, roots: results.map((result) => terms[result]!) }
}

/** What a body gives. */
export const runBody = (
  { instructions, results }: Body,
  inputs: readonly Value[],
  evaluate: Evaluate,
): readonly Value[] => {
  const values = [...inputs]
  for (const { kernel, args, outs } of instructions) {
    values.push(
      ...evaluate(
        kernel,
        args.map((arg) => values[arg]!),
        outs,
      ),
    )
  }
  return results.map((result) => values[result]!)
}

/** What is wrong in a round, if there are more, is said with its number; `length` is null where nobody knows how many there are. */
export const inRound = <R>(round: number, length: number | null, f: () => R): R => {
  try {
    return f()
  } catch (error) {
    if (error instanceof Error && length !== 1) {
      error.message += ` It was in round ${round}${length === null ? '' : ` of ${length} of a scan`}, from 0 on.`
    }
    throw error
  }
}

const calls = new WeakMap<Kernel, number>()
let callCount = 0
const callKey = (kernel: Kernel): string => {
  const known = calls.get(kernel) ?? ++callCount
  calls.set(kernel, known)
  return `call ${known}`
}

/**
 * Equal for bodies that do the same.
 *
 * @param ofCall what tells the calls of user's functions apart
 */
export const bodyKey = ({ inputs, instructions, results }: Body, ofCall = callKey): string => {
  const spec = ({ dtype, shape }: Spec) => `${dtype}[${shape}]`
  const lines = instructions.map(({ kernel, args, outs }) => {
    const what =
      kernel.kind === 'map'
        ? straightLine([kernel.expression]).key
        : kernel.kind === 'call'
          ? ofCall(kernel)
          : kernel.kind === 'loop' && ofCall !== callKey
            ? loopKey(kernel, ofCall)
            : kernelKey(kernel)
    return `${what} (${args}) ${outs.map(spec)}`
  })
  return [inputs.map(spec), ...lines, results].join('\n')
}

type Unkeyed = Omit<Loop, 'kind' | 'key'>

const loopKey = ({ body, length, reverse, common, carries, when }: Unkeyed, ofCall: typeof callKey): string =>
  `loop ${length} ${reverse} ${common} ${carries} ${when}\n${bodyKey(body, ofCall)}`

/** A loop with its key. */
export const loopOf = (loop: Unkeyed): Loop => {
  const { body, length, reverse, common, carries, when, asProgram } = loop
  const key = loopKey(loop, callKey)
  return { kind: 'loop', body, length, reverse, common, carries, when, key, asProgram }
}
