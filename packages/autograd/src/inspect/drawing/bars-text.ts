import { scaleOf } from './bar-scale.js'
import { notesOf } from './bars-svg.js'
import { digits } from './numbers.js'
import type { Bars } from './small.js'
import type { Quantity } from './theme.js'

/** Ends of bars, by eighths of a character. */
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
const colours: Readonly<Record<Quantity, number>> = { value: 33, adjoint: 172, tangent: 37, local: 98 }

export const barsText = (chart: Bars): string => {
  const { bars, dtype, quantity, options } = chart
  const { title, characters = 80, ansi = false } = options
  const scale = scaleOf(chart)
  const numbers = bars.map(({ value }) => digits(value, { dtype }))
  const labelRoom = Math.min(Math.floor(characters * 0.35), Math.max(0, ...bars.map(({ label }) => [...label].length)))
  const numberRoom = Math.max(0, ...numbers.map((text) => text.length))
  const room = Math.max(4, characters - labelRoom - numberRoom - 4)
  const before = Math.round(scale.origin * room)
  const paint = (text: string) => (ansi && text !== '' ? `\u001b[38;5;${colours[quantity]}m${text}\u001b[0m` : text)
  const lines = bars.map(({ label, value }, i) => {
    const name = [...label].length <= labelRoom ? label : `${[...label].slice(0, labelRoom - 1).join('')}…`
    const share = Number.isFinite(value) ? Math.abs(scale.at(value) - scale.origin) : 0
    const length = Math.min(before, Math.round(share * room))
    const bar =
      value < 0
        ? ' '.repeat(before - length) + paint('▒'.repeat(length)) + ' '.repeat(room - before)
        : ' '.repeat(before) + positive(share * room, room - before, paint)
    return `${name.padEnd(labelRoom)}  ${bar}  ${numbers[i]!.padStart(numberRoom)}`.trimEnd()
  })
  const ends = scale.ends?.map((end) => digits(end))
  const axis =
    ends === undefined ? [] : [`${' '.repeat(labelRoom + 2)}${ends[0]!.padEnd(room - ends[1]!.length)}${ends[1]}`]
  return [
    ...(title === undefined ? [] : [title]),
    ...(bars.length === 0 ? ['no numbers'] : lines),
    ...axis,
    ...notesOf(chart),
  ].join('\n')
}

const positive = (length: number, room: number, paint: (text: string) => string): string => {
  const whole = Math.min(room, Math.floor(length))
  const part = whole < room ? eighths[Math.floor((length - whole) * 8)]! : ''
  const sliver = whole === 0 && part === '' && length > 0 ? '▏' : part
  return paint('█'.repeat(whole) + sliver) + ' '.repeat(Math.max(0, room - whole - (sliver === '' ? 0 : 1)))
}
