import type { Tensor } from '@adjoint/autograd'
import { digitPicture } from '../report/digits-picture.js'
import { escape } from '../report/escape.js'
import { columnsHtml, figureHtml, listHtml, page, tableHtml } from '../report/page.js'
import { linesPlot } from '../report/plot.js'
import { responsive } from '../report/responsive.js'
import { type Opinions, together } from './judgement.js'
import type { Learned, Odd } from './learned.js'

/** What the networks have learned, alone and together, as a page of HTML. */
export const picture = (learned: Learned, next: readonly string[]): string => {
  const { members, growing, races, losses, odd, test, trained } = learned
  const race = races.at(-1)!
  const all = growing.at(-1)!
  const size = members.length
  const average = members.reduce((sum, { accuracy }) => sum + accuracy, 0) / size
  return page(
    `${count(size)} small networks, trained as one`,
    'vmap runs the code of one network over parameters that have an axis more. The members differ in where they began and in ' +
      'the order of their images; what they agree on is mostly right, and what they disagree on is worth a second look.',
    [
      { value: percent(all.accuracy), label: `of ${count(test.labels.size)} unseen digits read right together` },
      { value: percent(average), label: 'by one of them, on average' },
      {
        value: `${learned.processorSeconds.toFixed(0)} s`,
        label: `for all, ${losses.length} epochs of ${count(trained)} images`,
      },
      { value: `${(race.apart / race.together).toFixed(2)} x`, label: 'as long takes a loop over them' },
    ],
    [
      {
        title: 'What company gains',
        text: [],
        body: columnsHtml(
          figureHtml(
            responsive((width) => growthPlot(learned, width), 560),
            'Errors of the first networks together, by how many they are, and of each alone. Errors that they do not share cancel.',
          ),
          figureHtml(
            responsive((width) => calibrationPlot(learned, width), 400),
            'How often an answer was right, by how sure it was: of one network in orange, of all together in blue. On the grey line promises are kept; below it they are too bold.',
          ),
        ),
      },
      {
        title: 'What is no digit',
        text: [
          'A network must answer with a digit, whatever it is shown. Shown are the answers of the first network alone and of all ' +
            'together, with how sure they are, and how the members voted.',
        ],
        body: odd.map((kind) => oddHtml(kind)).join('\n'),
      },
      {
        title: 'Can it be told from digits?',
        text: [
          'By how sure an answer is: the chance that a digit gets a surer one than such an image. 50 % is no better than a coin.',
        ],
        body: tableHtml(
          ['', 'alone: sure', 'told', 'together: sure', 'told'],
          odd.map(({ name, alone, all }) => [
            name,
            percent(alone.sure),
            percent(alone.told),
            percent(all.sure),
            percent(all.told),
          ]),
        ),
      },
      {
        title: 'One program against a loop',
        text: [
          `A step of ${size} networks, by vmap and as ${size} compiled steps one after another, in milliseconds at best, on one processor ` +
            'core. The smaller the networks, the more of the time goes into starting each. After the last step all parameters are ' +
            'compared: both do the same.',
        ],
        body: tableHtml(
          ['hidden neurons', 'by vmap', 'in a loop', 'ratio', 'parameters differ by'],
          races.map(({ hidden, together, apart, difference }) => [
            String(hidden),
            together.toFixed(2),
            apart.toFixed(2),
            (apart / together).toFixed(2),
            difference === 0 ? '0' : difference.toExponential(0),
          ]),
        ),
      },
      { title: 'What to try next', text: [], body: listHtml(next) },
    ],
  )
}

const count = (n: number): string => n.toLocaleString('en')
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const growthPlot = ({ growing, members }: Learned, width: number): string =>
  linesPlot([{ label: 'together', points: growing.map(({ accuracy }, i) => [i + 1, 100 * (1 - accuracy)] as const) }], {
    x: 'networks',
    y: '% of digits read wrong',
    width,
    height: 300,
    dots: members.map(({ accuracy }, i) => [i + 1, 100 * (1 - accuracy)] as const),
  })

const calibrationPlot = ({ members, growing }: Learned, width: number): string => {
  const curve = ({ bins }: Learned['members'][number]) =>
    bins.filter((bin) => bin.count >= 10).map(({ sure, right }) => [100 * sure, 100 * right] as const)
  return linesPlot(
    [
      {
        label: '',
        points: [
          [0, 0],
          [100, 100],
        ],
        color: 'var(--edge)',
      },
      { label: '', points: curve(members[0]!), color: 'var(--adjoint)' },
      { label: '', points: curve(growing.at(-1)!), color: 'var(--value)' },
    ],
    { x: '% sure', y: '% right', width, height: 300 },
  )
}

const oddHtml = ({ name, images, said }: Odd): string => {
  const all = together(said)
  const tiles = Array.from({ length: shown }, (_, i) => {
    const [one, other] = [answerOf(said.at(0), i), answerOf(all, i)]
    return (
      `<figure class="digit">${digitPicture(images.at(i).data)}<figcaption>` +
      `<span class="lone">alone <b>${one.digit}</b> ${one.sure}</span><span class="joint">all <b>${other.digit}</b> ${other.sure}</span>` +
      `<span class="votes">${votesOf(said, i)}</span></figcaption></figure>`
    )
  })
  return `<h3>${escape(name[0]!.toUpperCase() + name.slice(1))}</h3><div class="digits opinions">${tiles.join('\n')}</div>`
}
const shown = 9

const answerOf = (probabilities: Tensor<[number, 10]>, image: number): { digit: number; sure: string } => {
  const row = Array.from(probabilities.at(image).data)
  const highest = Math.max(...row)
  return { digit: row.indexOf(highest), sure: `${(100 * highest).toFixed(0)} %` }
}

/** How many members say which digit, the most named first. */
const votesOf = (said: Opinions, image: number): string => {
  const votes = new Map<number, number>()
  for (let member = 0; member < said.shape[0]; member++) {
    const { digit } = answerOf(said.at(member), image)
    votes.set(digit, (votes.get(digit) ?? 0) + 1)
  }
  const order = [...votes].sort(([, a], [, b]) => b - a)
  return order.map(([digit, times]) => `${digit} × ${times}`).join(', ')
}
