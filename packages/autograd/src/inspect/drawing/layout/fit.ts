/**
 * Moves members towards the middle until all fit in `limit`, as far as their layers have room: order and distances stay,
 * and what had room stays where it was.
 */
export const fit = (
  layers: readonly (readonly number[])[],
  places: readonly number[],
  distance: (left: number, right: number) => number,
  breadths: readonly number[],
  limit: number,
): number[] => {
  const packed = (layer: readonly number[]): number => {
    let sum = 0
    layer.forEach((v, i) => {
      sum += i === 0 ? breadths[v]! / 2 : distance(layer[i - 1]!, v)
    })
    return layer.length === 0 ? 0 : sum + breadths[layer.at(-1)!]! / 2
  }
  const room = layers.reduce((most, layer) => Math.max(most, packed(layer)), limit)
  const [low, high] = places.reduce(
    ([least, most], place, v) => [Math.min(least, place - breadths[v]! / 2), Math.max(most, place + breadths[v]! / 2)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
  if (high - low <= room) return [...places]
  const mean = places.reduce((sum, place) => sum + place, 0) / places.length
  const start = Math.min(Math.max(mean - room / 2, low), high - room)
  const fitted = [...places]
  for (const layer of layers) {
    let least = 0
    layer.forEach((v, i) => {
      least = i === 0 ? start + breadths[v]! / 2 : least + distance(layer[i - 1]!, v)
      fitted[v] = Math.max(fitted[v]!, least)
    })
    let most = 0
    for (let i = layer.length - 1; i >= 0; i--) {
      const v = layer[i]!
      most = i === layer.length - 1 ? start + room - breadths[v]! / 2 : most - distance(v, layer[i + 1]!)
      fitted[v] = Math.min(fitted[v]!, most)
    }
  }
  return fitted
}
