// Saves one file over and over, until it is killed: see kill.node.test.ts.
import process from 'node:process'
import { full } from '@adjoint/autograd'
import { saveTree } from '../../src/node/index.js'

const [, , path, keep] = process.argv
for (let step = 1; ; step++) {
  await saveTree(path!, { step, x: full([20_000], step) }, { keep: Number(keep) })
  if (step === 1) console.log('saving')
}
