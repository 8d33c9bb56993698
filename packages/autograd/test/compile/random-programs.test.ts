import { noGrad, type Tensor, valueAndGrad } from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isFloat } from '../../src/graph/dtype.js'
import { difference, tensorsOf, ways } from './harness.js'
import { inputsOf, lossOf, type Program, programs, runProgram } from './programs.js'

/** All results of a program, and the derivatives of their sum by the float inputs. */
const everything =
  (program: Program) =>
  (...inputs: Tensor[]): unknown => {
    const floats = inputs.filter(({ dtype }) => isFloat(dtype))
    const integers = inputs.filter(({ dtype }) => !isFloat(dtype))
    const loss = (list: Tensor[]) => lossOf(runProgram(program, [...list, ...integers]), list[0]!)
    return [noGrad(() => runProgram(program, inputs)), valueAndGrad(loss as never)(floats as never)]
  }

const dtypes = [
  ['float64', 200],
  ['float32', 130],
] as const

describe.each(dtypes)('random programs of %s', (dtype, numRuns) => {
  test.each(ways)(
    'give the same values and derivatives %s as eagerly, whatever the data',
    (_, wrap) => {
      fc.assert(
        fc.property(programs(dtype), (program) => {
          const f = everything(program)
          const compiled = wrap(f)
          for (const seed of [1, 2]) {
            const inputs = inputsOf(program, seed)
            const wanted = f(...inputs)
            const tolerance = tensorsOf(wanted).some((x) => x.dtype === 'float32') ? 1e-4 : 1e-10
            expect(difference(compiled(...inputs), wanted, tolerance)).toBeNull()
          }
        }),
        { seed: 20, numRuns },
      )
    },
    60_000,
  )
})
