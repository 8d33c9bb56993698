import type { RunOptions } from '../support/script.js'
import { byCurve, byInit, curesOfSigmoid, curesOfSmall, digits, gradientsOf, train, trained } from './depth.js'
import { descend, recurrent, throughTime } from './time.js'

export type Norms = Readonly<Record<string, readonly number[]>>

/** What the picture shows. */
export interface Results {
  readonly depth: number
  /** Norms of gradients, by kind of network and layer. */
  readonly curves: Norms
  readonly inits: Norms
  readonly sigmoid: Norms
  readonly small: Norms
  /** Of the first layer, by kind and depth. */
  readonly depths: Readonly<Record<string, readonly (readonly [depth: number, gradient: number])[]>>
  /** Of the derivative of the last output, by kind and step. */
  readonly time: Norms
  readonly clipped: Readonly<Record<'with' | 'without', ReturnType<typeof descend>>>
  readonly trainedDepth: number
  readonly training: Readonly<Record<string, Awaited<ReturnType<typeof train>>>>
}

const mapped = <A, B>(things: Readonly<Record<string, A>>, f: (thing: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(things).map(([name, thing]) => [name, f(thing)]))

/** All of it; in short mode less. */
export const measure = async (options: RunOptions): Promise<Results> => {
  const { short = false } = options
  const batch = digits(short ? 50 : 200)
  const depth = short ? 12 : 50
  const trainedDepth = short ? 8 : 30
  const byLayer = (kinds: typeof byCurve): Norms => mapped(kinds, (kind) => gradientsOf(kind, depth, batch))

  const curves = byLayer(byCurve)
  const inits = byLayer(byInit)
  const several = { sigmoid: byCurve.sigmoid!, ...byInit }
  const depths = mapped(several, (kind) =>
    (short ? [2, 6, 12] : [2, 5, 10, 20, 35, 50]).map((depth) => [depth, gradientsOf(kind, depth, batch)[0]!] as const),
  )
  const sigmoid = byLayer(curesOfSigmoid)
  const small = byLayer(curesOfSmall)
  const time = mapped(recurrent, (make) => throughTime(make(), short ? 30 : 100))
  const descents = short ? 150 : 2_000
  const clipped = { without: descend(descents, Number.POSITIVE_INFINITY), with: descend(descents, 1) }

  const training: Record<string, Awaited<ReturnType<typeof train>>> = {}
  const some = digits(short ? 200 : 1_000)
  for (const [name, kind] of Object.entries(trained))
    training[name] = await train(kind, trainedDepth, some, short ? 3 : 15, name, options)
  return { depth, curves, inits, sigmoid, small, depths, time, clipped, trainedDepth, training }
}
