import { adbench } from './adbench.js'
import { chain } from './chain.js'
import { checkpoints } from './checkpoints.js'
import { cnn } from './cnn.js'
import { cnnNn } from './cnn-nn.js'
import { einsums } from './einsum.js'
import { elementwise } from './elementwise.js'
import { few } from './few.js'
import { forward } from './forward.js'
import { gpt } from './gpt.js'
import { gradchecks } from './gradchecks.js'
import { gradients } from './gradients.js'
import { jacobians } from './jacobian.js'
import { loops } from './loops.js'
import { lstm } from './lstm.js'
import { lstmNn } from './lstm-nn.js'
import { maps } from './maps.js'
import { matmul } from './matmul.js'
import { mlp } from './mlp.js'
import { moonsTape, moonsValues } from './moons.js'
import { movement } from './movement.js'
import { optimizerSteps } from './optimizers.js'
import { ordering } from './ordering.js'
import { perSample } from './per-sample.js'
import { scalars } from './scalars.js'
import { sums } from './sums.js'
import { tiny } from './tiny.js'
import { transformer } from './transformer.js'
import type { Workload } from './workload.js'
import { xor } from './xor.js'

export const workloads: readonly Workload[] = [
  xor,
  mlp,
  cnn,
  cnnNn,
  gpt,
  transformer,
  lstm,
  lstmNn,
  elementwise,
  chain,
  few,
  moonsValues,
  moonsTape,
  gradients,
  forward,
  matmul,
  einsums,
  tiny,
  sums,
  movement,
  maps,
  ordering,
  perSample,
  loops,
  scalars,
  adbench,
  jacobians,
  checkpoints,
  gradchecks,
  optimizerSteps,
]
