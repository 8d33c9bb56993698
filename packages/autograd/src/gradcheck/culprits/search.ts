import type { Random } from '../../tensor/random.js'
import type { Settings } from '../options.js'
import { type Parts, subjectFrom } from '../subject/subject.js'
import type { Culprit } from './culprit.js'
import { examine, type Wrong } from './examine.js'
import { derivativeOf, examplesIn, partsOfStep, recordedValue } from './step-subject.js'
import type { Step } from './tape.js'

/** How much work the search may be: that of so many elements, where an op of few costs as much as one of `overhead`. */
const budget = 1e8
const overhead = 1000
/** Of examples that are computed at once, so many are looked at. */
const examples = 3

/** What one line does by one op: the first time that it is wrong, and how often that is so. */
interface Line {
  readonly step: Step
  readonly wrong: Wrong
  readonly uses: Culprit['uses']
}

/** What was found where each op was checked by itself. */
export interface Searched {
  /** Those that are wrong, in the order in which they run. */
  readonly lines: readonly Line[]
  readonly all: number
  readonly looked: number
  /** The names of ops that cannot be applied again. */
  readonly unseen: readonly string[]
}

interface Failure {
  readonly order: 1 | 2
  readonly parts: Parts
  readonly settings: Settings
}

/** Checks steps by themselves, as many as there is time for. */
export const search = (steps: readonly Step[], failure: Failure, random: Random): Searched => {
  let spent = 0
  const spend = (elements: number): void => {
    spent += overhead + elements
  }
  const found = new Map<string, { first: Omit<Line, 'uses'> | null; wrong: number; of: number }>()
  const unseen = new Set<string>()
  let looked = 0
  for (const step of inTurn(steps)) {
    if (spent > budget) break
    looked++
    const key = [step.op.name, step.source, step.module].join()
    const line = found.get(key) ?? { first: null, wrong: 0, of: 0 }
    found.set(key, line)
    line.of++
    const wrong = lookAt(step, failure, random, spend)
    if (wrong === 'unseen') unseen.add(step.op.name)
    else if (wrong !== null) {
      line.wrong++
      line.first ??= { step, wrong }
    }
  }
  const lines = [...found.values()]
    .flatMap(({ first, wrong, of }) => (first === null ? [] : [{ ...first, uses: { wrong, of } }]))
    .sort((a, b) => a.step.place - b.step.place)
  return { lines, all: steps.length, looked, unseen: [...unseen] }
}

/** Those of no kernel first, which users wrote; of each kind the first, then the second, and so on. */
const inTurn = (steps: readonly Step[]): readonly Step[] => {
  const isOfLibrary = ({ op }: Step) => ('kernel' in op ? 1 : 0)
  return [...steps].sort((a, b) => isOfLibrary(a) - isOfLibrary(b) || a.count - b.count)
}

/** What is wrong with an op; null if nothing is, and `unseen` if it cannot be applied again. */
const lookAt = (
  step: Step,
  { parts: { like }, order, settings }: Failure,
  random: Random,
  spend: (elements: number) => void,
): Wrong | 'unseen' | null => {
  const count = Math.min(examplesIn(step), examples)
  for (let example = 0; example < count; example++) {
    const parts = partsOfStep(step, like, example, spend)
    if (parts === null) return null
    if (!isRepeatable(step, parts, example)) return 'unseen'
    for (const rule of order === 1 ? [null] : (['vjp', 'jvp'] as const)) {
      const subject = subjectFrom(rule === null ? parts : derivativeOf(parts, rule, random))
      const wrong = examine(subject, rule, settings, random)
      if (wrong !== null) return wrong
    }
  }
  return null
}

/** Whether it gives again what it gave as a part of the whole. */
const isRepeatable = (step: Step, parts: Parts, example: number): boolean => {
  const before = recordedValue(step, parts, example)
  try {
    return subjectFrom(parts)
      .value(parts.point)
      .every((x, i) => Object.is(x, before[i]) || Math.abs(x - before[i]!) <= 1e-9 * Math.abs(before[i]!))
  } catch {
    return false
  }
}
