import { type Code, i32, v128 } from '../assembler/index.js'

/** What reads and writes elements of so many bytes; with `first` it is not said what is in the other lanes. */
const access = {
  1: { splat: v128.load8Splat, first: v128.load8Splat, load: v128.load8Lane, store: v128.store8Lane },
  4: { splat: v128.load32Splat, first: v128.load32Zero, load: v128.load32Lane, store: v128.store32Lane },
  8: { splat: v128.load64Splat, first: v128.load64Zero, load: v128.load64Lane, store: v128.store64Lane },
}
export const accessOf = (bytes: number) => access[bytes as keyof typeof access]

/** Offsets in instructions are not negative, distances may be. */
export const accessAt = <R>(
  access: (address: Code<'i32'>, offset: number) => R,
  address: Code<'i32'>,
  distance: number,
): R => (distance < 0 ? access(i32.add(address, i32.const(distance)), 0) : access(address, distance))

/** Elements at distances in bytes from an address. There may be fewer than lanes: what the others hold is not said. */
export const gathered = (bytes: number, address: Code<'i32'>, [head, ...others]: readonly number[]): Code<'v128'> => {
  const { first, load } = accessOf(bytes)
  return others.reduce(
    (vector, distance, i) => accessAt((from, offset) => load(from, vector, i + 1, offset), address, distance),
    accessAt(first, address, head!),
  )
}
