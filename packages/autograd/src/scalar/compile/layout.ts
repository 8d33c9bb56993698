import { constantCode, inputCode, none, resultCode } from '../recording/codes.js'
import { type LoopInput, operandsOf, type Recording } from '../recording/recording.js'
import { type Arrangement, arranged, type Store, Words, wordSize } from './arrange.js'
import type { LoopPlan, Plan } from './plan.js'

/** Where the numbers of a program are, in its functions and in memory. */
export interface Layout {
  readonly code: Arrangement
  /** By the nodes of loops. */
  readonly loops: ReadonlyMap<number, LoopLayout>
  /** Results that are constants, inputs, or there twice. */
  readonly copies: readonly Store[]
  /** Numbers that are known. */
  readonly data: readonly Float64Array[]
  /** Numbers in memory: inputs, results, and what functions hand on. */
  readonly words: number
}

/** Known numbers that are put into memory, of the data those from one byte on. */
export interface Known {
  readonly to: number
  readonly from: number
  readonly bytes: number
}

/** The rounds of a loop in memory. */
export interface LoopLayout {
  /** What is put into memory before the first: numbers that are known, and after them others. */
  readonly known: readonly Known[]
  readonly before: readonly Store[]
  readonly round: Arrangement
  readonly count: number
  readonly isReversed: boolean
}

export const layoutOf = (plan: Plan): Layout => {
  const { recording, inputs, outputs, order, guards } = plan
  const { size } = recording
  const words = new Words(inputs + outputs.length)
  const address = new Int32Array(size).fill(none)
  const stride = new Int32Array(size)
  for (let node = 0; node < size && node < inputs; node++) address[node] = node * wordSize
  const wanted = new Map<number, number>()
  outputs.forEach((node, i) => {
    if (!wanted.has(node)) wanted.set(node, (inputs + i) * wordSize)
  })
  const places = new Map<number, Places>()
  for (const [node, loop] of plan.loops) places.set(node, placesOf(plan, loop, wanted, address, words))

  const isComputed = new Uint8Array(size)
  for (const node of order) isComputed[node] = 1
  const copies: Store[] = []
  outputs.forEach((node, i) => {
    const to = (inputs + i) * wordSize
    if (address[node] === to) return
    if (isComputed[node] === 0 || address[node] !== none) copies.push({ node, to, stride: 0 })
    else address[node] = to
  })
  const alone = (node: number) => {
    const loop = plan.loops.get(node)
    return loop === undefined ? null : operandsOf(loop.loop)
  }
  const code = arranged({ recording, order, address, stride, guards, stores: [], commits: [], alone, words })
  const around: Around = { recording, address, words, data: [], columns: [] }
  const loops = new Map(
    [...plan.loops].map(([node, loop]) => [node, loopLayoutOf(around, loop, places.get(node)!)] as const),
  )
  const { data } = around
  return { code, loops, copies, data, words: words.used }
}

/** Where a loop leaves what is needed of it. */
interface Places {
  /** Of carries, by their inputs. */
  readonly carries: ReadonlyMap<number, number>
  /** Of outputs, a word for each round, by their numbers. */
  readonly outputs: ReadonlyMap<number, Strip>
}

/** Words at equal distances. */
interface Strip {
  readonly to: number
  readonly stride: number
}

/** @param wanted where results of the program are to be */
const placesOf = (
  { recording }: Plan,
  { loop, results }: LoopPlan,
  wanted: ReadonlyMap<number, number>,
  address: Int32Array,
  words: Words,
): Places => {
  const carries = new Map<number, number>()
  const given = new Map<number, Int32Array>()
  loop.inputs.forEach((input, i) => {
    if (input.kind === 'carry') carries.set(i, words.take(1))
  })
  for (const result of results) {
    const [number, round] = [recording.b[result]!, recording.c[result]!]
    if (round === none) {
      address[result] = carries.get(number)!
      continue
    }
    if (!given.has(number)) given.set(number, new Int32Array(loop.count).fill(none))
    given.get(number)![round] = result
  }
  const outputs = new Map<number, Strip>()
  for (const [number, nodes] of given) {
    const strip = atOnce(nodes, wanted) ?? { to: words.take(loop.count), stride: wordSize }
    outputs.set(number, strip)
    nodes.forEach((node, round) => {
      if (node !== none) address[node] = strip.to + round * strip.stride
    })
  }
  return { carries, outputs }
}

