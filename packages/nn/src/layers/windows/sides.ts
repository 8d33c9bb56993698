import { type Kind, kinds, type SpatialRank } from '@adjoint/autograd'
import { requireOption } from '../../errors.js'

// What layers take that work on one, two or three axes behind [batch, channels].

/** The names of the axes behind the channels. */
export const axisNames: Readonly<Record<SpatialRank, string>> = {
  1: 'length',
  2: 'height, width',
  3: 'depth, height, width',
}

const ofEach: Readonly<Record<SpatialRank, string>> = {
  1: '',
  2: ', or one for the height and one for the width: [2, 1]',
  3: ', or one for the depth, the height and the width: [2, 1, 1]',
}

const areNumbers = (thing: unknown): thing is readonly number[] =>
  Array.isArray(thing) && thing.every((item) => typeof item === 'number')

/** A number for all of so many axes, or one for each. */
export const sidesKind = (rank: SpatialRank): Kind =>
  kinds.kind(
    `a number${ofEach[rank]}`,
    (thing) => typeof thing === 'number' || (areNumbers(thing) && thing.length === rank),
  )

/** The same, of as many axes as there are. */
export const anySides: Kind = kinds.kind(
  'a number, or one for each axis behind [batch, channels]',
  (thing) => typeof thing === 'number' || (areNumbers(thing) && thing.length > 0),
)

/** One number for all axes, or one for each. */
export type Sides = number | readonly number[]

/** One for each axis. */
export const each = (sides: Sides, rank: number): readonly number[] =>
  typeof sides === 'number' ? new Array<number>(rank).fill(sides) : sides

/** Throws unless these are integers of at least so much. */
export const requireSides = (owner: string, name: string, sides: Sides, least: 0 | 1): void => {
  const holds = each(sides, 1).every((number) => Number.isSafeInteger(number) && number >= least)
  requireOption(owner, name, shownSides(sides), holds, `integers of at least ${least}`)
}

const shownSides = (sides: Sides): string => (typeof sides === 'number' ? `${sides}` : `[${sides.join(', ')}]`)
