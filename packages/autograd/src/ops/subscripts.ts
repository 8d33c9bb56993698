import { ArgumentError, ShapeError } from '../graph/errors.js'
import { formatShape, type Shape } from '../graph/shape.js'

// The language of einsum: 'ij,jk->ik'. Each letter is an axis; '...' stands for axes that have none.

/** Subscripts of certain shapes: one character an axis, also for those that '...' stands for. */
export interface Subscripts {
  readonly operands: readonly string[]
  readonly result: string
  /** The size of what each label walks along. */
  readonly sizes: ReadonlyMap<string, number>
}

/** One operand's, or the result's: its labels, and where they and '...' stand in the text. */
interface Term {
  readonly start: number
  readonly labels: readonly { readonly label: string; readonly at: number }[]
  /** How many labels stand before '...'; -1 without it. */
  readonly ellipsis: number
}

const refuse = (text: string, at: number, sentence: string): never => {
  throw new ArgumentError(`einsum: ${sentence}\n  ${text}\n  ${' '.repeat(at)}^`)
}

/** Commas part the operands, and '->' goes before the result. */
const termsOf = (text: string): { readonly operands: readonly Term[]; readonly result: Term | null } => {
  const arrow = text.indexOf('->')
  const end = arrow < 0 ? text.length : arrow
  const operands: Term[] = []
  for (let start = 0; start <= end; ) {
    const comma = text.indexOf(',', start)
    const stop = comma < 0 || comma > end ? end : comma
    operands.push(termOf(text, start, stop))
    start = stop + 1
  }
  const result = arrow < 0 ? null : termOf(text, arrow + 2, text.length)
  return { operands, result }
}

const termOf = (text: string, start: number, end: number): Term => {
  const labels: { label: string; at: number }[] = []
  let ellipsis = -1
  for (let at = start; at < end; at++) {
    const label = text[at]!
    if (/[a-zA-Z]/.test(label)) labels.push({ label, at })
    else if (text.startsWith('...', at)) {
      if (ellipsis >= 0) refuse(text, at, "'...' stands here for a second time; use it once an operand.")
      ellipsis = labels.length
      at += 2
    } else if (label !== ' ') refuse(text, at, complaintAbout(label))
  }
  return { start, labels, ellipsis }
}

const complaintAbout = (character: string): string => {
  switch (character) {
    case '.':
      return "a single dot; use three, '...', for all axes that are not named."
    case ',':
      return 'a comma in the result, which is one tensor; leave it out.'
    case '-':
    case '>':
      return "no arrow; write '->' once, before the axes of the result."
    default:
      return `'${character}' names no axis; use letters from a to z and A to Z, ',', '...' and '->'.`
  }
}

/** Labels of the axes that '...' stands for, the last of them first: no letters. */
const unnamed = (fromEnd: number): string => String.fromCharCode(0x100 + fromEnd)
const isUnnamed = (label: string): boolean => label >= unnamed(0)
const unnamedAxes = (count: number): string => Array.from({ length: count }, (_, i) => unnamed(count - 1 - i)).join('')

const spelled = (term: Term, rank: number): string => {
  const letters = term.labels.map(({ label }) => label).join('')
  if (term.ellipsis < 0) return letters
  return letters.slice(0, term.ellipsis) + unnamedAxes(rank - letters.length) + letters.slice(term.ellipsis)
}

/** What subscripts say of operands of these shapes. Throws where they say nothing that can be, and shows the place. */
export const readSubscripts = (text: string, shapes: readonly Shape[]): Subscripts => {
  const terms = termsOf(text)
  if (terms.operands.length !== shapes.length) {
    throw new ArgumentError(
      `einsum: '${text}' is of ${terms.operands.length} operands, and ${shapes.length} are given; ` +
        'pass one tensor for each term between commas.',
    )
  }
  const operands = terms.operands.map((term, i) => {
    const rank = shapes[i]!.length
    if (term.ellipsis < 0 ? term.labels.length !== rank : term.labels.length > rank) {
      const remedy = term.ellipsis < 0 && term.labels.length < rank ? "; name each, or write '...' for others" : ''
      const sentence = `operand ${i} has shape ${formatShape(shapes[i]!)}, and ${term.labels.length} axes are named here`
      return refuse(text, term.start, `${sentence}${remedy === '' ? '; name each axis that there is' : remedy}.`)
    }
    return spelled(term, rank)
  })
  const most = Math.max(0, ...operands.map((labels) => [...labels].filter(isUnnamed).length))
  const result = terms.result === null ? implied(operands, most) : resultOf(text, terms.result, operands, most)
  return { operands, result, sizes: sizesOf(text, operands, shapes) }
}

/** Without an arrow: what '...' stands for, and the letters that stand in the text once, in their order. */
const implied = (operands: readonly string[], most: number): string => {
  const letters = [...operands.join('')].filter((label) => !isUnnamed(label))
  const once = letters.filter((label) => letters.indexOf(label) === letters.lastIndexOf(label))
  return unnamedAxes(most) + once.sort().join('')
}

const resultOf = (text: string, term: Term, operands: readonly string[], most: number): string => {
  const seen = new Set<string>()
  for (const { label, at } of term.labels) {
    if (seen.has(label)) refuse(text, at, `'${label}' stands in the result twice; use diag() to lay out a diagonal.`)
    if (!operands.some((labels) => labels.includes(label))) {
      refuse(text, at, `'${label}' of the result is an axis of no operand; use broadcastTo() for a new one.`)
    }
    seen.add(label)
  }
  if (most > 0 && term.ellipsis < 0) {
    refuse(text, term.start, "the result lacks '...', which stands for axes of operands; write it, or sum() over them.")
  }
  return spelled(term, term.labels.length + most)
}

/** Of operands that name the same axis, each has its size, or 1. */
const sizesOf = (text: string, operands: readonly string[], shapes: readonly Shape[]): Map<string, number> => {
  const sizes = new Map<string, number>()
  const sources = new Map<string, number>()
  for (const [i, labels] of operands.entries()) {
    for (const [axis, label] of [...labels].entries()) {
      const size = shapes[i]![axis]!
      const before = sizes.get(label) ?? 1
      const within = shapes[i]![labels.indexOf(label)]!
      if ((size !== 1 && before !== 1 && size !== before) || within !== size) {
        const name = isUnnamed(label) ? `axis -${label.charCodeAt(0) - 0xff} of '...'` : `'${label}'`
        const other = within === size ? before : within
        const where = within === size ? sources.get(label)! : i
        throw new ShapeError(
          `einsum: '${text}' of shapes ${shapes.map(formatShape).join(' and ')}: ${name} is ${other} in operand ` +
            `${where} and ${size} in operand ${i}; give what has one name one size.`,
        )
      }
      if (size !== 1 || !sizes.has(label)) {
        sizes.set(label, size)
        sources.set(label, i)
      }
    }
  }
  return sizes
}
