import type { Node } from '../../graph/node.js'
import { mapTree } from '../../graph/tree.js'
import { share, type Value } from '../../graph/value.js'
import { type NamedPart, type Watched, type WatchedOp, type Watcher, withWatcher } from '../../graph/watcher.js'
import { examplesOf } from '../../inspect/trace/examples.js'
import type { Random } from '../../tensor/random.js'
import { inScope } from '../../transforms/scope.js'
import { closeEnough, jointBar } from '../comparison/agreement.js'
import { slopesAlong } from '../differences/slopes.js'
import type { Settings } from '../options.js'
import { restoring } from '../subject/captured.js'
import { toTensors, toVector } from '../subject/coordinates.js'
import type { Parts, Subject } from '../subject/subject.js'
import { weights } from '../subject/vectors.js'
import { certain, examine } from './examine.js'
import type { Step } from './tape.js'

/**
 * Where the path of a derivative ends though values go on: at `stopGradient`, in `noGrad`, at integers. Such an end is to blame
 * if differences agree with the derivative once what it gives is held still, and it alone, held still, makes a difference.
 */
export const endsIn = (
  subject: Subject,
  { program, inputs, outputs, like, captured }: Parts,
  steps: readonly Step[],
  settings: Settings,
  random: Random,
): readonly Step[] => {
  const { tolerance } = settings
  const ends = steps.filter(({ given, isTracked }) => !isTracked && given.some((each) => each.isTracked))
  // what many examples gave belongs to that call
  if (ends.length === 0 || ends.some(({ values }) => values.some((value) => examplesOf(value).length > 0))) return []
  const holding = (held: readonly Step[]): Subject => ({
    ...subject,
    // tracked, as it was: what is recorded differs otherwise
    value: (at) =>
      restoring(captured, () => {
        const run = () => inScope('gradcheck', toTensors(at, inputs, like), (...tensors: Node[]) => program(tensors))
        return toVector(withWatcher(new Holding(held), run).inside as Node[], outputs, 'the result')
      }),
  })
  try {
    if (examine(holding(ends), null, settings, random) !== null) return []
    const { point } = subject
    const center = subject.value(point)
    const u = weights(subject.inputs.size, random)
    const slopesOf = (of: Subject) => slopesAlong({ subject: of, point, center, tolerance }, u)
    const whole = slopesOf(subject)
    return ends.filter((end) => {
      const held = slopesOf(holding([end]))
      return held.values.some((slope, i) => {
        const bar = jointBar(slope, whole.values[i]!, held.bars[i]! + whole.bars[i]!, 0)
        return (
          !held.doubts.has(i) && !whole.doubts.has(i) && !closeEnough(slope, whole.values[i]!, bar, certain * tolerance)
        )
      })
    })
  } catch (error) {
    if (error instanceof OtherSteps) return []
    throw error
  }
}

/** The function did something else this time. */
class OtherSteps extends Error {}

/** Lets some steps give what they gave before. */
class Holding implements Watcher {
  readonly unrolls = true
  private readonly held: ReadonlyMap<number, Step>
  private next = 0
  private inside = 0

  constructor(held: readonly Step[]) {
    this.held = new Map(held.map((step) => [step.place, step]))
  }

  applies<N extends Watched, R>(op: WatchedOp, inputs: readonly N[], apply: (inputs: readonly N[]) => R): R {
    const step = this.inside === 0 ? this.held.get(this.next++) : undefined
    this.inside++
    try {
      const result = apply(inputs)
      if (step === undefined) return result
      if (step.op.name !== op.name) throw new OtherSteps()
      return held(result, step.values) as R
    } finally {
      this.inside--
    }
  }

  op<R>(_op: WatchedOp, f: () => R): R {
    return f()
  }

  rule<R>(_node: Watched, f: () => R): R {
    return f()
  }

  found(): void {}

  part<R>(_part: NamedPart, f: () => R): R {
    return f()
  }
}

const held = (result: unknown, values: readonly Value[]): unknown => {
  let next = 0
  return mapTree(result, 'gradcheck', (node: Node) => node.make(share(values[next++]!)))
}
