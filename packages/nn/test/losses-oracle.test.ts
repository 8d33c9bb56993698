import type { Tensor } from '@adjoint/autograd'
import * as nn from '../src/index.js'
import { compareFixtures } from './oracle.js'

// In each case the result is a loss.

const losses = nn as unknown as Readonly<Record<string, (...args: readonly unknown[]) => Tensor>>

compareFixtures('losses_', (op) => (args) => [losses[op]!(...args)])
