import { checked } from '../../graph/arguments.js'
import { ArgumentError } from '../../graph/errors.js'
import { Node } from '../../graph/node.js'
import { isPlainObject } from '../../graph/words.js'
import * as kinds from '../../ops/kinds.js'
import type { AnyTensor } from '../../tensor/tensor.js'
import { differentiated } from '../listing/back-listing.js'
import { withoutPlumbing } from '../plumbing/plumbing.js'
import { historyOf, originalOf } from '../trace/history.js'
import { givenNames, type NameOptions, type Names, namesKind } from '../trace/naming.js'
import type { Trace } from '../trace/schema.js'
import { traceable, tracedFor } from '../trace/trace.js'
import { type Finding, type Thresholds, usualThresholds } from './finding.js'
import { notFinite } from './finite.js'
import { stretches } from './flow.js'
import { unused, zeroGradients } from './gradients.js'
import { lostInSums } from './precision.js'
import { readingsOf } from './readings.js'
import { doubleSoftmax } from './softmax.js'
import { stuckUnits } from './units.js'

/** What `diagnose` looks for. */
export interface DiagnoseOptions extends NameOptions {
  /**
   * What is to be learned: modules, or tensors, by name; their parts are named as in `names`. Of a trace, the names. With it,
   * parameters that take no part are found.
   */
  readonly parameters?: Names | readonly string[]
  /** From where on something counts as wrong; what is left out is as usual. */
  readonly thresholds?: Partial<Thresholds>
}

/** What was found. */
export interface Diagnosis {
  /** Worst first. None if nothing was found. */
  readonly findings: readonly Finding[]
  /** A list for a terminal. */
  readonly toString: () => string
}

const thresholdsKind = /* @__PURE__ */ kinds.kind(
  `an object of numbers with any of ${Object.keys(usualThresholds).join(', ')}`,
  (thing) =>
    isPlainObject(thing) &&
    Object.entries(thing).every(
      ([name, value]) => name in usualThresholds && (value === undefined || (typeof value === 'number' && value >= 0)),
    ),
)

const parametersKind = /* @__PURE__ */ kinds.kind(
  'an object of modules or tensors by name: { model }; of a trace, an array of names',
  (thing) => namesKind.accepts(thing) || kinds.strings.accepts(thing),
)

/**
 * Looks for what usually goes wrong, in one step of a model that was computed: parameters that take no part, gradients that are
 * exactly 0, saturated and dead units, adjoints that vanish or explode over a stretch of layers, a softmax of a softmax, numbers
 * that are not finite, a loss that nothing can change, and sums of float32 that lose an operand. Each finding says where, by
 * which numbers, and what to do. None is made by the name of an op, and none where only a summary is known: give it the loss
 * itself, or a trace with a `limit` above the size of a batch.
 *
 * It is about one batch at one moment: units may be dead for a few rows and alive for others, so take a batch that is typical.
 *
 * @param result a scalar that was computed, or what `trace` gives
 * @throws GradientError if there is more than one result, or it is no scalar; ArgumentError for names that are no parameters
 * @example
 * const { findings } = diagnose(model.forward(ones([8, 4])).mul(0).sum(), { parameters: { model } })
 * findings.map(({ kind }) => kind)   // ['constant']
 */
export const diagnose = /* @__PURE__ */ checked(
  'diagnose',
  {
    result: traceable,
    options: { names: namesKind, parameters: parametersKind, thresholds: thresholdsKind },
  },
  (result: AnyTensor | Trace, { names, parameters, thresholds }: DiagnoseOptions = {}): Diagnosis => {
    const wanted = wantedOf(parameters, result instanceof Node)
    if (result instanceof Node && result.tracking === 0) return diagnosis(untracked(result, wanted))
    const own = result instanceof Node ? mergedNames(names, wanted) : names
    const whole = tracedFor('diagnose', result, own === undefined ? {} : { names: own })
    differentiated('diagnose', whole)
    const history = result instanceof Node ? historyOf([originalOf(result)]) : null
    const plain = withoutPlumbing(whole)
    const output = plain.trace.nodes[plain.trace.outputs[0]!.node]!
    const readings = readingsOf(whole, plain, history)
    const there = new Set(history?.nodes ?? [])
    const inTrace = new Set(whole.nodes.map(({ name }) => name))
    const missing = wanted.filter(({ name, node }) =>
      node === null ? !inTrace.has(name) : !there.has(originalOf(node)),
    )
    const nameOf = ({ name }: Wanted) => name
    const limits = { ...usualThresholds, ...thresholds }
    return diagnosis([
      ...notFinite(readings, output),
      ...unused(wanted.map(nameOf), missing.map(nameOf), output.name),
      ...zeroGradients(readings, output),
      ...doubleSoftmax(readings),
      ...stuckUnits(readings, limits),
      ...stretches(readings, output, limits),
      ...lostInSums(readings),
    ])
  },
)

/** A tensor that is meant to learn. Of a trace only its name is known. */
interface Wanted {
  readonly name: string
  readonly node: Node | null
}

const wantedOf = (parameters: DiagnoseOptions['parameters'], isLoss: boolean): readonly Wanted[] => {
  if (parameters === undefined) return []
  const areNames = Array.isArray(parameters)
  if (areNames === isLoss) {
    throw new ArgumentError(
      isLoss
        ? 'diagnose: parameters are names, and the loss itself is there; give the tensors or modules by name: { model }.'
        : 'diagnose: parameters are tensors, and a trace knows names alone; give an array of names.',
    )
  }
  if (areNames) return parameters.map((name: string) => ({ name, node: null }))
  // what is frozen is not meant to learn
  return [...givenNames('diagnose', parameters as Names)].flatMap(([node, name]) =>
    node.tracking === 0 ? [] : [{ name, node }],
  )
}

const mergedNames = (names: Names | undefined, wanted: readonly Wanted[]): Names => {
  const taken = givenNames('diagnose', names)
  const others = wanted.filter(({ node }) => !taken.has(node!))
  return { ...Object.fromEntries(others.map(({ name, node }) => [name, node])), ...names }
}

const untracked = (result: Node, wanted: readonly Wanted[]): readonly Finding[] =>
  wanted.length > 0
    ? unused(
        wanted.map(({ name }) => name),
        wanted.map(({ name }) => name),
        `The loss (${result})`,
      )
    : [
        {
          kind: 'constant',
          nodes: [],
          numbers: {},
          text:
            `The loss (${result}) depends on no parameter: none was used, or only through detach(), noGrad(), comparisons or indices, ` +
            'which stop derivatives. Make what is to be learned with parameter(...).',
        },
      ]

const diagnosis = (findings: readonly Finding[]): Diagnosis => ({
  findings,
  toString: () =>
    findings.length === 0
      ? 'nothing found'
      : findings.map(({ kind, text }) => `${`${kind}:`.padEnd(15)}${text}`).join('\n'),
})
