import { noGrad, type Random, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { buffer, Dropout, Embedding, Linear, LSTM, Module, TransformerEncoder } from '@adjoint/nn'
import type { Reader } from './reader.js'

type Characters = Tensor<[number, number]>
type Scores = Tensor<[number, number, number]>

/** How large a model is. */
interface Size {
  readonly features: number
  readonly dropout: number
  readonly random: Random
}

/**
 * Characters [batch, time] to scores of what is next [batch, time, characters], by a state that is handed on from one to the
 * next. In training a batch goes on where the one before has ended, from its state, but derivatives do not go back there.
 */
export class LstmModel extends Module {
  private readonly embedding: Embedding<number, number>
  private readonly lstm: LSTM<number, number>
  private readonly dropout: Dropout
  private readonly output: Linear<number, number>
  private readonly hidden: Tensor
  private readonly cell: Tensor

  constructor(characters: number, batch: number, { features, dropout, random }: Size) {
    super()
    this.embedding = new Embedding(characters, 32, { random })
    this.lstm = new LSTM(32, features, { forgetBias: 1, random })
    this.dropout = new Dropout(dropout, { random })
    this.output = new Linear(features, characters, { random })
    this.hidden = buffer(zeros([1, batch, features])) as Tensor
    this.cell = buffer(zeros([1, batch, features])) as Tensor
  }

  forward(x: Characters): Scores {
    const given = this.training ? { hidden: this.hidden, cell: this.cell } : null
    const { output, state } = this.lstm.forward(this.embedding.forward(x), given)
    if (this.training) {
      this.setBuffer('hidden', state.hidden)
      this.setBuffer('cell', state.cell)
    }
    return this.output.forward(this.dropout.forward(output))
  }

  reader(): Reader {
    let state: ReturnType<LstmModel['lstm']['forward']>['state'] | null = null
    return (character) =>
      noGrad(() => {
        const passed = this.lstm.forward(this.embedding.forward(single(character)), state)
        state = passed.state
        return this.output.forward(passed.output).softmax(-1).data
      })
  }
}

/**
 * Characters [batch, time] to scores of what is next, by looking back at all that were before: a transformer as GPT is one,
 * whose queries and keys are turned by their positions.
 */
export class TransformerModel extends Module {
  private readonly embedding: Embedding<number, number>
  private readonly encoder: TransformerEncoder<number>
  private readonly dropout: Dropout
  private readonly output: Linear<number, number>

  /** @param context how far back it looks when it reads */
  constructor(
    characters: number,
    readonly context: number,
    { features, layers, dropout, random }: Size & { readonly layers: number },
  ) {
    super()
    this.embedding = new Embedding(characters, features, { random })
    this.encoder = new TransformerEncoder(layers, features, 4, {
      normFirst: true,
      activation: 'geluTanh',
      rotary: true,
      dropout,
      random,
    })
    this.dropout = new Dropout(dropout, { random })
    this.output = new Linear(features, characters, { random })
  }

  forward(x: Characters): Scores {
    const read = this.encoder.forward(this.dropout.forward(this.embedding.forward(x)), { causal: true })
    return this.output.forward(read)
  }

  /** The weight of each character for what comes after the last, [layer][head][character]. */
  attention(characters: readonly number[]): number[][][] {
    return noGrad(() => {
      let x: Tensor = this.embedding.forward(tensor([...characters], { dtype: 'int32' }))
      return this.encoder.layers.map((layer) => {
        const weights = layer.attention.weights(layer.attentionNorm.forward(x), { causal: true })
        x = layer.forward(x, { causal: true })
        return Array.from({ length: layer.attention.heads }, (_, head) => [...weights.at(head, -1).data])
      })
    })
  }

  /** It keeps keys and values of what it has read; where there is no more room, it reads the last half of that again. */
  reader(): Reader {
    let cache = this.encoder.cache(this.context, [1])
    let read: number[] = []
    const next = (character: number) => {
      const passed = this.encoder.forward(this.embedding.forward(single(character)), { cache })
      cache = passed.cache
      return this.output.forward(passed.output).softmax(-1).data
    }
    return (character) =>
      noGrad(() => {
        if (read.length === this.context) {
          read = read.slice(this.context / 2)
          cache = this.encoder.cache(this.context, [1])
          for (const before of read) next(before)
        }
        read.push(character)
        return next(character)
      })
  }
}

const single = (character: number) => tensor([[character]], { dtype: 'int32' })
