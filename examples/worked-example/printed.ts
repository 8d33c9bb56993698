import type { Lesson } from './by-hand.js'

/** The lesson's numbers as an introductory text prints them, and where it slipped. It rounds to two digits on the way. */
export const printed: readonly {
  readonly quantity: keyof Lesson
  readonly symbol: string
  readonly text: string
  readonly remark: string
}[] = [
  { quantity: 'a1', symbol: 'a1', text: '.21', remark: '' },
  { quantity: 'a2', symbol: 'a2', text: '.315', remark: '' },
  { quantity: 'y3', symbol: 'y3', text: '.56', remark: 'later .57; rounds to .55' },
  { quantity: 'y4', symbol: 'y4', text: '.59', remark: 'later .56; rounds to .58' },
  { quantity: 'a5', symbol: 'a5', text: '', remark: '' },
  { quantity: 'y5', symbol: 'y5', text: '.67', remark: '' },
  { quantity: 'error', symbol: 'E', text: '', remark: '' },
  { quantity: 'delta5', symbol: 'delta5', text: '-.0376', remark: 'from the rounded .67' },
  { quantity: 'delta3', symbol: 'delta3', text: '-.0027', remark: '' },
  { quantity: 'delta4', symbol: 'delta4', text: '-.0819', remark: 'the decimal point slipped' },
  { quantity: 'w23After', symbol: 'w23 new', text: '.877816', remark: 'from -.0376 and .59' },
  { quantity: 'w11After', symbol: 'w11 new', text: '.200945', remark: 'moved the wrong way: a sign slip' },
  { quantity: 'w12After', symbol: 'w12 new', text: '.273225', remark: 'from the slipped delta4' },
  { quantity: 'w13After', symbol: 'w13 new', text: '.086615', remark: 'its own numbers give .2789' },
  { quantity: 'w21After', symbol: 'w21 new', text: '.269445', remark: 'its own numbers give .1981' },
  { quantity: 'w22After', symbol: 'w22 new', text: '.18534', remark: 'from the slipped delta4' },
  { quantity: 'y5After', symbol: 'y5 after', text: '.61', remark: 'reached by about 11 exact updates' },
  { quantity: 'errorAfter', symbol: 'E after', text: '', remark: '' },
]
