// In which order boxes stand in their layers, so that few edges cross: K. Sugiyama, S. Tagawa and M. Toda, Methods for visual
// understanding of hierarchical system structures (1981). Each layer in turn is sorted by the mean place of the neighbours in
// the layer before, forth and back, and neighbours change places where that helps; the best of all orders is kept.

/** Boxes and bends in layers; lines lead from one layer to the next. */
export interface Layers {
  /** The members of each layer in order. */
  readonly layers: number[][]
  /** Of each member, what it is connected to in the layer before, and where between -0.5 and 0.5 on its own width. */
  readonly before: readonly Line[][]
  readonly after: readonly Line[][]
}

export interface Line {
  readonly to: number
  /** Where on this member the line begins, and where on the other one it ends: from -0.5 to 0.5. */
  readonly here: number
  readonly there: number
}

const sweeps = 16
/** After so many sweeps without a better order, no more are tried. */
const patience = 5

/** Sorts the members of each layer. */
export const order = ({ layers, before, after }: Layers): void => {
  const places: number[] = []
  const number = (layer: readonly number[]): void => {
    for (let i = 0; i < layer.length; i++) places[layer[i]!] = i
  }
  layers.forEach(number)

  let best = layers.map((layer) => [...layer])
  let least = crossingsOf(layers, after, places)
  let better = 0
  for (let sweep = 0; sweep < sweeps && sweep - better < patience && least > 0; sweep++) {
    const isForth = sweep % 2 === 0
    for (let i = 1; i < layers.length; i++) {
      const at = isForth ? i : layers.length - 1 - i
      sortByNeighbours(layers[at]!, isForth ? before : after, places, sweep % 4 > 1)
      number(layers[at]!)
    }
    exchange(layers, before, after, places)
    const count = crossingsOf(layers, after, places)
    if (count >= least) continue
    least = count
    better = sweep
    best = layers.map((layer) => [...layer])
  }
  best.forEach((layer, i) => {
    layers[i] = layer
  })
}

/** Turns all over if that puts more inputs in the order in which they are given. */
export const mirrored = ({ layers, before }: Layers): void => {
  const places: number[] = []
  for (const layer of layers) for (let i = 0; i < layer.length; i++) places[layer[i]!] = i
  let inOrder = 0
  for (const lines of before) {
    for (let i = 1; i < lines.length; i++) inOrder += Math.sign(places[lines[i]!.to]! - places[lines[i - 1]!.to]!)
  }
  if (inOrder < 0) for (const layer of layers) layer.reverse()
}

/** Members without neighbours keep their places. */
const sortByNeighbours = (
  layer: number[],
  lines: readonly Line[][],
  places: readonly number[],
  flip: boolean,
): void => {
  const keys = new Map<number, number>()
  for (const v of layer) {
    const own = lines[v]!
    if (own.length === 0) continue
    let sum = 0
    for (const { to, there } of own) sum += places[to]! + there
    keys.set(v, sum / own.length)
  }
  const moving = layer.filter((v) => keys.has(v))
  if (flip) moving.reverse()
  moving.sort((a, b) => keys.get(a)! - keys.get(b)!)
  let next = 0
  for (let i = 0; i < layer.length; i++) if (keys.has(layer[i]!)) layer[i] = moving[next++]!
}

const exchange = (
  layers: readonly number[][],
  before: readonly Line[][],
  after: readonly Line[][],
  places: number[],
): void => {
  for (let round = 0, better = true; better && round < 8; round++) {
    better = false
    for (const layer of layers) {
      for (let i = 1; i < layer.length; i++) {
        const [a, b] = [layer[i - 1]!, layer[i]!]
        const gain =
          pairs(before[a]!, before[b]!, places) -
          pairs(before[b]!, before[a]!, places) +
          pairs(after[a]!, after[b]!, places) -
          pairs(after[b]!, after[a]!, places)
        if (gain <= 0) continue
        layer[i - 1] = b
        layer[i] = a
        places[b] = i - 1
        places[a] = i
        better = true
      }
    }
  }
}

/** How often lines cross if `left` stands before `right`. */
const pairs = (left: readonly Line[], right: readonly Line[], places: readonly number[]): number => {
  let count = 0
  for (const l of left) for (const r of right) if (places[l.to]! + l.there > places[r.to]! + r.there) count++
  return count
}

/** How many lines cross, by counting inversions in a tree of sums. */
const crossingsOf = (layers: readonly number[][], after: readonly Line[][], places: readonly number[]): number => {
  let total = 0
  for (let i = 0; i + 1 < layers.length; i++) {
    const ends: number[] = []
    for (const v of layers[i]!) {
      const own = [...after[v]!].sort((a, b) => a.here - b.here || places[a.to]! + a.there - places[b.to]! - b.there)
      for (const { to, there } of own) ends.push(places[to]! + there)
    }
    total += inversions(ends)
  }
  return total
}

const inversions = (values: readonly number[]): number => {
  const ranks = new Map([...new Set(values)].sort((a, b) => a - b).map((value, i) => [value, i + 1]))
  const sums = new Array<number>(ranks.size + 1).fill(0)
  let count = 0
  for (let seen = 0; seen < values.length; seen++) {
    const rank = ranks.get(values[seen]!)!
    let smallerOrEqual = 0
    for (let i = rank; i > 0; i -= i & -i) smallerOrEqual += sums[i]!
    count += seen - smallerOrEqual
    for (let i = rank; i <= ranks.size; i += i & -i) sums[i]!++
  }
  return count
}
