import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DType, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { metrics, type StreamedMetric } from '../../src/index.js'

// What definitions give over all examples at once, in numpy: scripts/oracle/metrics.py.

interface Plain {
  readonly shape: number[]
  readonly dtype: DType
  readonly data: number[]
}
interface Case {
  readonly metric: string
  readonly options: readonly unknown[]
  readonly batches: readonly (readonly [output: Plain, target: Plain])[]
  readonly value: unknown
}

const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/metrics.json'), 'utf8')) as {
  cases: Case[]
}
const makers = metrics as unknown as Readonly<
  Record<string, (...options: readonly unknown[]) => StreamedMetric<unknown>>
>

const expectClose = (value: unknown, wanted: unknown): void => {
  if (Array.isArray(wanted)) {
    expect(value).toHaveLength(wanted.length)
    for (const [i, each] of wanted.entries()) expectClose((value as unknown[])[i], each)
  } else if (wanted === null) expect(value).toBeNaN()
  else
    expect(Math.abs((value as number) - (wanted as number))).toBeLessThan(
      1e-11 * Math.max(1, Math.abs(wanted as number)),
    )
}

const made = ({ shape, dtype, data }: Plain, cast: DType = dtype): Tensor =>
  tensor(data, { dtype }).reshape(shape).cast(cast) as Tensor

describe('what is measured batch by batch is what the definition gives of all', () => {
  it('of every metric there is', () => {
    expect([...new Set(cases.map(({ metric }) => metric))].sort()).toEqual(Object.keys(metrics).sort())
  })

  it.each(cases.map((each, i) => [`${each.metric} ${JSON.stringify(each.options)} ${i}`, each] as const))(
    '%s',
    (_name, { metric, options, batches, value }) => {
      const measurement = makers[metric]!(...options).start()
      for (const [output, target] of batches) measurement.update(made(output), made(target))
      expectClose(measurement.value(), value)
    },
  )

  it.each(cases.filter(({ metric, options }) => /f1|auc|topK|confusion/.test(metric) && options.length < 2))(
    'in float32 too, where decisions are the same: $metric',
    ({ metric, options, batches, value }) => {
      const measurement = makers[metric]!(...options).start()
      for (const [output, target] of batches) measurement.update(made(output, 'float32'), made(target))
      expectClose(measurement.value(), value)
    },
  )
})
