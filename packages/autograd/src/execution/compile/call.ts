import type { Holder } from '../../graph/holder.js'
import { latestId, type Node } from '../../graph/node.js'
import { counterValue } from '../../graph/tracer.js'
import { rebuild } from '../../graph/tree.js'
import type { Cell } from '../../program/cell.js'
import type { Compilation } from './compile.js'
import type { Traced } from './trace.js'

/** The tensor that a cell stands for in a call. */
export const placed = ({ holder, argument }: Cell, tensors: readonly Node[]): Holder =>
  argument === null ? holder : (tensors[argument] as Holder)

/** Runs the program. If it throws, nothing has changed, and what was drawn at random will be drawn again. */
export const runCall = (traced: Traced, compilation: Compilation, tensors: readonly Node[]): unknown => {
  const { draws } = traced.program.effects
  const before = draws.map(({ generator: { key, counter } }) => ({ key, counter }))
  try {
    return compute(traced, compilation, tensors)
  } catch (error) {
    draws.forEach(({ generator }, i) => {
      Object.assign(generator, before[i])
    })
    throw error
  }
}

/** In the order that `Executor` asks for. */
const compute = (traced: Traced, { executor, inputs }: Compilation, tensors: readonly Node[]): unknown => {
  const { program, outcomes, results } = traced
  const { draws, changes } = program.effects
  for (let i = 0; i < inputs.length; i++) {
    const { source } = inputs[i]!
    if (source.kind === 'key') executor.load(i, source.of.key)
    else if (source.kind === 'counter') executor.load(i, counterValue(source.of))
    else if (source.kind !== 'given') {
      const holder = placed(source.of, tensors)
      executor.hold(i, source.kind === 'value' ? holder : holder.collected!)
    }
  }
  for (let i = 0; i < draws.length; i++) draws[i]!.generator.counter += draws[i]!.numbers
  for (let i = 0; i < outcomes.length; i++) {
    const { target } = outcomes[i]!
    if (target.kind !== 'result') executor.claim(i, placed(target.of, tensors))
  }
  executor.run()
  // they may look at what is replaced now
  const returned: (Holder | null)[] = []
  for (let i = 0; i < results.length; i++) {
    const result = results[i]!
    if (result.kind === 'there') returned.push(placed(result.cell, tensors))
    else if (result.kind === 'again') returned.push(returned[result.position]!)
    else {
      const { target } = outcomes[result.index]!
      returned.push(target.kind === 'result' ? target.make(executor.read(result.index)) : null)
    }
  }
  executor.finish()
  for (let i = 0; i < outcomes.length; i++) {
    const { target } = outcomes[i]!
    if (target.kind === 'value') {
      const holder = placed(target.of, tensors)
      executor.give(i, holder)
      holder.replacedAt = latestId()
    } else if (target.kind === 'gradient') {
      const holder = placed(target.of, tensors)
      holder.collected = executor.gradient(i, holder)
    }
  }
  for (let i = 0; i < changes.length; i++) {
    const change = changes[i]!
    if (change.kind === 'clear') placed(change.of, tensors).collected = null
  }
  return rebuild(program.tree, returned)
}
