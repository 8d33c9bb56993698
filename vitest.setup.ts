import { beforeEach } from 'vitest'
import { configure, random } from './packages/autograd/src/index.js'

// files share a worker, in an order that differs from run to run: a file, and each of its tests, begins as in a new process
const begin = () => {
  random.seed(0)
  configure({ deterministic: false, dtype: 'float32' })
}
// that it changes makes new backends, which have counted no calls: what runs an op depends on how often it came
configure({ deterministic: true })
begin()
beforeEach(begin)
