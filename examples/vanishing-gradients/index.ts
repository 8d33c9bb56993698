/**
 * Vanishing and exploding gradients: what comes back to a layer is a product with a factor for each layer behind it.
 *
 * Networks of 2 to 50 layers are given handwritten digits, and `gradientFlow` tells the norm of the gradient of each layer:
 * by the curve between the layers, by how the weights begin, and with what is said to cure it. Then some of them are trained.
 * The same happens through time in recurrent networks, and there clipping is tried.
 */
import { brief } from '../report/panels.js'
import { writePicture } from '../support/picture.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { table } from '../support/table.js'
import { measure, type Norms } from './measure.js'
import { picture } from './picture.js'

export const run = async (options: RunOptions = {}) => {
  const { print = console.log } = options
  const results = await measure(options)
  const { depth, curves, inits, sigmoid, small, time, clipped, trainedDepth, training } = results
  const rows = (norms: Norms, what: string) =>
    Object.entries(norms).map(([name, values]) => [
      `${what}${name}`,
      brief(values[0]!),
      brief(values[Math.floor(values.length / 2)]!),
      brief(values.at(-1)!),
    ])
  print(`Norms of gradients in networks of ${depth} layers, before any training:\n`)
  print(
    table(
      ['network', 'first layer', 'middle', 'last'],
      [
        ...rows(curves, 'Xavier, '),
        ...rows(inits, 'ReLU, '),
        ...rows(sigmoid, 'sigmoid, '),
        ...rows(small, 'ReLU, small, '),
      ],
    ),
  )
  print('\nWhat the first input of a sequence still does to the last output:\n')
  print(
    table(
      ['layer', 'derivative'],
      Object.entries(time).map(([name, norms]) => [name, brief(norms[0]!)]),
    ),
  )
  const lost = clipped.without.losses.findIndex((loss) => !Number.isFinite(loss))
  const unclipped = lost >= 0 ? `is no number at step ${lost + 1}` : `is ${brief(clipped.without.losses.at(-1)!)}`
  const { losses, norms } = clipped.with
  print(
    `\nAdding two numbers of a sequence from weights of gain 1.5, the loss ${unclipped} without clipping, and ` +
      `${brief(losses.at(-1)!)} after ${losses.length} steps clipped to norm 1 (the first gradient has norm ${brief(norms[0]!)}).\n`,
  )
  print(
    table(
      [`${trainedDepth} layers, trained`, 'loss', 'read right'],
      Object.entries(training).map(([name, { losses, share }]) => [
        name,
        brief(losses.at(-1)!),
        `${(100 * share).toFixed(1)} %`,
      ]),
    ),
  )
  const file = writePicture(import.meta.dirname, 'vanishing-gradients.html', picture(results))
  print(`\nA picture of it is in ${file}`)
  print(
    '\nTo try next: LayerNorm behind the sigmoid and not in front of it; SELU with init.lecunNormal(); a width of 128 in\n' +
      'model.ts; `Residual` with `{ scale: parameter(tensor(0)) }`; Adam in the place of SGD, which makes up for small gradients.\n',
  )
  return { ...results, file }
}

await runAsScript(import.meta.url, run)
