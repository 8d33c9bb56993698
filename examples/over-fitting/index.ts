/**
 * Over-fitting: a network that is large for its data learns them by heart, and reads other data worse for it.
 *
 * Some hundred digits, of which three in ten have a label drawn at random, are learned with and without dropout and
 * weight decay, from fewer and more of them, and with labels that are all right or all drawn. Each is measured after each
 * epoch on what it learns from, on other digits, by which early stopping would choose, and on the test set.
 */
import { writePicture } from '../support/picture.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { table } from '../support/table.js'
import { learn, loadSource, type Row, type Setting } from './learn.js'
import { picture, type Results, scoreHeader, scoreRows } from './picture.js'

export const run = async (options: RunOptions = {}) => {
  const { short = false, print = console.log } = options
  const count = short ? 200 : 500
  const epochs = short ? 10 : 60
  const sizesTried = short ? [100, 400] : [125, 250, 500, 1_000, 2_000]
  const source = loadSource(sizesTried.at(-1)!, short ? 300 : 1_000)
  const each = async (settings: Readonly<Record<string, Omit<Setting, 'count'>>>) => {
    const results: Record<string, Row[]> = {}
    for (const [name, setting] of Object.entries(settings)) {
      results[name] = await learn(source, { count, ...setting }, epochs, name, options)
    }
    return results
  }
  const remedies = await each({
    plain: {},
    'dropout 0.5': { dropout: 0.5 },
    'weight decay 3': { decay: 3 },
    both: { dropout: 0.5, decay: 3 },
  })
  const labels = {
    ...(await each({ 'right labels': { noise: 0 } })),
    '3 in 10 drawn': remedies.plain!,
    ...(await each({ 'all drawn': { noise: 1 } })),
  }
  const sizes: [number, Row[]][] = []
  for (const size of sizesTried) {
    sizes.push([
      size,
      size === count ? remedies.plain! : await learn(source, { count: size }, epochs, `${size} digits`, options),
    ])
  }
  const patience = short ? 2 : 5
  const stopped = await learn(source, { count, patience }, epochs, 'stopped early', options)
  const results: Results = { count, remedies, sizes, labels, stopped, patience }

  print(`Digits read as they are labelled, after ${epochs} epochs; ${count} digits where nothing else is said:\n`)
  print(table(scoreHeader, scoreRows(results)))
  print(`\nfit with earlyStopping ended after ${stopped.length} of ${epochs} epochs.`)
  const file = writePicture(import.meta.dirname, 'over-fitting.html', picture(results))
  print(`\nA picture of it is in ${file}`)
  print(
    '\nTo try next: shifted images as more data (examples/data/shifted.ts); a hidden layer of 16; `crossEntropy` with\n' +
      '`{ labelSmoothing: 0.3 }`, which expects wrong labels; an average of the weights over the last epochs.\n',
  )
  return { ...results, file }
}

await runAsScript(import.meta.url, run)
