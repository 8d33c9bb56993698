import { countDown, i32, increase, type Local, type Scope, type Statement } from '../assembler/index.js'

/** Parts of an axis, one after another: `count` of `size` places each. */
export interface Part {
  readonly count: number
  readonly size: number
}

/** An axis in blocks, and what is left. */
export const blocksOf = (length: number, block: number): Part[] => {
  const rest = length % block
  return [
    { count: Math.floor(length / block), size: block },
    { count: rest === 0 ? 0 : 1, size: rest },
  ].filter(({ count }) => count > 0)
}

/** An address that moves along an axis, by so many bytes from place to place. */
export type Mover = readonly [address: Local<'i32'>, step: number]

/** The body for each part of an axis, the addresses moving along. In the end they are where they started. */
export const sweep = (
  scope: Scope,
  parts: readonly Part[],
  movers: readonly Mover[],
  body: (size: number) => Statement,
): Statement => {
  const moving = movers.filter(([, step]) => step !== 0)
  const move = (places: number): Statement =>
    moving.map(([address, step]) => increase(address, i32.const(places * step)))
  if (parts.length === 1 && parts[0]!.count === 1) return body(parts[0]!.size)
  const length = parts.reduce((sum, { count, size }) => sum + count * size, 0)
  return [
    parts.map(({ count, size }) => {
      const round = [body(size), move(size)]
      if (count === 1) return round
      const left = scope.local('i32')
      return [left.set(i32.const(count)), countDown(left, 1, round)]
    }),
    move(-length),
  ]
}
