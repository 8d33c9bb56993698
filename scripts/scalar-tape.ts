// Writes packages/autograd/src/scalar/tape/methods.ts: for each rule of the table what it does on the tape, its value and its
// partial derivatives as straight-line code; and values/methods.ts, what it does to the objects that `scalar` makes. Written when building,
// not run: a strict content security policy allows no source made at run time. A test holds what is written to the table.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { operators } from '../packages/autograd/src/execution/javascript/operators.js'
import type { Rule } from '../packages/autograd/src/rules/algebra.js'
import { partialsOf, toExpression } from '../packages/autograd/src/rules/derive.js'
import type { Expression } from '../packages/autograd/src/rules/expression.js'
import { numbers } from '../packages/autograd/src/rules/numbers.js'
import { type Instruction, literal, straightLine } from '../packages/autograd/src/rules/straight-line.js'
import { input } from '../packages/autograd/src/rules/symbols.js'
import { rules } from '../packages/autograd/src/rules/table.js'
import { lower, substitute } from '../packages/autograd/src/rules/traverse.js'

const source = (file: string) => fileURLToPath(new URL(`../packages/autograd/src/scalar/${file}`, import.meta.url))

/** What the methods record on. */
interface Target {
  /** The class of what is recorded. */
  readonly kind: string
  /** Where an operand is, and the number that is there. */
  readonly place: (operand: string, position: number, rule: Rule) => string
  readonly read: (place: string) => string
  /** Whether operands by which there is no derivative are recorded as well. */
  readonly all: boolean
  /** What makes a record: of so many operands, and perhaps of a number. */
  readonly make: (rule: Rule, count: number, args: readonly string[], number: string | null) => string
}

const counts = ['none', 'one', 'two', 'three']

const tape: Target = {
  kind: 'Var',
  place: (operand, position, { name }) => `indexOf(${operand}${position === 0 ? '' : ' as Place'}, '${name}')`,
  read: (place) => `values[${place}]!`,
  all: false,
  make: (_, count, args) => `${counts[count]}(${args.join(', ')})`,
}

const values: Target = {
  kind: 'ValueNode',
  place: (operand) => operand,
  read: (place) => `${place}.known`,
  all: true,
  make: (rule, count, args, number) =>
    number === null
      ? `${counts[count]}(rules.${rule.name}, ${args.join(', ')})`
      : `oneWith(rules.${rule.name}, ${args.join(', ')}, ${number})`,
}

const operandNames = ['x', 'y', 'z']
const placeNames = ['a', 'b', 'c']

const isZero = (e: Expression): boolean => e.kind === 'constant' && e.value === 0

/** The functions that the code calls, by the names that it calls them by. */
const called = new Map<string, string>()

const functionNamed = (name: string): string => {
  const own = name in numbers ? name : `${name}OfNumbers`
  called.set(own, name in numbers ? `numbers.${name}` : `rules.${name}.numeric!`)
  return own
}

const sourceOf = (step: Instruction, names: readonly string[]): string => {
  switch (step.kind) {
    case 'input':
      return operandNames[step.index]!
    case 'constant':
      return literal(step.value)
    case 'apply': {
      const args = step.args.map((arg) => names[arg]!)
      return operators[step.name]?.(...args) ?? `${functionNamed(step.name)}(${args.join(', ')})`
    }
  }
}

/** Statements, and the names of the value and of its partial derivatives by some operands. */
const bodyOf = (rule: Rule, by: readonly number[]) => {
  const value = toExpression(rule)
  const places = [...operandNames.slice(0, rule.arity).map((_, i) => input(i)), value]
  const partials = by.map((i) => substitute(partialsOf(rule)[i]!, places))
  const { steps, results } = straightLine([value, ...partials].map(lower))
  const names: string[] = []
  const lines: string[] = []
  steps.forEach((step, i) => {
    if (step.kind === 'apply') {
      lines.push(`const v${i} = ${sourceOf(step, names)}`)
      names.push(`v${i}`)
    } else {
      const source = sourceOf(step, names)
      names.push(step.kind === 'constant' && step.value < 0 ? `(${source})` : source)
    }
  })
  return { lines, value: names[results[0]!]!, partials: results.slice(1).map((result) => names[result]!) }
}

