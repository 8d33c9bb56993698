import type { Compilation } from '../../execution/compile/compile.js'
import { compiledOf } from '../../execution/compile/compiled.js'
import type { Target, Traced } from '../../execution/compile/trace.js'
import type { PlannedMemory } from '../../execution/plan/explain.js'
import { describe, flopsOf, trafficOf } from '../../execution/plan/explain.js'
import type { Buffer, PlanStep } from '../../execution/plan/plan.js'
import { checked } from '../../graph/arguments.js'
import { bytesPerElement } from '../../graph/dtype.js'
import type { Holder } from '../../graph/holder.js'
import type { Node } from '../../graph/node.js'
import { type Shape, sizeOf } from '../../graph/shape.js'
import { parameterBit } from '../../graph/tracking.js'
import { leavesOf } from '../../graph/tree.js'
import * as kinds from '../../ops/kinds.js'
import type { Cell } from '../../program/cell.js'
import type { Source } from '../../program/term.js'
import type { Expression } from '../../rules/expression.js'
import { inOrder } from '../../rules/traverse.js'
import { givenNames, type NameOptions, namesKind, numberName } from './naming.js'
import type { Trace, TraceEdge, TraceGroup, TraceNode, TraceOutput } from './schema.js'

const compiled = /* @__PURE__ */ kinds.kind(
  'a function that compile(...) gave',
  (thing) => typeof thing === 'function' && compiledOf(thing) !== undefined,
)

/**
 * The programs of a compiled function in the form of traces, the latest used first: one for each trace that was compiled so
 * far. A kernel is a group; the functions that were fused into it are the nodes inside, and only what is `stored` takes
 * memory. Outputs say which tensors they become the values or gradients of.
 *
 * @returns none before the first call, and none for calls that run uncompiled
 * @example
 * const f = compile((x: Tensor) => x.sin().mul(2).sum())
 * f(tensor([1, 2, 3]))
 * const [program] = tracePrograms(f)
 * program!.groups.map(({ name }) => name)   // ['reduce add over [0] of sin mul']
 */
export const tracePrograms = /* @__PURE__ */ checked(
  'tracePrograms',
  { f: compiled, options: { names: namesKind } },
  (f: (...args: never[]) => unknown, { names }: NameOptions = {}): readonly Trace[] => {
    const given = givenNames('tracePrograms', names)
    return compiledOf(f)!
      .programs()
      .flatMap(({ traced, compilation }) => (compilation === null ? [] : [programTrace(traced, compilation, given)]))
  },
)

const programTrace = (traced: Traced, compilation: Compilation, given: ReadonlyMap<Node, string>): Trace => {
  const { executor, plan, inputs } = compilation
  const { how, memory, hosted } = executor.running
  const names = new CellNames(given)
  const writer = new PlanWriter(memory)
  inputs.forEach(({ source }, i) => {
    writer.leaf(plan.inputs[i]!, names.ofSource(source))
  })
  for (const { buffer, data } of plan.constants) {
    const name = data.length === 1 ? numberName(data[0]!, buffer.dtype) : names.next('c')
    writer.leaf(buffer, { kind: 'constant', name, named: false })
  }
  plan.steps.forEach((step, i) => {
    writer.step(step, hosted.has(i), () => names.next('v'))
  })
  const paths = pathsOf(traced)
  const outputs = traced.outcomes.map(({ target }, i): TraceOutput => {
    const node = writer.placeOf(plan.outputs[i]!.view.buffer)
    return { node, path: paths.get(i) ?? '', ...sets(target, names) }
  })
  return {
    schema: 'adjoint.trace',
    version: 1,
    nodes: writer.nodes,
    edges: writer.edges,
    groups: writer.groups,
    outputs,
    backward: [],
    limit: 0,
    program: { how, memory: memory && { bytes: memory.bytes, intermediate: memory.intermediate } },
  }
}

/** Where in the result the outcomes are that are returned, by their places. */
const pathsOf = ({ program, results }: Traced): ReadonlyMap<number, string> => {
  const leaves = leavesOf(program.tree, 'tracePrograms')
  return new Map(results.flatMap((result, i) => (result.kind === 'outcome' ? [[result.index, leaves[i]!.path]] : [])))
}

const sets = (target: Target, names: CellNames): Pick<TraceOutput, 'sets'> =>
  target.kind === 'result' ? {} : { sets: { what: target.kind, of: names.of(target.of) } }

type Leaf = Pick<TraceNode, 'kind' | 'name' | 'named'>

/** What to call what was there before a program ran. */
class CellNames {
  private readonly found = new Map<Holder, string>()
  private readonly counts = new Map<string, number>()
  private readonly taken: Set<string>

  constructor(private readonly given: ReadonlyMap<Node, string>) {
    this.taken = new Set(given.values())
  }

  next(letter: string): string {
    let name: string
    do {
      const count = (this.counts.get(letter) ?? 0) + 1
      this.counts.set(letter, count)
      name = `${letter}${count}`
    } while (this.taken.has(name))
    return name
  }

  of({ holder, argument }: Cell): string {
    const name =
      this.given.get(holder as Node) ??
      this.found.get(holder) ??
      (isParameter(holder) ? this.next('p') : argument === null ? this.next('c') : this.next('x'))
    this.found.set(holder, name)
    return name
  }

