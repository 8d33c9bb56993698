import { join } from 'node:path'
import { describe } from 'vitest'
import { shapes } from './fixtures/face.js'
import { checkFixtures } from './fixtures.js'

describe('shape types', () => {
  checkFixtures({
    folder: join(import.meta.dirname, 'fixtures'),
    running: {
      'good.ts': () => import('./fixtures/good.js'),
      'good-generic.ts': () => import('./fixtures/good-generic.js'),
      'good-transforms.ts': () => import('./fixtures/good-transforms.js'),
      'good-attention.ts': () => import('./fixtures/good-attention.js'),
      'good-products.ts': () => import('./fixtures/good-products.js'),
      'good-loops.ts': () => import('./fixtures/good-loops.js'),
      'good-windows-more.ts': () => import('./fixtures/good-windows-more.js'),
      'good-windows.ts': () => import('./fixtures/good-windows.js'),
      'good-ordering.ts': () => import('./fixtures/good-ordering.js'),
      'good-indexing.ts': () => import('./fixtures/good-indexing.js'),
      'good-inspect.ts': () => import('./fixtures/good-inspect.js'),
      'good-scalar.ts': () => import('./fixtures/good-scalar.js'),
    },
    shapes,
  })
})
