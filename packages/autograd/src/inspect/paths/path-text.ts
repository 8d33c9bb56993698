import { adjointNames } from '../listing/derivative-name.js'
import { factorText, numberText, quantityText } from '../listing/digits.js'
import type { Trace, TraceNode } from '../trace/schema.js'
import type { GradientPath, GradientPaths } from './gradient-paths.js'

/** Paths of a terminal: two lines each, the way and what arrives along it. */
export const pathsText = (
  { paths, count, share, gradient, exact }: Omit<GradientPaths, 'toString'>,
  trace: Trace,
  by: TraceNode,
  of: TraceNode,
): string => {
  const name = adjointNames(trace, of).of(by)
  if (count === 0) return `${name} = 0: no path leads from ${by.name} to ${of.name}`
  const total = `${name} = ${quantityText(gradient, by.shape!, 5, by.dtype)}`
  const all = `the sum over ${count === 1 ? '1 path' : `${countText(count)} paths`}`
  const some =
    paths.length === count
      ? ''
      : `, of which these ${share === null ? '' : `bring ${percent(share)}`}${exact ? '' : '; there may be larger ones'}`
  return [`${total}, ${all}${some}`, ...paths.flatMap((path) => lines(path, by))].join('\n')
}

const lines = ({ nodes, factors, amount, share }: GradientPath, by: TraceNode): readonly string[] => {
  const arrives = quantityText(amount, by.shape!, 5, by.dtype)
  const product =
    factors === undefined || factors.length < 2
      ? arrives
      : `${inTheMiddle(
          factors.map((factor, i) => (i === 0 ? numberText : factorText)(factor, 5, by.dtype)),
          ' × ',
        )} = ${arrives}`
  const begin = share === null ? '' : percent(share)
  return [`${begin.padStart(10)}  ${inTheMiddle(nodes, ' → ')}`, `${' '.repeat(12)}${product}`]
}

/** So many stand in a line. */
const most = 10

const inTheMiddle = (parts: readonly string[], between: string): string =>
  parts.length <= most
    ? parts.join(between)
    : [...parts.slice(0, 4), `(${parts.length - 8} more)`, ...parts.slice(-4)].join(between)

const percent = (share: number): string =>
  share !== 0 && Math.abs(share) < 0.001 ? 'under 0.1%' : `${(100 * share).toFixed(1)}%`

const countText = (count: number): string =>
  count < 1e15 ? String(count).replace(/\B(?=(\d{3})+$)/g, ',') : count.toExponential(3).replace('e+', 'e')
