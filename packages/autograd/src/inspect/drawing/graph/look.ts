/** Sizes of everything in a drawing: usual ones, and slim ones for narrow screens. */
export interface Look {
  /** Of names and numbers in boxes. */
  readonly text: number
  /** Of captions, and of what stands in pills and cells. */
  readonly small: number
  /** Significant digits of scalars, and of elements. */
  readonly digits: number
  readonly elementDigits: number
  /** Between the side of a box and what is in it. */
  readonly pad: number
  /** The height of a line of text. */
  readonly row: number
  /** The most that a name, and a caption, takes of the width. */
  readonly name: number
  readonly caption: number
  /** Numbers are written in cells up to so many columns. */
  readonly columns: number
  /** The least distances of boxes in a layer, and of layers. */
  readonly between: number
  readonly apart: number
}

export const usual: Look = {
  text: 13,
  small: 11.6,
  digits: 5,
  elementDigits: 4,
  pad: 10,
  row: 24,
  name: 170,
  caption: 130,
  columns: 4,
  between: 18,
  apart: 38,
}

export const slim: Look = {
  text: 11.6,
  small: 10.7,
  digits: 4,
  elementDigits: 3,
  pad: 7,
  row: 21,
  name: 110,
  caption: 84,
  columns: 3,
  between: 10,
  apart: 30,
}
