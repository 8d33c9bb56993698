import type { Contract } from '../../graph/kernel.js'
import type { Spec, Value } from '../../graph/value.js'
import { numbers } from '../../rules/numbers.js'
import { elementAt, filled } from './places.js'

export const contract = ({ by }: Contract, [a, b]: readonly Value[], out: Spec): Value =>
  filled(out, (place) => {
    const batch = place.slice(0, -2)
    const [row, column] = place.slice(-2)
    let sum = 0
    for (let k = 0; k < a!.shape.at(-1)!; k++) {
      const [x, y] = [elementAt(a!, [...batch, row!, k]), elementAt(b!, [...batch, k, column!])]
      if (out.dtype === 'int32') sum = (sum + Math.imul(x, y)) | 0
      else sum += by === 'scale' ? numbers.scale(x, y) : x * y
    }
    return sum
  })
