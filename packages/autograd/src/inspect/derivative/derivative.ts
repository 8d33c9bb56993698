import { checked } from '../../graph/arguments.js'
import { ArgumentError, GradientError } from '../../graph/errors.js'
import type { Node } from '../../graph/node.js'
import * as kinds from '../../ops/kinds.js'
import { differentiate } from '../../rules/derive.js'
import type { Expression } from '../../rules/expression.js'
import { print } from '../../rules/print.js'
import { input } from '../../rules/symbols.js'
import type { AnyTensor, Tensor } from '../../tensor/tensor.js'
import { latexName, toLatex } from './latex.js'
import { namesOf } from './names.js'
import { asRead, writtenOut } from './reading.js'
import { recorded } from './recorded.js'
import { Tidy } from './tidy.js'
import { toTypeScript } from './typescript.js'

/** A function of an element in three notations. */
export interface Formula {
  /** As a line of text: `w * (1 - tanh(x * w) ** 2)`. */
  readonly text: string
  /** The same in LaTeX, for math mode. */
  readonly latex: string
  /**
   * A function expression without imports: it takes the inputs as numbers, in order, and returns a number. It computes what the
   * library computes, to rounding, at the ends of the range too.
   *
   * @throws GradientError to read it where a function has no short form, as lgamma
   */
  readonly typescript: string
}

/** One partial derivative. */
export interface PartialFormula extends Formula {
  /** The inputs that it is by, one for each order: `['x', 'w']` of the second derivative by x and w. */
  readonly by: readonly string[]
}

/** What `derivative` gives. The notations of the whole: equations, one a line, and a function that returns `[value, ...partials]`. */
export interface Derivative extends Formula {
  /** The inputs, in order. */
  readonly names: readonly string[]
  /** The function itself. */
  readonly value: Formula
  /** Its derivatives: one for each input, or at higher order for each choice of inputs, in order. */
  readonly partials: readonly PartialFormula[]
}

/** What `derivative` is to find. */
export interface DerivativeOptions {
  /** What the inputs are called. Default: as the parameters of the function. */
  readonly names?: readonly string[]
  /** The inputs to differentiate by, by name or place; one, or several. Default all. */
  readonly by?: string | number | readonly (string | number)[]
  /** How often to differentiate: 1 to 8. Default 1. */
  readonly order?: number
}

/** A function of at most six tensors, or of more that are annotated. */
type ElementFunction = {
  // a method, so that parameters may be annotated with shapes
  call(a: Tensor, b: Tensor, c: Tensor, d: Tensor, e: Tensor, f: Tensor): AnyTensor
}['call']

const inputKind = /* @__PURE__ */ kinds.kind(
  "the name or place of an input, 'x' or 0, or an array of them",
  (thing) => isPlace(thing) || (Array.isArray(thing) && thing.every(isPlace)),
)
/** Formulas grow with the order as fast as they do with the function: those beyond fill pages. */
const highestOrder = 8
const orderKind = /* @__PURE__ */ kinds.numberThat(
  `an integer from 1 to ${highestOrder}: \`value\` is f itself, and grad(grad(f)) computes what no page would hold`,
  (x) => Number.isInteger(x) && x >= 1 && x <= highestOrder,
)
const isPlace = (thing: unknown): boolean =>
  typeof thing === 'string' || (Number.isInteger(thing) && (thing as number) >= 0)

/**
 * The derivative of an elementwise function as a formula: in text, in LaTeX, and as TypeScript that computes it. The function
 * is run once, on stand-ins for numbers; it is made of elementwise ops, those of `elementwise(name, f)` and `where` among
 * them, and of numbers. Tensors that it refers to count as the number that they are.
 *
 * Text and LaTeX are as in a book, where rules of ends and corners have no place: the derivative of atan is 1 / (x ** 2 + 1).
 * TypeScript is as the library computes it, in float64, for finite inputs: conventions at kinks (docs/conventions.md) and care
 * where numbers are large or tiny included. See docs/formulas.md.
 *
 * @throws GradientError for an op that is not elementwise, has a derivative of its own (customOp) or looks at values;
 * DTypeError for integers; ArgumentError for an input that does not exist
 * @example
 * const d = derivative((x, w) => x.mul(w).tanh())
 * d.value.text           // 'tanh(x * w)'
 * d.partials[0].text     // 'w * (1 - tanh(x * w) ** 2)'
 * d.partials[0].latex    // 'w \\left(1 - \\tanh^{2}(x w)\\right)'
 * derivative((x) => x.sin(), { order: 2 }).partials[0].typescript   // '(x: number): number => -Math.sin(x)'
 */
