import { linspace, noGrad, Random, stack } from '@adjoint/autograd'
import { type Digits, side } from '../data/mnist.js'
import { digitPicture } from '../report/digits-picture.js'
import { inkImage } from '../report/ink-image.js'
import { columnsHtml, figureHtml, listHtml, page } from '../report/page.js'
import { glyphsPlot, linesPlot } from '../report/plot.js'
import { responsive } from '../report/responsive.js'
import type { Learned, Trained } from './learned.js'
import type { Codes, Vae } from './model.js'

/** What the autoencoders have learned, as a page of HTML. */
export const picture = (learned: Learned, next: readonly string[]): string =>
  noGrad(() => {
    const { narrow, wide, test } = learned
    const [two, many] = [narrow.model.size, wide.model.size]
    return page(
      'Digits that nobody wrote',
      'A variational autoencoder squeezes each image through a few numbers and makes it again. What is near in the space of ' +
        'those numbers looks alike, and every place in it is an image.',
      [
        { value: bits(narrow), label: `nats an unseen image costs through ${two} numbers` },
        { value: bits(wide), label: `nats through ${many} numbers` },
        {
          value: String(wide.byNumber.filter((cost) => cost > 0.1).length),
          label: `of the ${many} numbers are in use`,
        },
        {
          value: `${(narrow.processorSeconds + wide.processorSeconds).toFixed(0)} s`,
          label: 'of one processor core, for both',
        },
      ],
      [
        {
          title: 'All there is, on one plane',
          text: [],
          body: columnsHtml(
            figureHtml(
              inkImage(...planeOf(narrow.model), 'digits that change from place to place'),
              `What the decoder makes of places from -${reach} to ${reach} in both directions.`,
            ),
            figureHtml(
              responsive((width) => placesPlot(narrow.model, test, width), 400),
              'Where the encoder puts unseen digits. It was never told what they are called.',
            ),
          ),
        },
        {
          title: 'Through the needle',
          text: [
            `The first unseen digit of each kind, as it went in, and as it came out through ${two} and through ${many} numbers.`,
          ],
          body: rows(throughOf(learned)),
        },
        {
          title: 'Made up',
          text: ['Places drawn at random from a standard normal distribution, decoded.'],
          body: columnsHtml(
            figureHtml(`<div class="codes">${samples(wide.model)}</div>`, `By ${many} numbers.`),
            figureHtml(`<div class="codes">${samples(narrow.model)}</div>`, `By ${two} numbers.`),
          ),
        },
        {
          title: 'From one to another',
          text: [
            `Straight lines between the codes of two digits, by ${many} numbers: what lies between has a shape of its own.`,
          ],
          body: [
            [0, 1],
            [2, 4],
            [3, 7],
          ]
            .map(([from, to]) => `<div class="codes walk">${walk(wide.model, test, from!, to!)}</div>`)
            .join('\n'),
        },
        {
          title: 'How it learned',
          text: [],
          body: figureHtml(
            responsive((width) => costsPlot(learned, width), 760),
            'What an unseen image costs on average: given its code, and with the code. The distance is what the code says.',
          ),
        },
        { title: 'What to try next', text: [], body: listHtml(next) },
      ],
    )
  })

const bits = ({ costs }: Trained): string => {
  const { reconstruction, code } = costs.at(-1)!
  return (reconstruction + code).toFixed(1)
}

const reach = 2.5
const planeSide = 18

/** Decoded places of a plane as one image, and its width. */
const planeOf = (model: Vae): [ink: ArrayLike<number>, width: number] => {
  const at = linspace(-reach, reach, planeSide)
  const across = at.expandDims(0).broadcastTo([planeSide, planeSide])
  const down = at.neg().expandDims(1).broadcastTo([planeSide, planeSide])
  const codes = stack([across, down], -1).reshape([planeSide * planeSide, 2])
  const width = planeSide * side
  const images = model.decode(codes).reshape([planeSide, planeSide, side, side])
  return [images.permute([0, 2, 1, 3]).reshape([width * width]).data, width]
}

const placesPlot = (model: Vae, { images, labels }: Digits, width: number): string => {
  const count = Math.min(width > 350 ? 600 : 350, labels.size)
  const { mean } = model.encode(images.slice(0, 0, count))
  const glyphs = Array.from({ length: count }, (_, i) => ({
    x: mean.data[2 * i]!,
    y: mean.data[2 * i + 1]!,
    text: String(labels.data[i]),
  }))
  return glyphsPlot(glyphs, { x: 'first number', y: 'second number', width, height: width })
}

const throughOf = ({ narrow, wide, test: { images, labels } }: Learned): string[][] => {
  const kinds = [...labels.data]
  const shown = Array.from({ length: 10 }, (_, digit) => kinds.indexOf(digit)).filter((index) => index >= 0)
  return shown.map((index) => {
    const image = images.slice(0, index, index + 1)
    const again = [narrow.model, wide.model].map((model) => model.decode(model.encode(image).mean))
    return [image, ...again].map((picture) => digitPicture(picture.data))
  })
}

const rows = (tiles: readonly (readonly string[])[]): string =>
  `<div class="codes through">${tiles.map((tile) => `<figure>${tile.join('')}</figure>`).join('')}</div>`

const drawn = (model: Vae, codes: Codes): string => {
  const images = model.decode(codes)
  return Array.from({ length: codes.shape[0] }, (_, i) => digitPicture(images.at(i).data)).join('')
}

const samples = (model: Vae): string => drawn(model, new Random(7).normal([30, model.size]))

const steps = 10

const walk = (model: Vae, { images, labels }: Digits, from: number, to: number): string => {
  const kinds = [...labels.data]
  const [start, end] = [from, to].map((digit) => {
    const index = kinds.indexOf(digit)
    return model.encode(images.slice(0, index, index + 1)).mean
  })
  const shares = linspace(0, 1, steps).reshape([steps, 1])
  return drawn(model, start!.add(end!.sub(start!).mul(shares)))
}

const costsPlot = ({ narrow, wide }: Learned, width: number): string => {
  const lines = [narrow, wide].flatMap(({ model, costs }, i) => {
    const color = i === 0 ? 'var(--adjoint)' : 'var(--value)'
    return [
      {
        label: `${model.size} numbers`,
        color,
        points: costs.map(({ reconstruction, code }, epoch) => [epoch + 1, reconstruction + code] as const),
      },
      { label: '', color, points: costs.map(({ reconstruction }, epoch) => [epoch + 1, reconstruction] as const) },
    ]
  })
  return linesPlot(lines, { x: 'epoch', y: 'nats', width, height: 320 })
}
