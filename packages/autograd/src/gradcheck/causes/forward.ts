import type { Node, Op } from '../../graph/node.js'
import { sameShape } from '../../graph/shape.js'
import { Tuple } from '../../graph/tuple.js'
import { Random } from '../../tensor/random.js'
import { nodesBetween } from '../../transforms/between.js'
import { slopesAlong } from '../differences/slopes.js'
import type { Plain } from '../subject/subject.js'
import { dot, masked, weights } from '../subject/vectors.js'
import type { Evidence, Look } from './evidence.js'
import type { Hypothesis } from './hypothesis.js'
import { numberName } from './number-name.js'
import { elementsOf } from './parts.js'

// A custom op's forward is made of ops that have derivatives. Where what a rule gives is what they give but for one input of
// one of them, that is where the rule is wrong.

/** One input of an op inside the forward of a custom op, in each call of that. */
interface Edge {
  readonly says: string
  readonly ends: readonly { readonly node: Node; readonly input: number }[]
}

/** What rules and forwards give for some cotangents at a point, of one input. */
interface Trial {
  /** What the rule gives beyond what it should. */
  readonly excess: Float64Array
  /** What comes through each of the edges. */
  readonly through: readonly Float64Array[]
  /** What there would be beyond that if the op's own derivative were left out; null where shapes differ. */
  readonly without: readonly (Float64Array | null)[]
  readonly edges: readonly Edge[]
}

const probes = 3
const mostEdges = 48

/** The most specific first. */
export const inForward: readonly Hypothesis[] = [
  { cause: 'chain factor', explain: (evidence) => tried(evidence, slopeLeftOut) },
  { cause: 'missing term', explain: (evidence) => tried(evidence, ofTerm(0, 'a term is missing: what comes')) },
  {
    cause: 'double accumulation',
    explain: (evidence) => tried(evidence, ofTerm(2, 'a term is added twice: what comes')),
  },
  {
    cause: 'sign flip',
    explain: (evidence) => tried(evidence, ofTerm(-1, 'the sign of one term is wrong: what comes')),
  },
]

/** What may be a coincidence sooner. */
export const looselyInForward: readonly Hypothesis[] = [
  { cause: 'constant factor', explain: (evidence) => tried(evidence, scaledTerm) },
  { cause: 'missing term', explain: (evidence) => tried(evidence, twoTerms) },
]

type Pair = readonly [given: Trial, other: Trial]

const tried = (evidence: Evidence, explain: (trials: Pair) => string | null): string | null => {
  const trials = trialsOf(evidence)
  const says = trials && explain(trials)
  const which = says && elementsOf(evidence)
  return which ? `${says}; it is wrong ${which}` : says
}

const known = new WeakMap<Evidence, Pair | null>()

/** The same at two points; null where nothing is known of forwards. */
const trialsOf = (evidence: Evidence): Pair | null => {
  const before = known.get(evidence)
  if (before !== undefined) return before
  const { order, looks, subject, mode, isWhole, wrongElements } = evidence
  // few of very many are not what a term makes wrong
  const isFew = !isWhole && wrongElements !== null
  const isKnown = order === 1 && subject.plainly !== null && (mode === 'reverse' || isWhole) && !isFew
  const [given = null, other = null] = isKnown ? looks.slice(0, 2).map((look) => trialAt(evidence, look)) : []
  const isPair = given !== null && other !== null && given.edges.length === other.edges.length
  const found: Pair | null = isPair ? [given, other] : null
  known.set(evidence, found)
  return found
}

/** `a` is so little beside `b` that they may be taken for the same. */
const isSame = (a: Float64Array, b: (k: number) => number): boolean => {
  const size = Math.sqrt(dot(a, a))
  return size > 0 && a.every((x, k) => Math.abs(x - b(k)) <= 1e-6 * size)
}

const slopeLeftOut = ([given, other]: Pair): string | null => {
  const found = given.edges.findIndex((_, e) =>
    [given, other].every(({ without, excess }) => without[e] !== null && isSame(excess, (k) => without[e]![k]!)),
  )
  return found < 0 ? null : `a factor of the chain rule is missing: the derivative of ${given.edges[found]!.says}`
}

/** The edge of which so many times what comes through is there, and how many times that is; null if there is none. */
const scaledEdge = ([given, other]: Pair): { readonly says: string; readonly factor: number } | null => {
  for (const e of given.edges.keys()) {
    const part = given.through[e]!
    const excess = dot(given.excess, part) / dot(part, part)
    const isIt = [given, other].every((trial) => isSame(trial.excess, (k) => excess * trial.through[e]![k]!))
    if (isIt) return { says: bestNamed(given, e).says, factor: 1 + excess }
  }
  return null
}

const ofTerm =
  (factor: number, what: string) =>
  (trials: Pair): string | null => {
    const found = scaledEdge(trials)
    return found === null || Math.abs(found.factor - factor) > 1e-6 ? null : `${what} through ${found.says}`
  }

const scaledTerm = (trials: Pair): string | null => {
  const found = scaledEdge(trials)
  return found === null
    ? null
    : `one term is ${numberName(found.factor)} times what it should be: what comes through ${found.says}`
}

/** Of the edges through which the same comes, one of an op that readers know. */
const bestNamed = ({ edges, through }: Trial, e: number): Edge => {
  const same = edges.filter((_, other) => isSame(through[e]!, (k) => through[other]![k]!))
  return same.find(({ ends }) => isElementwise(ends[0]!.node) && !ends[0]!.node.op!.name.includes('.')) ?? edges[e]!
}

