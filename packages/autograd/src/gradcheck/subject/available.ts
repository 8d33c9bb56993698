import { LookedAtError } from '../../transforms/user-rule.js'
import { allModes, type Mode, type ModeNames } from './mode.js'
import type { Subject } from './subject.js'

/** A mode that nobody gave. */
export class MissingMode extends Error {}

/** The modes in which a subject can be differentiated at all. */
export interface Available {
  readonly modes: readonly Mode[]
  /** Why others are not there: custom ops whose rules look at elements are once differentiable, perhaps in one mode. */
  readonly missing: readonly { readonly mode: Mode; readonly says: string }[]
}

/** Which of the modes that are wanted there are. */
export const availableIn = (
  { inputs, outputs, point, reverse, forward }: Subject,
  wanted: readonly Mode[] = allModes,
): Available => {
  const tries = {
    reverse: () => reverse(point, new Float64Array(outputs.size)),
    forward: () => forward(point, new Float64Array(inputs.size)),
  }
  const found = allModes.filter((mode) => wanted.includes(mode)).map((mode) => ({ mode, says: refusalOf(tries[mode]) }))
  return {
    modes: found.filter(({ says }) => says === null).map(({ mode }) => mode),
    missing: found.flatMap(({ mode, says }) => (says === null ? [] : [{ mode, says }])),
  }
}

/** What else goes wrong is told when the mode is checked. */
const refusalOf = (run: () => unknown): string | null => {
  try {
    run()
  } catch (error) {
    if (error instanceof LookedAtError || error instanceof MissingMode) return error.message
  }
  return null
}

/** What the report says of modes that are not there. */
export const notesOn = ({ missing }: Available, names: ModeNames): string[] =>
  missing.map(({ mode, says }) => `${names[mode]} is not there to be checked: ${says}`)
