/**
 * Ops of your own: how to define one, how to know that its derivative is right, and how to use it.
 *
 * There are two ways. An elementwise function is written as an expression and needs no rule. Anything else, here a loop
 * over time as another library might have it, is wrapped with a rule, and rules are where mistakes are made: `gradcheck`
 * compares them with differences, in forward and reverse mode, to second order.
 */
import { parameter, Random, tensor } from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { explain } from '@adjoint/autograd/inspect'
import { type RunOptions, runAsScript } from '../support/script.js'
import { deblur, measure, robust, squares } from './deblur.js'
import { pseudoHuber, smooth, smoothWrong } from './ops.js'

export const run = ({ short = false, print = console.log }: RunOptions = {}) => {
  const r = parameter(tensor([-2, 0.5], { dtype: 'float64' }))
  const explanation = explain(pseudoHuber(r), { names: { r } })
  print(`What adjoint makes of the expression of pseudoHuber:\n\n${explanation}\n`)

  const x = new Random(0).normal([5], { dtype: 'float64' })
  const checks = {
    pseudoHuber: gradcheck(pseudoHuber, [x]),
    smooth: gradcheck(smooth, [x]),
    smoothWrong: gradcheck(smoothWrong, [x]),
  }
  for (const [name, check] of Object.entries(checks)) print(`${name}\n${check}\n`)

  const { signal, measured } = measure()
  const steps = short ? 200 : 1_000
  const errorOf = (penalty: typeof robust) => deblur(measured, penalty, steps).sub(signal).abs().mean().item()
  const errors = {
    untreated: measured.sub(signal).abs().mean().item(),
    squares: errorOf(squares),
    robust: errorOf(robust),
  }
  print(`A signal seen through a slow instrument (smooth), with five wild readings, and found again by gradient descent.
Mean error as measured ${errors.untreated.toFixed(3)}, fitted by squares ${errors.squares.toFixed(3)}, fitted by pseudoHuber ${errors.robust.toFixed(3)}.
`)
  return { checks, explanation, errors }
}

await runAsScript(import.meta.url, run)