/** The statements of a rule: the operands in `by` have places, the others are numbers. */
const statements = (target: Target, rule: Rule, by: readonly number[], given: (i: number) => string): string[] => {
  const live = by.filter((i) => target.all || !isZero(partialsOf(rule)[i]!))
  const { lines, value, partials } = bodyOf(rule, live)
  const text = [...lines, value, ...partials].join(' ')
  const operands = operandNames.slice(0, rule.arity).flatMap((name, i) => {
    if (!by.includes(i)) return [`const ${name} = ${given(i)}`]
    const place = target.place(given(i), i, rule)
    const isRead = new RegExp(`\\b${name}\\b`).test(text)
    if (!live.includes(i)) return [isRead ? `const ${name} = ${target.read(place)}` : place]
    return [`const ${placeNames[i]} = ${place}`, ...(isRead ? [`const ${name} = ${target.read(placeNames[i]!)}`] : [])]
  })
  const made = [value, ...live.flatMap((i, k) => [placeNames[i]!, partials[k]!])]
  const number = by.length < rule.arity ? operandNames[rule.arity - 1]! : null
  return [...operands, ...lines, `return ${target.make(rule, live.length, made, number)}`]
}

const indented = (lines: readonly string[], by: string): string => lines.map((line) => by + line).join('\n')

const methodOf = (target: Target, rule: Rule): string => {
  const all = operandNames.slice(0, rule.arity).map((_, i) => i)
  const parameters = operandNames.slice(1, rule.arity).map((name, i) => {
    const { defaults, arity } = rule
    const fallback = defaults[i + 1 - (arity - defaults.length)]
    return `${name}_: Scalar${fallback === undefined ? '' : ` = ${literal(fallback)}`}`
  })
  const given = (i: number): string => (i === 0 ? 'this' : `${operandNames[i]}_`)
  const surplus = `if (arguments.length > ${rule.arity - 1}${
    rule.arity - 1 === rule.defaults.length ? '' : ` || arguments.length < ${rule.arity - 1 - rule.defaults.length}`
  }) throw miscounted('${rule.name}', ${rule.arity - 1}, arguments.length)`
  const elsewhere =
    parameters.length === 0
      ? []
      : [
          `if (${operandNames
            .slice(1, rule.arity)
            .map((name) => `!(${name}_ instanceof ${target.kind})`)
            .join(' || ')}) {`,
          `  return elsewhere.${rule.name}.call(${['this', ...operandNames.slice(1, rule.arity).map((name) => `${name}_`)].join(', ')})`,
          '}',
        ]
  const number =
    rule.arity === 2
      ? [`if (typeof y_ === 'number') {`, ...statements(target, rule, [0], given).map((line) => `  ${line}`), '}']
      : []
  return [
    `  ${rule.name}(${['this: Place', ...parameters].join(', ')}): Num {`,
    indented([surplus, ...number, ...elsewhere, ...statements(target, rule, all, given)], '    '),
    '  },',
  ].join('\n')
}

/** By their names: the order of the table is that of modules, which differs from one loader to another. */
const byName = (a: Rule, b: Rule): number => (a.name < b.name ? -1 : 1)
const listed = (): Rule[] => Object.values<Rule>(rules).sort(byName)

const heading = '// Written by scripts/scalar-tape.ts from the table of rules: change it there.'

/** Where an operand is none that is recorded. */
const elsewhere = (): string => `const elsewhere = {
${indented(
  listed()
    .filter(({ arity }) => arity > 1)
    .map(({ name }) => `${name}: general(rules.${name}),`),
  '  ',
)}
}`

/** The functions that the methods call, which must have been written. */
const functions = (): string[] =>
  [...called].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, from]) => `const ${name} = ${from}`)

const methodsOf = (target: Target): string[] => {
  called.clear()
  return listed().map((rule) => methodOf(target, rule))
}

/** The text of tape/methods.ts. */
export const tapeMethods = (): string => {
  const methods = methodsOf(tape)
  return `${heading}

import { numbers } from '../../rules/numbers.js'
import { rules } from '../../rules/table.js'
import { general, miscounted, type Num, type Scalar } from '../num.js'
import type { Core } from './core.js'

type Place = InstanceType<Core['Var']>

/** Where an operand is no place of the tape. */
${elsewhere()}

/** What each rule records: its value, and its partial derivatives by the operands that have places. */
export const tapeMethods = ({ Var, values, indexOf, none, one, two, three }: Core) => {
${indented(functions(), '  ')}
  return {
${indented(methods.join('\n').split('\n'), '  ')}
  }
}
`
}

/** The text of values/methods.ts. */
export const valueMethods = (): string => {
  const methods = methodsOf(values).map((method) => method.replaceAll('this: Place', 'this: ValueNode'))
  return `${heading}

import { numbers } from '../../rules/numbers.js'
import { rules } from '../../rules/table.js'
import { general, miscounted, type Num, type Scalar } from '../num.js'
import { one, oneWith, three, two, ValueNode } from './value.js'

/** Where an operand is no Value. */
${elsewhere()}

${functions().join('\n')}

/** What each rule makes of Values: one that has them, and the partial derivatives by them. */
export const valueMethods = {
${methods.join('\n')}
}
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(source('tape/methods.ts'), tapeMethods())
  writeFileSync(source('values/methods.ts'), valueMethods())
}
