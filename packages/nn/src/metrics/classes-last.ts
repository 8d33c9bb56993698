import type { Tensor } from '@adjoint/autograd'
import type { LabelOptions } from '../losses/classes.js'
import { labelled } from './decisions.js'

/** Logits as rows of their classes, and a label for each row. */
export const classesLast = (
  owner: string,
  output: Tensor,
  target: Tensor,
  options: LabelOptions,
): { readonly classes: number; readonly logits: Tensor['data']; readonly labels: Int32Array } => {
  const { axis, classes } = labelled(owner, output, target, options)
  const others = output.shape.map((_, i) => i).filter((i) => i !== axis)
  const last = axis === others.length ? output : output.detach().permute([...others, axis])
  return { classes, logits: last.data, labels: new Int32Array(target.data) }
}
