import { type Lesson, learningRate, target, initial as w, x1, x2 } from './by-hand.js'

/** The lesson as it would stand on the blackboard: each formula, its numbers, its result. */
export const writtenOut = (n: Lesson): string => {
  const sigmoid = (a: number) => `1 / (1 + exp(${text(-a)}))`
  const moved = (from: number, delta: number, output: number) =>
    `${text(from)} + ${learningRate} x (${text(delta)}) x ${text(output)}`
  const lines: readonly (readonly [string, string, number])[] = [
    ['a1 = w11 x1 + w21 x2', `${w.w11} x ${x1} + ${w.w21} x ${x2}`, n.a1],
    ['a2 = w12 x1 + w22 x2', `${w.w12} x ${x1} + ${w.w22} x ${x2}`, n.a2],
    ['y3 = sigmoid(a1)', sigmoid(n.a1), n.y3],
    ['y4 = sigmoid(a2)', sigmoid(n.a2), n.y4],
    ['a5 = w13 y3 + w23 y4', `${w.w13} x ${text(n.y3)} + ${w.w23} x ${text(n.y4)}`, n.a5],
    ['y5 = sigmoid(a5)', sigmoid(n.a5), n.y5],
    ['E = (t - y5)^2 / 2', `(${target} - ${text(n.y5)})^2 / 2`, n.error],
    ['delta5 = (t - y5) y5 (1 - y5)', `(${target} - ${text(n.y5)}) x ${slope(n.y5)}`, n.delta5],
    ['delta3 = delta5 w13 y3 (1 - y3)', `${text(n.delta5)} x ${w.w13} x ${slope(n.y3)}`, n.delta3],
    ['delta4 = delta5 w23 y4 (1 - y4)', `${text(n.delta5)} x ${w.w23} x ${slope(n.y4)}`, n.delta4],
    ['w11 + rate delta3 x1', moved(w.w11, n.delta3, x1), n.w11After],
    ['w12 + rate delta4 x1', moved(w.w12, n.delta4, x1), n.w12After],
    ['w21 + rate delta3 x2', moved(w.w21, n.delta3, x2), n.w21After],
    ['w22 + rate delta4 x2', moved(w.w22, n.delta4, x2), n.w22After],
    ['w13 + rate delta5 y3', moved(w.w13, n.delta5, n.y3), n.w13After],
    ['w23 + rate delta5 y4', moved(w.w23, n.delta5, n.y4), n.w23After],
  ]
  const widths = [0, 1].map((i) => Math.max(...lines.map((line) => String(line[i]).length)))
  return lines
    .map(
      ([formula, numbers, result]) => `${formula.padEnd(widths[0]!)} = ${numbers.padEnd(widths[1]!)} = ${text(result)}`,
    )
    .join('\n')
}

const text = (n: number): string => String(Number(n.toFixed(7)))
const slope = (y: number): string => `${text(y)} x ${text(1 - y)}`
