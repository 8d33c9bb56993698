import { ArgumentError } from '../graph/errors.js'
import { meant } from '../graph/familiar.js'
import { requireSync } from '../graph/tracking.js'
import { shown } from '../graph/words.js'
import type { Algebra, Operand } from '../rules/algebra.js'
import { complete, type FullAlgebra } from '../rules/complete.js'
import type { Rule } from '../rules/rule.js'
import { rules } from '../rules/table.js'

type Method = (...operands: unknown[]) => unknown

/** The algebra that a user's scalar function is written over: what it lacks or cannot take is refused by name. */
export const algebraFor = <T>(owner: string, m: Algebra<T>): FullAlgebra<T> => {
  const full = complete(m)
  return new Proxy(full, {
    get(_, name) {
      const method = full[name as keyof FullAlgebra<T>] as Method | undefined
      if (typeof name === 'symbol') return method
      if (method === undefined) {
        const near = meant(name, Object.keys(rules))
        const hint = near === undefined ? 'write it with those that there are' : `did you mean m.${near}?`
        throw new ArgumentError(`${owner}: m.${name} is no elementwise function; ${hint}.`)
      }
      return (...operands: unknown[]) => {
        const rule: Rule | undefined = Object.hasOwn(rules, name) ? rules[name as keyof typeof rules] : undefined
        if (rule !== undefined) checkOperands(`${owner}: m.${name}`, rule.arity, operands)
        return method(...operands)
      }
    },
  })
}

const checkOperands = (owner: string, arity: number, operands: readonly unknown[]): void => {
  if (operands.length !== arity) {
    throw new ArgumentError(
      `${owner} takes ${arity === 1 ? 'one operand' : `${arity} operands`}; give it no other number.`,
    )
  }
  const wrong = operands.find((operand) => !isElement(operand))
  if (wrong !== undefined || operands.includes(undefined)) {
    throw new ArgumentError(
      `${owner} got ${shown(wrong)}; use the operands, numbers, and what the functions of m give.`,
    )
  }
}

/** What the user's function returned, which may be a number. */
export const elementOf = <T>(owner: string, m: Algebra<T>, result: Operand<T>): T => {
  requireSync(`elementwise '${owner}'`, result)
  if (!isElement(result)) {
    throw new ArgumentError(
      `elementwise: '${owner}' returned ${shown(result)}; return what the functions of m give, such as m.mul(x, x).`,
    )
  }
  return typeof result === 'number' ? m.constant(result) : result
}

const isElement = (thing: unknown): boolean =>
  typeof thing === 'number' || (typeof thing === 'object' && thing !== null && 'kind' in thing)
