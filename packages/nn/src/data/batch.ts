import type { AnyTensor, Random, Tensor } from '@adjoint/autograd'

/** Some examples and their targets, along the first axis. */
export interface Batch<X extends AnyTensor = Tensor, Y extends AnyTensor = Tensor> {
  /** What the model is given. */
  readonly x: X
  /** What it should say. */
  readonly y: Y
  /** How many of the examples count, the first ones; what follows only fills the batch up. Default all. */
  readonly examples?: number
}

/** Batches to go through, once an epoch: an array, what `batches()` gives, or any other iterable that can be read again. */
export type Data = Iterable<Batch<AnyTensor, AnyTensor>> | AsyncIterable<Batch<AnyTensor, AnyTensor>>

/**
 * What data may have besides, so that a training can be resumed in the middle of an epoch. Data that draws, as shuffled
 * batches do, draws everything at the moment when its iterator is made or `from` is called, and from one generator: with
 * the state that the generator had then, `from` gives the rest of the same epoch.
 */
export interface Resumable {
  /** What is drawn from; undefined where nothing is drawn. */
  readonly random?: Random | undefined
  /**
   * The epoch that would begin now, without its first batches.
   *
   * @param batch how many batches to leave out
   */
  from(batch: number): Data
}

/** How many examples of a batch count. */
export const examplesOf = ({ x, examples }: Batch<AnyTensor, AnyTensor>): number => examples ?? x.shape[0] ?? 1
