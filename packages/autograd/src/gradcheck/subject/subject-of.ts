import { isFloat } from '../../graph/dtype.js'
import { GradientError } from '../../graph/errors.js'
import type { Node } from '../../graph/node.js'
import { activeTracking, parameterBit, requireSync, withTracking } from '../../graph/tracking.js'
import { type Leaf, leavesOf, mapTree, type Place } from '../../graph/tree.js'
import { denseData, share } from '../../graph/value.js'
import { cast } from '../../ops/cast.js'
import type { Fn } from '../../transforms/grad.js'
import { inScope } from '../../transforms/scope.js'
import { capturedPaths, pose, restoring, usesIn } from './captured.js'
import { type Coordinates, coordinatesOf, toTensors } from './coordinates.js'
import type { Doubt } from './doubt.js'
import { pathsOf, refuseHidden } from './names.js'
import { type Made, type Subject, subjectFrom } from './subject.js'
import { counted, namingThrown } from './thrown.js'

/** A tensor that is varied. */
interface Varied {
  readonly node: Node
  readonly path: string
}

/**
 * `f` as a function of one vector: of all elements of the float tensors in `inputs`, and of the parameters that it closes
 * over, as float64.
 */
export const subjectOf = (given: Fn, inputs: readonly unknown[], isCapturing: boolean): Made => {
  const { run: f, calls } = counted(given)
  const leaves = leavesOf(inputs, 'gradcheck: input', { other: refuseHidden }).filter(({ node }) => isFloat(node.dtype))
  const paths = pathsOf(leaves)
  const varied = leaves.map(({ node }, i) => ({ node, path: `input${paths[i]}` }))
  const like = leaves[0]?.node
  if (like === undefined) {
    throw new GradientError(
      'gradcheck: the inputs hold no float tensor to differentiate by; pass an array of arguments for f, ' +
        'each a tensor, or an array or plain object of tensors.',
    )
  }
  const call = (captured: readonly Node[]) => (tensors: readonly Node[]) => {
    captured.forEach((leaf, i) => {
      pose(leaf, tensors[leaves.length + i]!)
    })
    return resultsOf(f, inputs, tensors)
  }
  const make = (all: readonly Varied[], results: readonly Leaf[], captured: readonly Node[]): Subject => {
    const outputs = coordinatesOf(
      results.map(({ node, path }) => ({ path: `output${path}`, shape: node.sizes, dtype: node.dtype })),
    )
    const program = (tensors: readonly Node[]) => nodesOf(call(captured)(tensors))
    const [inputs, point] = placeOf(all)
    return namingThrown(subjectFrom({ program, inputs, outputs, point, like, captured }), 'gradcheck: f', calls)
  }
  const tensorsAt = (all: readonly Varied[]): Node[] => {
    const [from, point] = placeOf(all)
    return toTensors(point, from, like)
  }

  const standIns = tensorsAt(varied)
  const plain = withTracking(activeTracking() | parameterBit, () => call([])(standIns))
  if (plain.length === 0) {
    throw new GradientError(
      'gradcheck: f returned no float tensor, so it has no derivative; return one, or a tree of tensors.',
    )
  }
  const overwritten = overwrittenIn(standIns, varied)
  if (overwritten !== null) return { subject: make(varied, plain, []), notes: [], doubts: [overwritten] }
  const uses = usesIn(nodesOf(plain))
  const found = [...uses.keys()]
  const names = capturedPaths(found)
  const alone = make(varied, plain, [])
  if (found.length === 0) return { subject: alone, notes: [], doubts: [] }
  if (!isCapturing) {
    return {
      subject: alone,
      notes: [`not varied, as captured: false says, though f closes over it: ${names}`],
      doubts: [],
    }
  }
  const all = [...varied, ...found.map((node, i) => ({ node, path: names[i]! }))]
  const posed = tryPosing(call(found), tensorsAt(all), uses, names)
  if (typeof posed === 'string') return { subject: alone, notes: [], doubts: [unvaried(names, posed)] }
  return { subject: make(all, posed, found), notes: notesOnCaptured(found, names, varied), doubts: [] }
}

