import { type Entry, type Evidence, factorFor, isNothing, type Look, wrongIn } from './evidence.js'
import type { Hypothesis } from './hypothesis.js'

// A part of the derivative is there: a factor of it is missing, or a term.

export const sharedFactor: Hypothesis = {
  cause: 'chain factor',
  explain: (evidence) => {
    if (!isAllWrong(evidence)) return null
    if (isScaledBy(evidence, () => 0)) {
      return 'a factor is missing that is the same for all elements and changes with the point: by the chain rule, multiply by the outer derivative'
    }
    if (isScaledBy(evidence, ({ row }) => row)) {
      return 'a factor of each output is missing: by the chain rule, multiply the cotangent by the outer derivative first'
    }
    if (isScaledBy(evidence, ({ column }) => column)) {
      return 'a factor of each element is missing: by the chain rule, multiply by the inner derivative'
    }
    return null
  },
}

export const missingTerm: Hypothesis = {
  cause: 'missing term',
  explain: (evidence) =>
    evidence.order === 2
      ? null
      : (onlyOwn(evidence) ??
        withoutSum(evidence) ??
        sameForAll(evidence) ??
        proportional(evidence) ??
        productRule(evidence)),
}

/** A rule that is right is made of ops with derivatives of their own. */
export const partlyConstant: Hypothesis = {
  cause: 'saved output',
  explain: ({ order }) =>
    order === 2
      ? 'the rule is right, and its own derivative is not: a part of what it computes with, such as its saved output, is taken as ' +
        'a constant (stopGradient, detach or noGrad), or an op in it has a wrong rule'
      : null,
}

/** Whether everything is wrong that is not 0, and 0 nowhere where it should not be. */
const isAllWrong = ({ looks }: Evidence): boolean =>
  looks.every((look) =>
    look.entries.every(({ analytic, numeric, isWrong }) =>
      isNothing(look, numeric) ? isNothing(look, analytic) : isWrong && !isNothing(look, analytic),
    ),
  )

/** Whether entries of a group are all wrong by one factor, groups with several entries being there and differing at some point. */
const isScaledBy = ({ looks }: Evidence, groupOf: (entry: Entry) => number): boolean => {
  let tells = false
  const isIt = looks.every((look) => {
    const top = new Map<number, Entry>()
    const others: Entry[] = []
    for (const entry of look.entries) {
      if (isNothing(look, entry.numeric)) continue
      const before = top.get(groupOf(entry))
      if (before === undefined || Math.abs(entry.numeric) > Math.abs(before.numeric)) top.set(groupOf(entry), entry)
      others.push(entry)
    }
    return others.every((entry) => {
      const first = top.get(groupOf(entry))!
      if (first === entry) return true
      if (entry.isWrong) tells = true
      return look.isExplained(entry, (first.analytic / first.numeric) * entry.numeric)
    })
  })
  return isIt && tells
}

/** Each output has the derivative by one element of many that go into it, in a square. */
const onlyOwn = (evidence: Evidence): string | null => {
  const { leaf, isWhole, looks, subject } = evidence
  if (!isWhole || leaf.size !== subject.outputs.size || leaf.size < 2) return null
  const isOwn = ({ row, column }: Entry) => row === column - leaf.offset
  const isIt = looks.every((look) => {
    const there = (part: (entry: Entry) => boolean) =>
      look.entries.filter((entry) => part(entry) && !isNothing(look, entry.numeric))
    const others = there((entry) => !isOwn(entry))
    return (
      others.length > 0 &&
      others.every(({ analytic }) => isNothing(look, analytic)) &&
      there(isOwn).some(({ analytic }) => !isNothing(look, analytic))
    )
  })
  return isIt
    ? 'each output has the derivative by its own element only: the term of the others, which go into it by a sum, a mean or a norm, is missing'
    : null
}

interface Block {
  readonly rows: Set<number>
  readonly columns: Set<number>
  readonly entries: Entry[]
}

