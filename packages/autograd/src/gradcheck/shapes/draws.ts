import * as fc from 'fast-check'
import { allocate } from '../../graph/dtype.js'
import { contiguousStrides, type Shape, sizeOf, unravel } from '../../graph/shape.js'
import { fromData } from '../../tensor/creation.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Layout, TensorLayout } from './layout.js'
import { inRange, simpler, simplicities, valueOf } from './values.js'

/** What was drawn. */
export interface Draw {
  readonly sizes: ReadonlyMap<string, number>
  /** By name where an axis of that size begins in the largest. */
  readonly starts: ReadonlyMap<string, number>
  /** Of each axis of each tensor, whether it is 1 to be broadcast. */
  readonly ones: readonly (readonly boolean[])[]
  /** Of each tensor the elements of the largest that it may be: those of a smaller one are a block of them. */
  readonly elements: readonly Float64Array[]
}

/** Draws of what a layout says, which shrink to the smallest sizes first, and then to simple elements. */
export class Draws extends fc.Arbitrary<Draw> {
  private readonly layout: Layout
  private readonly largest: readonly Shape[]

  constructor(layout: Layout) {
    super()
    this.layout = layout
    this.largest = layout.tensors.map(({ axes }) => axes.map(({ name }) => Math.max(1, layout.sizes.get(name)![1])))
  }

  override generate(random: fc.Random): fc.Value<Draw> {
    const { sizes, tensors } = this.layout
    return valued({
      sizes: new Map([...sizes].map(([name, [least, greatest]]) => [name, random.nextInt(least, greatest)])),
      starts: new Map([...sizes.keys()].map((name) => [name, 0])),
      ones: tensors.map(({ axes }) => axes.map(({ isBroadcast }) => isBroadcast && random.nextInt(0, 2) === 0)),
      elements: tensors.map((tensor, t) =>
        Float64Array.from({ length: sizeOf(this.largest[t]!) }, () => inRange(tensor, random.nextDouble())),
      ),
    })
  }

  /** A draw is all that shrinking needs. */
  override canShrinkWithoutContext(_value: unknown): _value is Draw {
    return true
  }

  override shrink(draw: Draw): fc.Stream<fc.Value<Draw>> {
    return fc.stream(this.smaller(draw)).map(valued)
  }

  tensors(draw: Draw): Tensor[] {
    return this.layout.tensors.map((tensor, t) => {
      const { dtype } = tensor
      const places = this.places(draw, t)
      const data = allocate(dtype, places.length)
      data.set(places.map((place) => valueOf(tensor, draw.elements[t]![place]!, draw.sizes)))
      return fromData(data, shapeOf(tensor, t, draw), dtype)
    })
  }

  private *smaller(draw: Draw): Generator<Draw> {
    const { sizes, ones, elements } = draw
    for (const [name, size] of sizes) yield* this.shortened(draw, [name], size)
    // sizes that must be the same can shrink together alone
    for (const size of new Set(sizes.values())) {
      const names = [...sizes.keys()].filter((name) => sizes.get(name) === size)
      if (names.length > 1) yield* this.shortened(draw, names, size)
    }
    for (const [t, axes] of ones.entries()) {
      for (const [axis, isOne] of axes.entries()) {
        if (isOne) yield { ...draw, ones: ones.with(t, axes.with(axis, false)) }
      }
    }
    // all elements of a tensor, then each
    for (const t of elements.keys()) yield* this.simplified(draw, t, [this.places(draw, t)])
    for (const t of elements.keys()) {
      const places = this.places(draw, t)
      yield* this.simplified(
        draw,
        t,
        places.map((place) => [place]),
      )
    }
  }

  /** With less of a size that some names have, the least that they may have first: what stands in front of it, or the end. */
  private *shortened(draw: Draw, names: readonly string[], size: number): Generator<Draw> {
    const least = Math.max(...names.map((name) => this.layout.sizes.get(name)![0]))
    for (const next of below(size, least)) {
      const sizes = new Map([...draw.sizes, ...names.map((name) => [name, next] as const)])
      const later = names.map((name) => [name, draw.starts.get(name)! + size - next] as const)
      yield { ...draw, sizes }
      yield { ...draw, sizes, starts: new Map([...draw.starts, ...later]) }
    }
  }

  /** With simpler elements at one set of places after the other. */
  private *simplified(draw: Draw, t: number, sets: readonly (readonly number[])[]): Generator<Draw> {
    const tensor = this.layout.tensors[t]!
    for (const places of sets) {
      for (const simplicity of simplicities) {
        const next = draw.elements[t]!.slice()
        for (const place of places) next[place] = simpler(tensor, next[place]!, simplicity)
        const isOther = places.some((place) => next[place] !== draw.elements[t]![place])
        if (isOther) yield { ...draw, elements: draw.elements.with(t, next) }
      }
    }
  }

  /** Where the elements of a tensor stand among those of the largest. */
  private places(draw: Draw, t: number): number[] {
    const { axes } = this.layout.tensors[t]!
    const shape = shapeOf(this.layout.tensors[t]!, t, draw)
    const starts = axes.map(({ name }, axis) => (draw.ones[t]![axis] ? 0 : draw.starts.get(name)!))
    const strides = contiguousStrides(this.largest[t]!)
    return Array.from({ length: sizeOf(shape) }, (_, position) =>
      unravel(position, shape).reduce((place, index, axis) => place + (starts[axis]! + index) * strides[axis]!, 0),
    )
  }
}

/** So many smaller sizes are all tried, of more a few. */
const patience = 8

const below = (size: number, least: number): readonly number[] => {
  if (size - least <= patience) return Array.from({ length: Math.max(0, size - least) }, (_, k) => least + k)
  const found: number[] = []
  for (let less = size - least; less > 0; less = Math.floor(less / 2)) found.push(size - less)
  return found
}

const valued = (draw: Draw): fc.Value<Draw> => new fc.Value(draw, undefined)

const shapeOf = ({ axes }: TensorLayout, t: number, { sizes, ones }: Draw): Shape =>
  axes.map(({ name }, axis) => (ones[t]![axis] ? 1 : sizes.get(name)!))
