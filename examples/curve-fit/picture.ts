import { page } from '../report/page.js'
import { brief, panel, panels } from '../report/panels.js'
import type { Fits } from './fits.js'

/** Of the fits, those that are shown as lines: about a narrow one, a middle one and a wide one. */
const shownOf = ({ fits }: Fits) => [fits[0]!, fits[Math.floor((fits.length - 1) / 2)]!, fits.at(-1)!]

const fitPanel = (curve: Fits): string =>
  panel(
    shownOf(curve).map(({ width, fitted, error }) => ({
      label: `${width} ${width === 1 ? 'neuron' : 'neurons'}`,
      points: curve.points.map(([x], i) => [x, fitted.data[i]!]),
      note: brief(error),
    })),
    { title: `Points of ${curve.name}`, x: 'x', y: '↑ y', dots: curve.points },
  )

export const picture = (curves: readonly Fits[]): string => {
  const errors = curves.map(({ name, fits }) => ({
    label: name,
    points: fits.map(({ width, error }) => [width, error] as const),
    note: brief(fits.at(-1)!.error),
  }))
  const widest = curves[0]!.fits.at(-1)!.width
  const lead =
    'A hidden neuron with tanh is a soft step that can be moved, scaled and sharpened. Enough of them, added up, follow any curve ' +
    'as closely as one likes. That there is such a network is a theorem (Cybenko 1989); that training finds it is experience.'
  const facts = curves.flatMap(({ name, fits }) => [
    { value: brief(fits[0]!.error), label: `is the error of one neuron on ${name}` },
    { value: brief(fits.at(-1)!.error), label: `that of ${widest}` },
  ])
  const sections = [
    {
      title: 'Wider, closer',
      text: [
        'The number behind each is the root of its mean squared error. The curve of a formula is smooth, and eight soft steps nearly do. The drawn ' +
          'ridge has corners, which they round off: it takes many, and steep ones.',
      ],
      body: panels(
        ...curves.map(fitPanel),
        panel(errors, {
          title: 'Error by width',
          x: 'hidden neurons',
          y: '↑ error',
          logarithmic: true,
          spread: 'doubling',
        }),
      ),
    },
  ]
  return page('Any curve, if the layer is wide enough', lead, facts, sections)
}
