import { ArgumentError, Tensor } from '@adjoint/autograd'
import { TrainingError } from '../errors.js'
import type { MeanMetric, Measurement, Metric, StreamedMetric } from '../metrics/metric.js'

/** A metric under way; `update` is told how many examples it is given. */
interface Measured {
  readonly update: (output: Tensor, target: Tensor, examples: number) => void
  readonly value: () => unknown
}

/** Begins to measure a metric, which `evaluate` is given under this name. */
export const measurementOf = (name: string, metric: Metric): Measured =>
  typeof metric === 'function' ? meanOf(name, metric) : stream(name, metric)

const meanOf = (name: string, metric: MeanMetric): Measured => {
  let sum = 0
  let count = 0
  return {
    update: (output, target, examples) => {
      sum += numberOf(name, called(name, metric, output, target)) * examples
      count += examples
    },
    value: () => sum / count,
  }
}

const called = (name: string, metric: MeanMetric, output: Tensor, target: Tensor): unknown => {
  try {
    return metric(output, target)
  } catch (error) {
    const maker = `metrics.${metric.name}`
    if (!(error instanceof ArgumentError) || !error.message.startsWith(`${maker}:`)) throw error
    throw new TrainingError(`evaluate: the metric ${name} is ${maker} itself; call it for a metric: ${maker}().`)
  }
}

const numberOf = (name: string, value: unknown): number => {
  if (typeof value === 'number') return value
  if (value instanceof Tensor && value.size === 1) return value.item()
  const what = value instanceof Tensor ? String(value) : wordsFor(value)
  throw new TrainingError(`evaluate: the metric ${name} is ${what}; return a number or a tensor of one element.`)
}

const stream = (name: string, metric: StreamedMetric<unknown>): Measured => {
  const measurement: Partial<Measurement<unknown>> | undefined = metric.start()
  if (typeof measurement?.update !== 'function' || typeof measurement.value !== 'function') {
    throw new TrainingError(
      `evaluate: start() of the metric ${name} gives no object with methods update and value; return one.`,
    )
  }
  const { update, value } = measurement as Measurement<unknown>
  return {
    update: (output, target) => {
      const result: unknown = update.call(measurement, output, target)
      if (result instanceof Promise) throw lateness(name, 'update')
    },
    value: () => {
      const result = value.call(measurement)
      if (result instanceof Promise) throw lateness(name, 'value')
      if (result !== undefined) return result
      throw new TrainingError(`evaluate: value() of the metric ${name} gives nothing; return what was measured.`)
    },
  }
}

const lateness = (name: string, method: string): TrainingError =>
  new TrainingError(
    `evaluate: ${method}() of the metric ${name} gives a promise; make it a function that is not async.`,
  )

const wordsFor = (value: unknown): string => (value instanceof Promise ? 'a promise' : `of type ${typeof value}`)
