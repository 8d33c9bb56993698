/** A width and a height in px. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** A place in a picture, in px from its left upper corner. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** An edge to be drawn, from one box to another, by their places. */
export interface Link {
  readonly from: number
  readonly to: number
  /** What stands on it. It gets room of its own. */
  readonly label?: Size
  /** Where on the side of its box it has to begin or end, in px from the middle of the side. */
  readonly leaves?: number
  readonly arrives?: number
}

/** Lying: from left to right. Standing: top down. */
export type Direction = 'right' | 'down'

export interface LayoutOptions {
  readonly direction: Direction
  /** The least distance of boxes in one layer. */
  readonly between: number
  /** The least distance of layers. */
  readonly apart: number
  /** Layers are split where they would be broader than this, if that is possible. */
  readonly limit?: number
}

/** How an edge runs. */
export interface Route {
  /** The curve, in the language of SVG paths. It begins and ends at the sides of its boxes, or begins on a longer link. */
  readonly path: string
  /** Whether it leaves its first box together with a longer link, which is drawn that far. */
  readonly isBranch: boolean
  readonly start: Point
  readonly end: Point
  /** The middle of its label. */
  readonly label: Point | null
}

export interface Layout extends Size {
  /** The middle of each box. */
  readonly boxes: readonly Point[]
  readonly routes: readonly Route[]
}