const twoTerms = ([given, other]: Pair): string | null => {
  const { edges } = given
  const is = (a: number, b: number, times: readonly [number, number]) =>
    [given, other].every(({ excess, through }) =>
      isSame(excess, (k) => times[0] * through[a]![k]! + times[1] * through[b]![k]!),
    )
  for (let a = 0; a < edges.length; a++) {
    for (let b = 0; b < edges.length; b++) {
      if (b > a && is(a, b, [-1, -1])) {
        return `two terms are missing: what comes through ${bestNamed(given, a).says}, and through ${bestNamed(given, b).says}`
      }
      if (is(a, b, [-1, 1])) {
        return `what comes through ${bestNamed(given, b).says} is added twice, and what comes through ${bestNamed(given, a).says} is missing`
      }
    }
  }
  return null
}

const trialAt = (evidence: Evidence, look: Look): Trial | null => {
  const { subject, leaf } = evidence
  const { point } = look.place
  // the same cotangents at every point
  const random = new Random(1)
  const cotangents = Array.from({ length: probes }, () => weights(subject.outputs.size, random))
  const given = cotangents.map((v) => pulled(evidence, look, v))
  return subject.plainly!(point, (plain) => {
    const reverse = () => joined(cotangents.map((v) => plain.reverse(v).slice(leaf.offset, leaf.offset + leaf.size)))
    const edges = edgesOf(plain)
    if (edges.length === 0 || edges.length > mostEdges || !isTrue(evidence, look, plain, random)) return null
    const right = reverse()
    const beyond = (found: Float64Array) => found.map((x, k) => x - right[k]!)
    return {
      edges,
      excess: beyond(joined(given)),
      through: edges.map((edge) => beyond(altering(edge, () => null, reverse)).map((x) => -x)),
      without: edges.map((edge) =>
        edge.ends.every(({ node, input }) => isElementwise(node) && sameShape(node.sizes, node.inputs[input]!.sizes))
          ? beyond(altering(edge, (cotangent) => cotangent, reverse))
          : null,
      ),
    }
  })
}

const isElementwise = ({ op }: Node): boolean => op?.formula !== undefined

const joined = (parts: readonly Float64Array[]): Float64Array => {
  const whole = new Float64Array(parts.reduce((size, part) => size + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** What the mode in question gives for a cotangent. */
const pulled = ({ subject, mode, leaf }: Evidence, look: Look, v: Float64Array): Float64Array =>
  mode === 'reverse'
    ? subject.reverse(look.place.point, v).slice(leaf.offset, leaf.offset + leaf.size)
    : Float64Array.from({ length: leaf.size }, (_, k) =>
        v.reduce((sum, weight, row) => sum + weight * look.analyticAt(row, leaf.offset + k), 0),
      )

/** Whether forwards as they are written have the derivative that differences show. */
const isTrue = ({ subject }: Evidence, { place }: Look, plain: Plain, random: Random): boolean => {
  const u = weights(subject.inputs.size, random)
  const { values, doubts } = slopesAlong(place, u)
  const v = weights(subject.outputs.size, random).map((weight, i) => (doubts.has(i) ? 0 : weight))
  const [shown, found] = [dot(v, masked(values, v)), dot(plain.reverse(v), u)]
  return Math.abs(shown - found) <= 1e-5 * Math.max(Math.abs(shown), Math.abs(found))
}

const edgesOf = ({ roots, leaves, calls }: Plain): readonly Edge[] => {
  const wanted = new Set(leaves)
  const { nodes } = nodesBetween(roots, (node) => wanted.has(node))
  const reached = new Set(nodes)
  const inside = calls.map(({ name, after, upTo }) => ({
    name,
    nodes: nodes.filter((node) => node.id > after && node.id <= upTo && !(node instanceof Tuple)),
  }))
  const names = [...new Set(inside.map(({ name }) => name))]
  return names.flatMap((name) => {
    const each = inside.filter((call) => call.name === name).map((call) => call.nodes)
    const [first, ...others] = each
    const isAlike = others.every(
      (list) => list.length === first!.length && list.every((node, k) => node.op!.name === first![k]!.op!.name),
    )
    return (isAlike ? first! : []).flatMap((node, k) =>
      node.inputs.flatMap((input, i): Edge[] => {
        if (!reached.has(input)) return []
        const which = node.inputs.length > 1 ? ` (by its input ${i})` : ''
        return [
          {
            says: `${node.op!.name}${which} in the forward of ${name}`,
            ends: each.map((list) => ({ node: list[k]!, input: i })),
          },
        ]
      }),
    )
  })
}

/** What `run` gives while something else goes through an edge. */
const altering = <T>({ ends }: Edge, change: (cotangent: Node) => Node | null, run: () => T): T => {
  const before = ends.map(({ node }) => node.op!)
  const put = (node: Node, op: Op) => Object.assign(node, { op })
  try {
    ends.forEach(({ node, input }, k) => {
      const { pull: _, ...op } = before[k]!
      const vjp: Op['vjp'] = (cotangent, recorded, wants) =>
        op.vjp(cotangent, recorded, wants).map((found, i) => (i === input ? change(cotangent) : found))
      put(node, { ...op, vjp })
    })
    return run()
  } finally {
    ends.forEach(({ node }, k) => {
      put(node, before[k]!)
    })
  }
}
