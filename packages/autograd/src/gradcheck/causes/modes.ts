import type { Random } from '../../tensor/random.js'
import type { Comparison } from '../comparison/agreement.js'
import type { Place } from '../differences/slopes.js'
import type { Mode, ModeNames } from '../subject/mode.js'
import type { Subject } from '../subject/subject.js'
import { type Diagnosis, diagnose, type Finding } from './diagnose.js'

const both = ['reverse', 'forward'] as const

/** Why each mode is wrong that does not agree with differences, said once where both are wrong for one reason. */
export const diagnoseModes = (
  place: Place,
  order: 1 | 2,
  comparisons: readonly Comparison[],
  names: ModeNames,
  random: Random,
): readonly Diagnosis[] => {
  const against = (mode: Mode) =>
    comparisons.filter(({ left, right }) => left === names[mode] && right === names.numeric)
  const wrong = both.filter((mode) => against(mode).some(({ agrees }) => !agrees))
  const right = both.filter((mode) => against(mode).length > 0 && against(mode).every(({ agrees }) => agrees))
  const given = givenRule(place.subject)
  const source = given !== null && wrong.includes(given) ? given : null
  const found = (source === null ? wrong : [source]).map((mode) => ({
    mode,
    findings: diagnose(place, mode, order, against(mode), random),
  }))
  const [first, second] = found
  if (first === undefined) return []
  if (source !== null && wrong.length > 1) {
    return first.findings.map((finding) =>
      written(finding, source, `${source} mode (${other(source)} mode is made of its ${ruleOf[source]})`),
    )
  }
  if (second === undefined) {
    const aside =
      given === null && right.includes(other(first.mode))
        ? `; ${other(first.mode)} mode is right: look at the ${ruleOf[first.mode]} rule`
        : ''
    const made = given === null || given === first.mode ? '' : ` (made of the ${ruleOf[given]})`
    const diagnoses = first.findings.map((finding) => written(finding, first.mode, `${first.mode} mode${made}`, aside))
    if (diagnoses.length > 0 || aside === '') return diagnoses
    const says = `${first.mode} mode only is wrong${aside}`
    return [{ cause: 'one mode', mode: first.mode, input: 'the inputs', says }]
  }
  const isShared = (a: Finding, b: Finding) => a.cause === b.cause && a.input === b.input && a.says === b.says
  return [
    ...first.findings.map((finding) => {
      const isBoth = second.findings.some((each) => isShared(each, finding))
      return written(finding, first.mode, isBoth ? 'both modes' : `${first.mode} mode`)
    }),
    ...second.findings
      .filter((finding) => !first.findings.some((each) => isShared(each, finding)))
      .map((finding) => written(finding, second.mode, `${second.mode} mode`)),
  ]
}

const written = ({ cause, input, says, proof }: Finding, mode: Mode, by: string, aside = ''): Diagnosis => ({
  cause,
  mode,
  input,
  says: `${by}, derivative by ${input}: ${says} (${proof})${aside}`,
})

const ruleOf = { reverse: 'vjp', forward: 'jvp' } as const
const other = (mode: Mode): Mode => (mode === 'reverse' ? 'forward' : 'reverse')

/** The mode that the rules of all custom ops are given for, the other being derived; null if there is no such thing. */
export const givenRule = ({ plainly, point }: Subject): Mode | null => {
  try {
    const rules = plainly?.(point, ({ calls }) => calls.map((call) => call.rules.join(' '))) ?? []
    if (rules.length === 0) return null
    return rules.every((each) => each === 'vjp') ? 'reverse' : rules.every((each) => each === 'jvp') ? 'forward' : null
  } catch {
    return null
  }
}
