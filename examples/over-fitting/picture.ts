import { page, tableHtml } from '../report/page.js'
import { brief, type PanelLine, panel, panels } from '../report/panels.js'
import { bestOf, type Row } from './learn.js'

/** What was trained, each as rows by epoch. */
export interface Results {
  /** How many digits the remedies learn from. */
  readonly count: number
  readonly remedies: Readonly<Record<string, readonly Row[]>>
  readonly sizes: readonly (readonly [count: number, rows: readonly Row[]])[]
  readonly labels: Readonly<Record<string, readonly Row[]>>
  /** What `fit` does with `earlyStopping`. */
  readonly stopped: readonly Row[]
  /** For so many epochs without a lower loss it waits. */
  readonly patience: number
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const line = (label: string, rows: readonly Row[], of: (row: Row) => number, note?: string): PanelLine => ({
  label,
  points: rows.map((row) => [row.epoch, of(row)]),
  note: note ?? brief(of(rows.at(-1)!)),
})

/** A row for each way to train: at the end, and where early stopping goes back to. */
export const scoreRows = ({ remedies, sizes, labels }: Results): string[][] => {
  const named: (readonly [string, readonly Row[]])[] = [
    ...Object.entries(remedies),
    ...sizes.map(([count, rows]) => [`${count.toLocaleString('en')} digits`, rows] as const),
    ...Object.entries(labels),
  ]
  return named.map(([name, rows]) => {
    const [last, best] = [rows.at(-1)!, bestOf(rows)]
    return [
      name,
      percent(last.trainAccuracy),
      percent(last.testAccuracy),
      percent(best.testAccuracy),
      String(best.epoch),
    ]
  })
}

export const scoreHeader = ['', 'own labels', 'unseen', 'stopped early', 'epoch']

export const picture = (results: Results): string => {
  const { count, remedies, sizes, labels, stopped, patience } = results
  const plain = remedies.plain!
  const [last, best] = [plain.at(-1)!, bestOf(plain)]
  const lead =
    `A network of 118,000 weights learns from ${count} handwritten digits, of which three in ten have a label that was drawn at random. ` +
    'It comes to know these by heart, the wrong ones too; what it reads of other digits gets worse meanwhile.'
  const facts = [
    { value: percent(last.trainAccuracy), label: 'of the labels are known by heart in the end' },
    { value: percent(last.testAccuracy), label: 'of unseen digits are read right then' },
    { value: percent(best.testAccuracy), label: `were, at epoch ${best.epoch}, where early stopping goes back to` },
    {
      value: percent(sizes.at(-1)![1].at(-1)!.testAccuracy),
      label: `with ${sizes.at(-1)![0].toLocaleString('en')} digits instead of ${count}`,
    },
  ]
  const byCount = (of: (rows: readonly Row[]) => number): [number, number][] =>
    sizes.map(([count, rows]) => [count, 100 * of(rows)])
  const epochs = { x: 'epoch', y: '↑ loss' }
  const sections = [
    {
      title: 'What it looks like',
      text: [
        'The loss on what is learned from falls all the time; that on other digits falls, and then rises. The number is the last one. ' +
          'A network that can learn labels drawn at random can learn anything by heart: that it reads other digits at all is not its size, ' +
          'but what it learns first.',
      ],
      body: panels(
        panel([line('learned from', plain, ({ train }) => train), line('other digits', plain, ({ test }) => test)], {
          title: `${count} digits, no remedy`,
          ...epochs,
        }),
        panel(
          Object.entries(labels).map(([label, rows]) =>
            line(label, rows, ({ trainAccuracy }) => 100 * trainAccuracy, percent(rows.at(-1)!.testAccuracy)),
          ),
          { title: 'By heart; behind it, unseen digits', x: 'epoch', y: '↑ % of its own labels', range: [0, 100] },
        ),
        panel(
          [
            { label: 'learned from', points: byCount((rows) => rows.at(-1)!.trainAccuracy) },
            { label: 'unseen, at the end', points: byCount((rows) => rows.at(-1)!.testAccuracy) },
            { label: 'unseen, stopped early', points: byCount((rows) => bestOf(rows).testAccuracy) },
          ],
          { title: 'More data', x: 'digits', y: '↑ % read as labelled', range: [0, 100], spread: 'doubling' },
        ),
      ),
    },
    {
      title: 'What helps',
      text: [
        'Dropout and weight decay keep the network from learning labels by heart, and slow it down. None of them makes early stopping needless. ' +
          `With a patience of ${patience} epochs, fit ends after ${stopped.length} epochs and keeps the weights of epoch ${bestOf(stopped).epoch}, ` +
          'chosen by other digits that are not those of the test.',
      ],
      body:
        panels(
          panel(
            Object.entries(remedies).map(([label, rows]) => line(label, rows, ({ test }) => test)),
            { title: 'Loss on unseen digits', ...epochs },
          ),
          panel(
            Object.entries(remedies).map(([label, rows]) => line(label, rows, ({ train }) => train)),
            { title: 'Loss on what is learned from', ...epochs },
          ),
          panel(
            Object.entries(remedies).map(([label, rows]) => line(label, rows, ({ weight }) => weight)),
            { title: 'Size of the weights', x: 'epoch', y: '↑ norm' },
          ),
        ) + tableHtml(scoreHeader, scoreRows(results)),
    },
  ]
  return page('Learning by heart', lead, facts, sections)
}