  ofSource(source: Source): Leaf {
    switch (source.kind) {
      case 'value': {
        const { holder } = source.of
        const kind = isParameter(holder) ? 'parameter' : 'input'
        return { kind, name: this.of(source.of), named: this.given.has(holder as Node) }
      }
      case 'gradient':
        return { kind: 'input', name: `gradient of ${this.of(source.of)}`, named: false }
      case 'key':
        return { kind: 'input', name: this.next('key'), named: false }
      case 'counter':
        return { kind: 'input', name: this.next('counter'), named: false }
      case 'given':
        return { kind: 'input', name: this.next('x'), named: false }
    }
  }
}

const isParameter = ({ tracking }: Holder): boolean => (tracking & parameterBit) !== 0

type Made = Pick<TraceNode, 'op' | 'kernel' | 'shape' | 'dtype'>

/** Writes the steps of a plan as nodes and edges. */
class PlanWriter {
  readonly nodes: TraceNode[] = []
  readonly edges: TraceEdge[] = []
  readonly groups: TraceGroup[] = []
  /** The nodes of buffers. */
  private readonly places = new Map<Buffer, number>()

  constructor(private readonly memory: PlannedMemory | null) {}

  placeOf(buffer: Buffer): number {
    return this.places.get(buffer)!
  }

  leaf(buffer: Buffer, leaf: Leaf): void {
    const { shape, dtype } = buffer
    this.keep(buffer, this.node({ ...leaf, op: null, kernel: null, shape: [...shape], dtype }, [], null))
  }

  /** A step as a group, with the functions that it applies to each element. */
  step(step: PlanStep, hosted: boolean, nextName: () => string): void {
    const { kind, outs } = step
    const group = this.groups.length
    const name = describe(step)
    const cost = { moved: trafficOf(step), operations: flopsOf(step), hosted }
    this.groups.push({ id: group, kind: 'kernel', name, type: name, parent: null, cost })
    const inputs = step.inputs.map(({ buffer }) => this.placeOf(buffer))
    const add = (made: Made, from: readonly number[]) =>
      this.node({ kind: 'result', name: nextName(), named: false, ...made }, from, group)
    if (kind === 'check') return
    if (kind === 'map' || kind === 'reduce') {
      const tops = this.elementwise(step.expressions, inputs, [...step.shape], add)
      if (kind === 'reduce') {
        const op = step.divisor === 1 ? reductions[step.by] : 'mean'
        tops[0] = add({ op, kernel: kind, shape: [...outs[0]!.shape], dtype: null }, [tops[0]!])
      }
      outs.forEach((buffer, i) => {
        this.keep(buffer, tops[i]!)
      })
      return
    }
    const kernel = kind === 'contract' ? kind : step.kernel.kind
    for (const buffer of outs) {
      const { shape, dtype } = buffer
      this.keep(buffer, add({ op: kind === 'contract' ? 'matmul' : kernel, kernel, shape: [...shape], dtype }, inputs))
    }
  }

  /** The nodes that expressions end in. */
  private elementwise(
    expressions: readonly Expression[],
    inputs: readonly number[],
    shape: Shape,
    add: (made: Made, from: readonly number[]) => number,
  ): number[] {
    const places = new Map<Expression, number>()
    const isTop = new Set<Expression>(expressions)
    for (const expression of inOrder(expressions)) {
      if (expression.kind === 'apply') {
        const from = expression.args.map((arg) => places.get(arg)!)
        places.set(expression, add({ op: expression.rule.name, kernel: 'map', shape: [...shape], dtype: null }, from))
      } else if (expression.kind === 'constant') {
        const leaf = { kind: 'constant', name: numberName(expression.value, 'float64'), named: false } as const
        places.set(expression, this.node({ ...leaf, op: null, kernel: null, shape: [], dtype: null }, [], null))
      } else {
        const from = inputs[expression.index]!
        // what is only read is stored again under another form
        places.set(
          expression,
          isTop.has(expression) ? add({ op: 'copy', kernel: 'map', shape: [...shape], dtype: null }, [from]) : from,
        )
      }
    }
    return expressions.map((expression) => places.get(expression)!)
  }

  private keep(buffer: Buffer, place: number): void {
    this.places.set(buffer, place)
    const address = this.memory?.addresses.get(buffer)
    const { dtype, shape } = buffer
    const bytes = sizeOf(shape) * bytesPerElement(dtype)
    const node = this.nodes[place]!
    this.nodes[place] = { ...node, dtype, ...(address === undefined ? {} : { stored: { address, bytes } }) }
  }

  private node(
    node: Omit<TraceNode, 'id' | 'inputs' | 'group'>,
    from: readonly number[],
    group: number | null,
  ): number {
    const id = this.nodes.length
    const inputs = from.map((place, index) => {
      this.edges.push({ id: this.edges.length, from: place, to: id, index, local: null })
      return this.edges.length - 1
    })
    this.nodes.push({ id, ...node, inputs, group })
    return id
  }
}

const reductions = { add: 'sum', mul: 'prod', max: 'max', min: 'min' } as const
