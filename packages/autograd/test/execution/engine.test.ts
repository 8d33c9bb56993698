import { expect, test } from 'vitest'
import type { Backend } from '../../src/execution/backend.js'
import { runKernel } from '../../src/execution/engine.js'
import { javascript } from '../../src/execution/javascript/index.js'
import { reference } from '../../src/execution/reference/index.js'
import { AdjointError } from '../../src/graph/errors.js'
import type { Kernel } from '../../src/graph/kernel.js'
import { value } from './values.js'

const x = value([2], [1, 2])
const answer = value([2], [4, 2])
const custom: Kernel = { kind: 'custom', run: () => answer }
const nothing: Backend = { name: 'nothing', run: () => null }
const constant: Backend = { name: 'constant', run: () => answer }

test('the first backend that serves a kernel runs it', () => {
  expect(runKernel([nothing, constant, reference], { kind: 'reshape' }, [x], x)).toBe(answer)
  expect(runKernel([javascript, reference], custom, [x], x)).toBe(answer)
})

test('a kernel that none serves is named', () => {
  const attempt = () => runKernel([javascript, nothing], custom, [x], x)
  expect(attempt).toThrow(AdjointError)
  expect(attempt).toThrow("'custom' (asked: javascript, nothing)")
  expect(() => runKernel([], custom, [x], x)).toThrow('asked: none')
})
