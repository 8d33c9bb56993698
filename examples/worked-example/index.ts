/**
 * Backpropagation by hand, and what automatic differentiation makes of it.
 *
 * Introductory texts take a tiny network (two inputs, two hidden neurons, one output), push two numbers through it,
 * and work out one step of learning with a pocket calculator. Here the same step is done three times: as printed in
 * such a text, by its formulas without rounding, and by adjoint, which is told nothing but the pass forward.
 */
import { type RunOptions, runAsScript } from '../support/script.js'
import { table } from '../support/table.js'
import { lesson as byHand, updatesUntilPrinted } from './by-hand.js'
import { printed } from './printed.js'
import { lesson as withAdjoint } from './with-adjoint.js'
import { writtenOut } from './written-out.js'

export const run = ({ print = console.log }: RunOptions = {}) => {
  const exact = byHand()
  const { numbers: adjoint, explanation, picture } = withAdjoint()
  const updates = updatesUntilPrinted()
  const difference = Math.max(...printed.map(({ quantity }) => Math.abs(exact[quantity] - adjoint[quantity])))

  print('One step of learning in a 2-2-1 network of sigmoids. By hand:\n')
  print(`${writtenOut(exact)}\n\nThe same three times over:\n`)
  const digits = (n: number) => n.toFixed(7)
  print(
    table(
      ['', 'printed', 'exact', 'adjoint', 'remark on the printed number'],
      printed.map(({ quantity, symbol, text, remark }) => [
        symbol,
        text,
        digits(exact[quantity]),
        digits(adjoint[quantity]),
        remark,
      ]),
    ),
  )
  print(`\nThe exact column comes from the formulas of the text, in full precision; adjoint's from its sweep back.
The largest difference between them is ${difference}. The text rounds as it goes, and slips: delta4 lost a zero, w11 moved the wrong
way, and w12, w13, w21 and w22 do not follow even from its own numbers. The idea survives: E falls
from ${exact.error.toFixed(7)} to ${exact.errorAfter.toFixed(7)}, and after ${updates} such updates the output is the .61 that the text reports after one.

What adjoint recorded while the network ran, and how the derivative of E came back through it. Along an edge it is
multiplied by the derivative of one step, and where two edges meet it is added. dE/da1 is delta3 with the other sign:

${explanation}
`)
  return { exact, adjoint, difference, updates, picture, explanation }
}

await runAsScript(import.meta.url, run)
