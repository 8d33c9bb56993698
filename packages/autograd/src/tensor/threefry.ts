const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const
const parity = 0x1bd11bda

/**
 * Threefry-2x32 with 20 rounds (Salmon et al., 2011): two random words from a key and a counter of two words each.
 */
export const threefry = (key: readonly [number, number], counter: readonly [number, number]): [number, number] => {
  const keys = [key[0], key[1], key[0] ^ key[1] ^ parity] as const
  let x = (counter[0] + keys[0]) | 0
  let y = (counter[1] + keys[1]) | 0
  for (let round = 0; round < 20; round++) {
    const by = rotations[round & 7]!
    x = (x + y) | 0
    y = ((y << by) | (y >>> (32 - by))) ^ x
    if ((round & 3) === 3) {
      const injection = (round >> 2) + 1
      x = (x + keys[(injection % 3) as 0 | 1 | 2]) | 0
      y = (y + keys[((injection + 1) % 3) as 0 | 1 | 2] + injection) | 0
    }
  }
  return [x >>> 0, y >>> 0]
}
