import type { TypedArray } from '../../graph/dtype.js'
import { settle } from '../../graph/holder.js'
import type { Evaluate } from '../../graph/kernel.js'
import { denseData, type Spec, type Value } from '../../graph/value.js'
import type { Executor } from './executor.js'
import type { Buffer, MapStep, Plan, PlanStep, ReduceStep, View } from './plan.js'

/**
 * Runs a plan step by step, kernel by kernel: where there is no WebAssembly, and as the plan's oracle.
 *
 * @param run that of eager ops
 * @param reason why, for the explanation
 */
export const interpreter = (plan: Plan, run: Evaluate, reason = ''): Executor => {
  const given: TypedArray[] = []
  let results: readonly Value[] = []
  return {
    hold: (input, holder) => {
      given[input] = denseData(holder.value)
    },
    load: (input, value) => {
      given[input] = denseData(value)
    },
    run: () => {
      const arrays = new Map<Buffer, TypedArray>()
      const look = ({ buffer, shape, dtype, strides, offset }: View): Value => {
        const data = arrays.get(buffer)!
        return { data, shape, dtype, strides, offset, shared: true }
      }
      for (const { buffer, data } of plan.constants) arrays.set(buffer, data)
      plan.inputs.forEach((buffer, i) => {
        arrays.set(buffer, given[i]!)
      })
      for (const step of plan.steps) {
        const values = runStep(step, step.inputs.map(look), run)
        step.outs.forEach((buffer, i) => {
          arrays.set(buffer, denseData(values[i]!))
        })
      }
      results = plan.outputs.map(({ view }) => look(view))
    },
    running: {
      how: `kernel by kernel on the backends of eager ops${reason}`,
      notes: [],
      memory: null,
      hosted: new Set(),
    },
    claim: () => {},
    finish: () => {},
    read: (output) => results[output]!,
    give: (output, holder) => settle(holder, results[output]!),
    gradient: (output, like) => like.make(results[output]!),
    release: () => {},
  }
}

/** The values of a step's results. */
export const runStep = (step: PlanStep, inputs: readonly Value[], run: Evaluate): readonly Value[] => {
  const outs = step.outs.map(({ shape, dtype }): Spec => ({ shape, dtype }))
  const [out] = outs
  switch (step.kind) {
    case 'map':
      return computed(step, inputs, run)
    case 'reduce': {
      const { by, axes, divisor } = step
      const [reduced, ...stored] = computed(step, inputs, run)
      return [...run({ kind: 'reduce', by, axes, divisor }, [reduced!], [out!]), ...stored]
    }
    case 'contract': {
      const kernel = { kind: 'contract', by: step.by } as const
      if (!step.summed) return run(kernel, inputs, [out!])
      const batch = inputs[0]!.shape.slice(0, -2)
      const shape = [...batch, ...out!.shape.slice(-2)]
      const products = run(kernel, inputs, [{ shape, dtype: out!.dtype }])
      return run({ kind: 'reduce', by: 'add', axes: batch.map((_, axis) => axis) }, products, [out!])
    }
    case 'check':
      step.look(inputs[0]!)
      return []
    case 'kernel':
      return run(step.kernel, inputs, outs)
  }
}

/** What a step computes of each element. The shape is that of its loop, whatever those of the results. */
const computed = (
  { expressions, shape, outs }: MapStep | ReduceStep,
  inputs: readonly Value[],
  run: Evaluate,
): Value[] =>
  expressions.flatMap((expression, i) =>
    run({ kind: 'map', expression, arity: inputs.length }, inputs, [{ shape, dtype: outs[i]!.dtype }]),
  )
