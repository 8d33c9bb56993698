import {
  anyLength,
  type Contract,
  type Cumulate,
  type Gather,
  type Kernel,
  type MapKernel,
  type Reduce,
  type Scatter,
} from '../../graph/kernel.js'
import { formatShape, sizeOf } from '../../graph/shape.js'
import type { Spec } from '../../graph/value.js'

/** All that plans know of a kind of kernel that is a step by itself. */
interface StepKind<K extends Kernel> {
  /** What it does, for a reader. */
  readonly words: (kernel: K) => string
  /** On elements; none for what only moves them. */
  readonly operations?: (inputs: readonly Spec[]) => number
  /** Whether it runs what may throw. */
  readonly mayThrow?: true
  /** Of one that looks up its second input in its first: the axis, and whether indices may be negative. */
  readonly indices?: (kernel: K) => Pick<Gather, 'axis' | 'negatives'>
  /** Of one whose first result is places: how many places there are, from 0 on. */
  readonly places?: (kernel: K, inputs: readonly Spec[]) => number | null
}

/** Others are computed together with their neighbours. */
type Alone = Exclude<Kernel, MapKernel | Reduce | Contract>

const sizeOfFirst = ([x]: readonly Spec[]): number => sizeOf(x!.shape)
const sizeOfLast = (inputs: readonly Spec[]): number => sizeOf(inputs.at(-1)!.shape)
const dimOf = ({ axis }: { readonly axis: number }, [x]: readonly Spec[]): number => x!.shape[axis]!
const indices = (kernel: Gather | Scatter) => kernel
const givesPlaces = ({ by }: Cumulate): boolean => by === 'argmax' || by === 'argmin'

const kinds: { readonly [K in Alone['kind']]: StepKind<Extract<Kernel, { readonly kind: K }>> } = {
  argReduce: {
    words: ({ by, axis }) => `argReduce ${by} over ${formatShape([axis])}`,
    operations: sizeOfFirst,
    places: dimOf,
  },
  assemble: { words: () => 'assemble' },
  call: { words: () => 'call', mayThrow: true },
  cumulate: {
    words: ({ by, axis, reverse }) => `cumulate ${by} along ${formatShape([axis])}${reverse ? ' in reverse' : ''}`,
    operations: sizeOfFirst,
    places: (kernel, inputs) => (givesPlaces(kernel) ? dimOf(kernel, inputs) : null),
  },
  fold: { words: () => 'fold', operations: sizeOfLast },
  gather: { words: () => 'gather', indices },
  layout: { words: () => 'layout' },
  loop: {
    words: ({ length, body, when }) => {
      const rounds = length === anyLength ? 'any number of' : `${when === undefined ? '' : 'at most '}${length}`
      return `loop of ${rounds} rounds of ${body.instructions.length} kernels`
    },
    mayThrow: true,
  },
  random: { words: ({ distribution }) => `random ${distribution}` },
  reshape: { words: () => 'copy' },
  scatter: { words: ({ by }) => `scatter ${by}`, operations: sizeOfLast, indices },
  search: {
    words: ({ orEqual }) => `search ${orEqual ? 'behind' : 'before'} equals`,
    operations: ([sorted, elements]) => sizeOf(elements!.shape) * (32 - Math.clz32(sorted!.shape.at(-1)!)),
    places: (_, [sorted]) => sorted!.shape.at(-1)! + 1,
  },
  sort: {
    words: ({ axis, descending }) => `sort along ${formatShape([axis])}${descending ? ', descending' : ''}`,
    operations: sizeOfFirst,
    places: dimOf,
  },
}

const none: StepKind<Kernel> = { words: ({ kind }) => kind }
export const kindOf = ({ kind }: Kernel): StepKind<Kernel> =>
  ((kinds as { readonly [kind: string]: StepKind<never> | undefined })[kind] as StepKind<Kernel> | undefined) ?? none