export const derivative = /* @__PURE__ */ checked(
  'derivative',
  { f: kinds.function, options: { names: kinds.strings, by: inputKind, order: orderKind } },
  (f: ElementFunction, options: DerivativeOptions = {}): Derivative => {
    const { by, order = 1 } = options
    const names = namesOf(f, options.names)
    const places = placesOf(by, names)
    const value = recorded(f as unknown as (...args: Node[]) => unknown, names.length)
    const chosen = choices(places, order)
    const exact = [value, ...derivatives(value, names.length, chosen, (expression) => expression)]
    // pi is one more input, unless that name is taken
    const hasPi = !names.includes('pi')
    const symbols = hasPi ? [...names, 'pi'] : names
    const tidy = new Tidy(hasPi ? input(names.length) : null)
    const read = asRead(value)
    const shown = [read, ...derivatives(read, names.length, chosen, asRead)].map((each) => tidy.of(writtenOut(each)))
    const formulas = exact.map((expression, i) => {
      const write = () => toTypeScript([expression], names)
      return { text: print(shown[i]!, symbols), latex: toLatex(shown[i]!, symbols), write }
    })
    const sides = [[], ...chosen].map((by) =>
      leftSide(
        by.map((place) => names[place]!),
        names,
      ),
    )
    return noted(
      {
        names,
        value: noted({}, formulas[0]!),
        partials: chosen.map((by, i) => noted({ by: by.map((place) => names[place]!) }, formulas[i + 1]!)),
      },
      {
        text: sides.map(({ text }, i) => `${text} = ${formulas[i]!.text}`).join('\n'),
        latex: `\\begin{aligned} ${sides.map(({ latex }, i) => `${latex} &= ${formulas[i]!.latex}`).join(' \\\\ ')} \\end{aligned}`,
        write: () => toTypeScript(exact, names),
      },
    )
  },
)

interface Notations {
  readonly text: string
  readonly latex: string
  readonly write: () => string
}

/** With the three notations; what cannot be written in TypeScript says so where it is read. */
const noted = <T extends object>(more: T, { text, latex, write }: Notations): T & Formula => {
  const made = { ...more, text, latex }
  try {
    return { ...made, typescript: write() }
  } catch (error) {
    if (!(error instanceof GradientError)) throw error
    const refuse = (): never => {
      throw error
    }
    return Object.defineProperty(made, 'typescript', { get: refuse, enumerable: true }) as T & Formula
  }
}

const placesOf = (by: DerivativeOptions['by'], names: readonly string[]): readonly number[] => {
  if (by === undefined) return [...names.keys()]
  const all = (typeof by === 'object' ? by : [by]).map((one) => {
    const place = typeof one === 'number' ? one : names.indexOf(one)
    if (place in names) return place
    throw new ArgumentError(
      `derivative: by is ${shownInput(one)}, and the inputs are ${names.join(', ')}; use one of these names, or a place from 0 to ` +
        `${names.length - 1}.`,
    )
  })
  if (all.length === 0) throw new ArgumentError('derivative: by is empty; name an input, or leave it out for all.')
  return [...new Set(all)]
}

const shownInput = (one: string | number): string => (typeof one === 'string' ? `'${one}'` : String(one))

/** So many of the places, in order, with repetition: since derivatives do not depend on their order, each choice once. */
const choices = (places: readonly number[], count: number): readonly (readonly number[])[] =>
  count === 0 ? [[]] : places.flatMap((place, i) => choices(places.slice(i), count - 1).map((rest) => [place, ...rest]))

/** The derivatives by each choice of inputs, where what was differentiated is prepared for the next time. */
const derivatives = (
  value: Expression,
  arity: number,
  chosen: readonly (readonly number[])[],
  prepare: (expression: Expression) => Expression,
): readonly Expression[] => {
  const known = new Map<string, readonly Expression[]>()
  const by = (places: readonly number[]): Expression => {
    if (places.length === 0) return value
    const before = places.slice(0, -1)
    const key = before.join()
    const partials = known.get(key) ?? differentiate(prepare(by(before)), arity)
    known.set(key, partials)
    return partials[places.at(-1)!]!
  }
  return chosen.map(by)
}

/** `df/dx`, or for no derivative `f(x, w)`. */
const leftSide = (
  by: readonly string[],
  names: readonly string[],
): { readonly text: string; readonly latex: string } => {
  const f = ['f', 'g', 'h', 'F', 'G', 'H'].find((letter) => !names.includes(letter)) ?? 'value'
  if (by.length === 0)
    return { text: `${f}(${names.join(', ')})`, latex: `${latexName(f)}(${names.map(latexName).join(', ')})` }
  const d = names.length === 1 ? 'd' : '\\partial'
  const power = (count: number) => (count === 1 ? '' : String(count))
  const raised = (count: number) => (count === 1 ? '' : `^{${count}}`)
  const counts = [...new Set(by)].map((name) => [name, by.filter((other) => other === name).length] as const)
  return {
    text: `d${power(by.length)}${f}/${counts.map(([name, count]) => `d${name}${power(count)}`).join(' ')}`,
    latex: `\\frac{${d}${raised(by.length)} ${latexName(f)}}{${counts.map(([name, count]) => `${d} ${latexName(name)}${raised(count)}`).join(' \\, ')}}`,
  }
}
