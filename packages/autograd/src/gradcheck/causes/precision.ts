import { isNothing, wrongIn } from './evidence.js'
import type { Hypothesis } from './hypothesis.js'

/** Everything is a little off, as numbers of seven digits are. */
export const singlePrecision: Hypothesis = {
  cause: 'float32',
  explain: ({ looks, subject }) => {
    if (subject.precision === 'float32') return null
    const errors = looks.flatMap((look) =>
      wrongIn(look)
        .filter(({ numeric }) => !isNothing(look, numeric))
        .map(({ analytic, numeric }) => analytic / numeric - 1),
    )
    const most = errors.reduce((largest, error) => Math.max(largest, Math.abs(error)), 0)
    if (errors.length < 3 || most > 3e-6 || most < 1e-9) return null
    // rounded at random: up and down
    const isRounded = errors.some((error) => error > 0) && errors.some((error) => error < 0)
    const all = looks.every((look) => look.entries.every(({ analytic, numeric }) => isOff(analytic, numeric)))
    if (!isRounded || !all) return null
    return `it is off by ${most.toPrecision(1)} of itself, differently everywhere, as rounding to float32 does: compute it in float64`
  },
}

const isOff = (analytic: number, numeric: number): boolean =>
  Math.abs(analytic - numeric) <= 1e-5 * Math.abs(numeric) || (analytic === 0 && Math.abs(numeric) < 1e-9)