/** What loops share. */
interface Around {
  readonly recording: Recording
  /** Of the nodes around them. */
  readonly address: Int32Array
  readonly words: Words
  readonly data: Float64Array[]
  /** Nodes that have been put side by side for an earlier loop. */
  readonly columns: { readonly nodes: ArrayLike<number>; readonly to: number }[]
}

/** Where the program's own results are to be, if these are such at equal distances. */
const atOnce = (nodes: Int32Array, wanted: ReadonlyMap<number, number>): Strip | null => {
  const to = wanted.get(nodes[0]!)
  const stride = (wanted.get(nodes[1]!) ?? 0) - (to ?? 0)
  if (to === undefined || stride <= 0) return null
  return nodes.every((node, round) => wanted.get(node) === to + round * stride) ? { to, stride } : null
}

const loopLayoutOf = (around: Around, { loop, order }: LoopPlan, places: Places): LoopLayout => {
  const { recording, words, data, columns } = around
  const { body, inputs, count, isReversed } = loop
  const known: Known[] = []
  const before: Store[] = []
  /** A column that is known, or in part, is there at once: data. */
  const put = (nodes: ArrayLike<number>): number => {
    const same = columns.find((column) => isSame(column.nodes, nodes))
    if (same !== undefined) return same.to
    const to = words.take(nodes.length)
    columns.push({ nodes, to })
    const isKnown = Array.from(nodes, (node) => recording.code[node] === constantCode)
    if (isKnown.includes(true)) {
      const numbers = Float64Array.from(nodes, (node, i) => (isKnown[i] ? recording.value[node]! : 0))
      known.push({ to, from: bytesOf(data), bytes: numbers.byteLength })
      data.push(numbers)
    }
    for (let i = 0; i < nodes.length; i++) {
      if (!isKnown[i]) before.push({ node: nodes[i]!, to: to + i * wordSize, stride: 0 })
    }
    return to
  }
  /** Where an input is in the first round, and how far from there in the next. */
  const whereIs = (input: LoopInput, i: number): readonly [address: number, stride: number] => {
    switch (input.kind) {
      case 'carry':
        before.push({ node: input.initial, to: places.carries.get(i)!, stride: 0 })
        return [places.carries.get(i)!, 0]
      case 'invariant':
        return [recording.code[input.node] === constantCode ? put([input.node]) : around.address[input.node]!, 0]
      case 'column':
        return inLine(input.nodes) ?? [put(input.nodes), wordSize]
      case 'unused':
        return [none, 0]
    }
  }
  /** The place of nodes that lie in memory at equal distances, for good. */
  const inLine = (nodes: ArrayLike<number>): readonly [address: number, stride: number] | null => {
    const stride = around.address[nodes[1]!]! - around.address[nodes[0]!]!
    for (let i = 0; i < nodes.length; i++) {
      const code = recording.code[nodes[i]!]
      if (code !== inputCode && code !== resultCode) return null
      if (around.address[nodes[i]!]! !== around.address[nodes[0]!]! + i * stride) return null
    }
    return stride < 0 ? null : [around.address[nodes[0]!]!, stride]
  }
  const address = new Int32Array(body.size).fill(none)
  const stride = new Int32Array(body.size)
  const commits: Store[] = []
  inputs.forEach((input, i) => {
    const node = body.inputs[i]
    const [where, step] = whereIs(input, i)
    if (node !== undefined) {
      address[node] = where
      stride[node] = step
    }
    if (input.kind === 'carry') commits.push({ node: input.next, to: where, stride: 0 })
  })
  const stores: Store[] = [...places.outputs].map(([number, strip]) => ({
    node: number < loop.outputs.length ? loop.outputs[number]! : body.inputs[number - loop.outputs.length]!,
    ...strip,
  }))
  const alone = () => null
  const round = arranged({ recording: body, order, address, stride, guards: [], stores, commits, alone, words })
  return { known, before, round, count, isReversed }
}

const isSame = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** How many there are of all these numbers. */
export const bytesOf = (data: readonly Float64Array[]): number =>
  data.reduce((sum, { byteLength }) => sum + byteLength, 0)
