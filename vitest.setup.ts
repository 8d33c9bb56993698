import { beforeEach } from 'vitest'
import { configure, random } from './packages/autograd/src/index.js'

// files share a worker, in an order that differs from run to run: a file, and each of its tests, begins as in a new process
const begin = () => {
  random.seed(0)
  configure({ deterministic: false, dtype: 'float32' })
}
begin()
beforeEach(begin)
