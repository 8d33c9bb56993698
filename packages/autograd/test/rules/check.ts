import { differentiate, partialsOf } from '../../src/rules/derive.js'
import type { Expression } from '../../src/rules/expression.js'
import { numbers } from '../../src/rules/numbers.js'
import type { Rule } from '../../src/rules/rule.js'
import { input, symbols } from '../../src/rules/symbols.js'
import { evaluate, substitute } from '../../src/rules/traverse.js'

export const inputsFor = (rule: Rule): Expression[] => Array.from({ length: rule.arity }, (_, index) => input(index))

/** The partials with the result written as the rule applied to the inputs. */
export const firstPartials = (rule: Rule): Expression[] => {
  const inputs = inputsFor(rule)
  return partialsOf(rule).map((partial) => substitute(partial, [...inputs, symbols.apply(rule, ...inputs)]))
}

/** The second derivatives: row i is the gradient of partial i. */
export const secondPartials = (rule: Rule): Expression[][] =>
  firstPartials(rule).map((partial) => differentiate(partial, rule.arity))

export const pointsOf = (rule: Rule): number[][] =>
  rule.samples[0]!.map((_, place) => rule.samples.map((list) => list[place]!))

/**
 * The derivative of f at x by central differences of shrinking steps, extrapolated to step 0 (Ridders, "Accurate
 * computation of F'(x) and F'(x) F''(x)", Advances in Engineering Software 4, 1982).
 */
const ridders = (f: (x: number) => number, x: number): number => {
  let best = NaN
  let smallestError = Infinity
  let previous: number[] = []
  for (let row = 0, step = 0.04; row < 10; row += 1, step /= 1.4) {
    const current = [(f(x + step) - f(x - step)) / (2 * step)]
    for (let order = 1, factor = 1.96; order <= row; order += 1, factor *= 1.96) {
      const finer = current[order - 1]!
      const coarser = previous[order - 1]!
      const better = (finer * factor - coarser) / (factor - 1)
      const error = Math.max(Math.abs(better - finer), Math.abs(better - coarser))
      if (error <= smallestError) {
        smallestError = error
        best = better
      }
      current.push(better)
    }
    previous = current
  }
  return best
}

const derivativeAt = (f: (point: readonly number[]) => number, point: readonly number[], index: number): number =>
  ridders((x) => f(point.with(index, x)), point[index]!)

const close = (a: number, b: number, tolerance: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))

/** Everything that is wrong with a rule, in words: values against `known`, both orders against differences. */
export const problemsOf = (rule: Rule): string[] => {
  const problems: string[] = []
  const expect = (what: string, got: number, wanted: number, tolerance: number) => {
    if (!close(got, wanted, tolerance)) problems.push(`${rule.name}: ${what} is ${got}, expected ${wanted}`)
  }
  const value = (point: readonly number[]) => rule.value(numbers, ...point)
  for (const row of rule.known) {
    const point = row.slice(0, -1)
    const wanted = row.at(-1)!
    const relative = wanted === 0 || Math.abs(wanted) >= 1 ? 1e-15 : 4e-15 * Math.abs(wanted)
    // below the normal range, two of the smallest numbers
    const tolerance = Math.max(relative, 2 * 5e-324)
    expect(`the value at ${point}`, value(point), wanted, tolerance)
  }
  if (rule.partials === 'none') return problems

  const first = firstPartials(rule)
  const second = secondPartials(rule)
  const operands = first.map((_, index) => index).filter((index) => !rule.conditions.includes(index))
  for (const point of pointsOf(rule)) {
    for (const i of operands) {
      const name = `partial ${i} at ${point}`
      expect(name, evaluate(first[i]!, point), derivativeAt(value, point, i), 1e-9)
      for (const j of operands) {
        const wanted = derivativeAt((shifted) => evaluate(first[i]!, shifted), point, j)
        expect(`the derivative by operand ${j} of ${name}`, evaluate(second[i]![j]!, point), wanted, 1e-9)
      }
    }
  }
  return problems
}