const nodesOf = (results: readonly Leaf[]): Node[] => results.map(({ node }) => node)

const placeOf = (all: readonly Varied[]): [inputs: Coordinates, point: Float64Array] => {
  const coordinates = coordinatesOf(all.map(({ node, path }) => ({ path, shape: node.sizes, dtype: 'float64' })))
  const point = new Float64Array(coordinates.size)
  coordinates.leaves.forEach(({ offset }, i) => {
    point.set(denseData(all[i]!.node.value), offset)
  })
  return [coordinates, point]
}

/** Of each call its own: what f writes to a buffer is gone after it. */
const ownBuffer = (buffer: Node): Node =>
  buffer.dtype === 'float32' ? cast(buffer, 'float64') : buffer.make(share(buffer.value))

/** The floats that f returns where tensors stand in the place of the floats among its inputs. */
const resultsOf = (f: Fn, inputs: readonly unknown[], tensors: readonly Node[]): Leaf[] => {
  let next = 0
  const replace = (leaf: Node) => (isFloat(leaf.dtype) ? tensors[next++]! : leaf)
  const args = mapTree(inputs, 'gradcheck: input', replace, { buffer: ownBuffer })
  const result = requireSync('gradcheck', f(...(args as never[])))
  return leavesOf(result, 'gradcheck: the result', { other: refuseUndefined }).filter(({ node }) => isFloat(node.dtype))
}

/** What was to be a tensor, most likely: of a branch that returns nothing. */
const refuseUndefined = (thing: unknown, place: Place): unknown => {
  if (thing !== undefined) return thing
  throw new GradientError(
    `gradcheck: f returned undefined for output${place}; return a tensor there, or leave it out: nothing of it would be checked.`,
  )
}

/** What f returns where tensors stand in for what it closes over; or in words, why that is not the same function. */
const tryPosing = (
  call: (tensors: readonly Node[]) => Leaf[],
  tensors: readonly Node[],
  uses: ReadonlyMap<Node, number>,
  names: readonly string[],
): readonly Leaf[] | string => {
  const found = [...uses.keys()]
  let results: Leaf[] = []
  const run = (...standIns: Node[]): Node[] => {
    results = call(standIns)
    return nodesOf(results)
  }
  return restoring(found, () => {
    try {
      const { inside } = inScope('gradcheck', tensors, run)
      const again = usesIn(inside as Node[], (node) => uses.has(node))
      const lost = found.findIndex((node) => (again.get(node) ?? 0) < uses.get(node)!)
      return lost < 0 ? results : `f uses ${names[lost]} less often where another tensor stands in for it`
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  })
}

/** The first input that f has changed, as a doubt; null if there is none. */
const overwrittenIn = (standIns: readonly Node[], varied: readonly Varied[]): Doubt | null => {
  for (const [i, { node, path }] of varied.entries()) {
    const [before, after] = [node, standIns[i]!].map(({ value }) => denseData(value))
    const k = before!.findIndex((x, place) => !Object.is(x, after![place]))
    if (k < 0) continue
    const says = `f overwrites it (element ${k} was ${before![k]} and is ${after![k]} after the call): whoever calls f with a tensor has another afterwards. Make a new tensor`
    return { kind: 'mutated input', input: path, output: 'any output', says }
  }
  return null
}

const unvaried = (names: readonly string[], why: string): Doubt => ({
  kind: 'captured',
  input: names.join(', '),
  output: 'any output',
  says: `f closes over it, and it cannot be varied from outside (${why}); pass it, or the module that has it, as an input`,
})

const notesOnCaptured = (found: readonly Node[], names: readonly string[], varied: readonly Varied[]): string[] => {
  const described = found.map((node, i) => `${names[i]} (${node}${node.dtype === 'float32' ? ', as float64' : ''})`)
  const twice = found.flatMap((node, i) =>
    varied
      .filter((each) => each.node === node)
      .map(({ path }) => `${names[i]} is ${path}, which f uses from outside, beside its argument or in its place`),
  )
  return [`captured parameters, over which f closes, are checked as further inputs: ${described.join(', ')}`, ...twice]
}
