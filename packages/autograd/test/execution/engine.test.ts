import { expect, test } from 'vitest'
import type { Backend } from '../../src/execution/backend.js'
import { runKernel } from '../../src/execution/engine.js'
import { reference } from '../../src/execution/reference/index.js'
import { AdjointError } from '../../src/graph/errors.js'
import type { Kernel } from '../../src/graph/kernel.js'
import { value } from './values.js'

const x = value([2], [1, 2])
const answer = value([2], [4, 2])
const kernel: Kernel = { kind: 'reshape' }
const nothing: Backend = { name: 'nothing', run: () => null }
const constant: Backend = { name: 'constant', run: () => [answer] }

test('the first backend that serves a kernel runs it', () => {
  expect(runKernel([nothing, constant, reference], kernel, [x], [x])).toEqual([answer])
})

test('a kernel that none serves is named', () => {
  const attempt = () => runKernel([nothing, nothing], kernel, [x], [x])
  expect(attempt).toThrow(AdjointError)
  expect(attempt).toThrow("'reshape' (asked: nothing, nothing)")
  expect(() => runKernel([], kernel, [x], [x])).toThrow('asked: none')
})
