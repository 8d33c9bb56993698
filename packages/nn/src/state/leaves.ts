import type { Tensor } from '@adjoint/autograd'

/**
 * The parameters that a tensor was computed from.
 *
 * @param seen what was looked at already, and is passed over
 */
export const leavesOf = (result: Tensor, seen = new Set<object>()): Tensor[] => {
  const leaves: Tensor[] = []
  const open = [result]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.op === null) {
      if (next.requiresGrad) leaves.push(next)
      continue
    }
    for (const input of next.inputs as readonly Tensor[]) {
      if (seen.has(input)) continue
      seen.add(input)
      open.push(input)
    }
  }
  return leaves
}
