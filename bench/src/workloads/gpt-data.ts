import { Numbers, type Weights } from './numbers.js'

/** One block's parameters. Linear weights are [inputs, outputs]. */
export interface Block<P> {
  readonly norm1: { readonly scale: P; readonly shift: P }
  /** Queries, keys and values side by side. */
  readonly qkv: { readonly weight: P; readonly bias: P }
  readonly projection: { readonly weight: P; readonly bias: P }
  readonly norm2: { readonly scale: P; readonly shift: P }
  readonly expand: { readonly weight: P; readonly bias: P }
  readonly contract: { readonly weight: P; readonly bias: P }
}

export interface Parameters<P> {
  readonly token: P
  readonly position: P
  readonly blocks: readonly Block<P>[]
  readonly norm: { readonly scale: P; readonly shift: P }
  readonly head: { readonly weight: P; readonly bias: P }
}

/** A batch of text and a model before its first step. */
export interface Gpt {
  readonly batch: number
  readonly time: number
  readonly width: number
  readonly heads: number
  readonly vocabulary: number
  /** [batch, time] */
  readonly tokens: Int32Array
  readonly targets: Int32Array
  readonly parameters: Parameters<Weights>
  readonly learningRate: number
  readonly weightDecay: number
}

export const gptData = (): Gpt => {
  const [batch, time, width, heads, vocabulary] = [16, 64, 64, 4, 65]
  const numbers = new Numbers()
  const table = (rows: number): Weights => ({
    shape: [rows, width],
    values: numbers.uniform(rows * width, 0.1),
  })
  const norm = () => ({
    scale: { shape: [width], values: new Float32Array(width).fill(1) },
    shift: { shape: [width], values: new Float32Array(width) },
  })
  const block = (): Block<Weights> => ({
    norm1: norm(),
    qkv: numbers.linear(width, 3 * width),
    projection: numbers.linear(width, width),
    norm2: norm(),
    expand: numbers.linear(width, 4 * width),
    contract: numbers.linear(4 * width, width),
  })
  return {
    batch,
    time,
    width,
    heads,
    vocabulary,
    tokens: numbers.integers(batch * time, vocabulary),
    targets: numbers.integers(batch * time, vocabulary),
    parameters: {
      token: table(vocabulary),
      position: table(time),
      blocks: [block(), block()],
      norm: norm(),
      head: numbers.linear(width, vocabulary),
    },
    learningRate: 1e-3,
    weightDecay: 0.1,
  }
}
