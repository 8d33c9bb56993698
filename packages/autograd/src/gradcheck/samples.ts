import { allocate, type DType } from '../graph/dtype.js'
import { sizeOf } from '../graph/shape.js'
import type { Facts, Sample, SampleTensor } from '../ops/facts.js'
import { fromData } from '../tensor/creation.js'
import { Random } from '../tensor/random.js'
import type { Tensor } from '../tensor/tensor.js'
import { gradcheck } from './gradcheck.js'
import type { GradcheckOptions } from './options.js'
import type { Report } from './report/report.js'

const isSampleTensor = (thing: unknown): thing is SampleTensor =>
  typeof thing === 'object' && thing !== null && 'sample' in thing

/** Random values stay this far from 0 and from each other: where kinks and ties are. */
const margin = 0.2
const gap = 0.02

/** Normally distributed numbers, none of them near 0 or near another. */
const separate = (count: number, random: Random): number[] => {
  const numbers: number[] = []
  while (numbers.length < count) {
    for (const x of random.normal([count], { dtype: 'float64' }).data) {
      const isApart = Math.abs(x) >= margin && numbers.every((other) => Math.abs(x - other) >= gap)
      if (isApart && numbers.length < count) numbers.push(x)
    }
  }
  return numbers
}

const tensorOf = ({ sample: shape, values, dtype }: SampleTensor, random: Random, float: DType): Tensor => {
  const type = dtype === undefined || dtype === 'float64' ? float : dtype
  const data = allocate(type, sizeOf(shape))
  data.set(values ?? separate(data.length, random))
  return fromData(data, shape, type)
}

/** The arguments that a sample stands for: its tensors filled, also those in arrays and options. */
export const materialize = (sample: Sample, seed = 0, float: DType = 'float64'): unknown[] => {
  const random = new Random(seed)
  const fill = (thing: unknown): unknown => {
    if (isSampleTensor(thing)) return tensorOf(thing, random, float)
    if (Array.isArray(thing)) return thing.map(fill)
    if (typeof thing !== 'object' || thing === null) return thing
    return Object.fromEntries(Object.entries(thing).map(([name, option]) => [name, fill(option)]))
  }
  return sample.map(fill)
}

/** Checks an op of the table at each of its samples. */
export const checkOp = (op: Facts, options: GradcheckOptions = {}): Report[] =>
  op.samples.map((sample) =>
    gradcheck(op as unknown as (...args: unknown[]) => unknown, materialize(sample, options.seed), options),
  )
