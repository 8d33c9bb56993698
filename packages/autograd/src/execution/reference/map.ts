import type { MapKernel } from '../../graph/kernel.js'
import type { Spec, Value } from '../../graph/value.js'
import { evaluate } from '../../rules/traverse.js'
import { elementAt, filled } from './places.js'

export const map = ({ expression }: MapKernel, inputs: readonly Value[], out: Spec): Value =>
  filled(out, (place) =>
    evaluate(
      expression,
      inputs.map((input) => elementAt(input, place)),
    ),
  )
