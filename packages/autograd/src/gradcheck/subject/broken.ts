import type { Subject } from './subject.js'
import { ThrownLater } from './thrown.js'

/** A rule threw instead of giving a derivative: that is a wrong rule, not a misuse of gradcheck. */
export class BrokenMode extends Error {}

/** The subject with what its modes throw marked as theirs; `value` too where that is a derivative itself. */
export const guarded = <S extends Subject>(subject: S, isDerivative = false): S => {
  const guard =
    <A extends unknown[], R>(mode: string, run: (...args: A) => R) =>
    (...args: A): R => {
      try {
        return run(...args)
      } catch (cause) {
        if (cause instanceof ThrownLater) throw cause
        throw new BrokenMode(`${mode} mode threw ${cause instanceof Error ? `${cause.name}: ${cause.message}` : cause}`)
      }
    }
  return {
    ...subject,
    value: isDerivative ? guard('reverse', subject.value) : subject.value,
    forward: guard('forward', subject.forward),
    reverse: guard('reverse', subject.reverse),
  }
}
