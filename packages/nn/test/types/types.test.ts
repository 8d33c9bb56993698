import { join } from 'node:path'
import { describe } from 'vitest'
import { checkFixtures } from '../../../autograd/test/types/fixtures.js'
import { shapes } from './fixtures/face.js'

describe('types of layers and losses', () => {
  checkFixtures({
    folder: join(import.meta.dirname, 'fixtures'),
    running: {
      'good.ts': () => import('./fixtures/good.js'),
      'good-insight.ts': () => import('./fixtures/good-insight.js'),
      'good-windows.ts': () => import('./fixtures/good-windows.js'),
      'good-attention.ts': () => import('./fixtures/good-attention.js'),
    },
    shapes,
  })
})