/** Entries that share rows and columns, as far as they are not right. */
const blocksOf = (look: Look): readonly Block[] => {
  let blocks: Block[] = []
  for (const entry of wrongIn(look)) {
    const met = blocks.filter(({ rows, columns }) => rows.has(entry.row) || columns.has(entry.column))
    const joined: Block = {
      rows: new Set([entry.row, ...met.flatMap(({ rows }) => [...rows])]),
      columns: new Set([entry.column, ...met.flatMap(({ columns }) => [...columns])]),
      entries: [entry, ...met.flatMap(({ entries }) => entries)],
    }
    blocks = [...blocks.filter((block) => !met.includes(block)), joined]
  }
  return blocks
}

/** What is missing is an outer product: it came through one number, such as a sum, a mean or a norm. */
const withoutSum = ({ looks, isWhole }: Evidence): string | null => {
  if (!isWhole) return null
  const isIt = looks.every((look) => {
    const blocks = blocksOf(look).filter(({ rows, columns }) => rows.size > 1 && columns.size > 1)
    return blocks.length > 0 && blocks.length === blocksOf(look).length && blocks.every((block) => isOuter(look, block))
  })
  return isIt
    ? 'the term that comes through one number for all elements, such as a sum, a mean or a norm, is missing'
    : null
}

const isOuter = (look: Look, { rows, columns, entries }: Block): boolean => {
  if (rows.size * columns.size < 6) return false
  const top = entries.reduce((most, each) => (errorOf(each) > errorOf(most) ? each : most))
  const lack = (row: number, column: number) => look.numericAt(row, column) - look.analyticAt(row, column)
  const corner = lack(top.row, top.column)
  return entries.every((entry) => {
    const predicted = (lack(entry.row, top.column) * lack(top.row, entry.column)) / corner
    return Math.abs(predicted - (entry.numeric - entry.analytic)) <= 1e-6 * Math.abs(corner)
  })
}

const errorOf = ({ analytic, numeric }: Entry): number => Math.abs(analytic - numeric)

/** One output lacks the same of each of many elements. */
const sameForAll = ({ looks, isWhole, subject }: Evidence): string | null => {
  if (!isWhole || subject.outputs.size > 1) return null
  const isIt = looks.every(
    ({ entries }) =>
      entries.length > 2 &&
      entries.every((entry) => {
        const [lack, first] = [entry, entries[0]!].map(({ analytic, numeric }) => numeric - analytic) as [
          number,
          number,
        ]
        return Math.abs(lack - first) <= 1e-6 * Math.abs(first)
      }),
  )
  return isIt ? 'each element lacks the same amount: the term that comes through their mean or sum is missing' : null
}

/** One output lacks a multiple of the input itself. */
const proportional = ({ looks, isWhole, subject }: Evidence): string | null => {
  if (!isWhole || subject.outputs.size > 1) return null
  const isIt = looks.every(({ entries, place: { point } }) => {
    const ratios = entries.map(({ analytic, numeric, column }) => (numeric - analytic) / point[column]!)
    return entries.length > 2 && ratios.every((ratio) => Math.abs(ratio - ratios[0]!) <= 1e-6 * Math.abs(ratios[0]!))
  })
  return isIt ? `each element lacks a multiple of itself: a term is missing, such as that of a norm or a penalty` : null
}

/** Of y = x g(x), the derivative of one of the two factors. */
const productRule = (evidence: Evidence): string | null => {
  const { leaf, subject } = evidence
  const over = ({ place: { center, point } }: Look, { row, column }: Entry) => center[row]! / point[column]!
  if (leaf.size !== subject.outputs.size) return null
  const isOwn = ({ row, column }: Entry) => row === column - leaf.offset
  const direct = factorFor(evidence, (look, entry) => (isOwn(entry) ? over(look, entry) : 0))
  if (direct === 1) {
    return 'a term of the product rule is missing: it is output / input, as if what the input is multiplied by did not depend on it'
  }
  const rest = factorFor(evidence, (look, entry) => entry.numeric - (isOwn(entry) ? over(look, entry) : 0))
  return rest === 1
    ? 'a term of the product rule is missing, which is output / input: that by the input itself where it is multiplied by something'
    : null
}
