import { chain } from './chain.js'
import { cnn } from './cnn.js'
import { elementwise } from './elementwise.js'
import { gpt } from './gpt.js'
import { lstm } from './lstm.js'
import { matmul } from './matmul.js'
import { mlp } from './mlp.js'
import type { Workload } from './workload.js'
import { xor } from './xor.js'

export const workloads: readonly Workload[] = [xor, mlp, cnn, gpt, lstm, elementwise, chain, matmul]
