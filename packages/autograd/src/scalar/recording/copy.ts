import { constantCode, inputCode, loopCode, none, resultCode } from './codes.js'
import { noted } from './formula.js'
import { addLoop, movedTo, rootsOf } from './loop.js'
import { type Loop, Recording } from './recording.js'

/** Puts into one recording what another computes, with nodes of the first as inputs; each node once, however often it is asked for. */
export class Copier {
  /** Where each node is there; `none` for what is not yet. */
  private places = new Int32Array(0)

  constructor(
    protected readonly from: Recording,
    protected readonly into: Recording,
    private readonly inputAt: (index: number) => number,
  ) {}

  nodesOf(roots: ArrayLike<number>): Int32Array {
    const { from, into } = this
    const places = this.grown()
    const { code, a, b, c, value } = from
    for (const node of from.needed(roots, places)) {
      switch (code[node]) {
        case inputCode:
          places[node] = this.inputAt(a[node]!)
          break
        case constantCode:
          places[node] = into.constant(value[node]!)
          break
        case loopCode:
          places[node] = this.loop(node)
          break
        case resultCode:
          places[node] = this.result(places[a[node]!]!, node)
          break
        default:
          places[node] = noted(into, code[node]!, places[a[node]!]!, places[b[node]!] ?? none, places[c[node]!] ?? none)
      }
    }
    return Int32Array.from(roots, (root) => places[root]!)
  }

  /** Where a node is that has been copied. */
  protected placeOf(node: number): number {
    return this.places[node]!
  }

  protected loop(node: number): number {
    return addLoop(this.into, loopIn(this.into, this.moved(this.from.loopOf(node))))
  }

  protected moved(loop: Loop): Loop {
    return movedTo(loop, (each) => this.placeOf(each))
  }

  /** What a loop gives, by its node there and what stands for it here. */
  protected result(loop: number, node: number): number {
    const { b, c } = this.from
    return this.into.resultOf(loop, b[node]!, c[node]!)
  }

  private grown(): Int32Array {
    if (this.places.length < this.from.size) {
      const larger = new Int32Array(2 * this.from.size).fill(none)
      larger.set(this.places)
      this.places = larger
    }
    return this.places
  }
}

/** A loop in the terms of the recording that it comes to. */
const loopIn = (into: Recording, loop: Loop): Loop => {
  if (loop.body.primitivesOnly === into.primitivesOnly) return loop
  const body = new Recording(into.primitivesOnly)
  for (let i = 0; i < loop.inputs.length; i++) body.input(i, NaN)
  const copier = new Copier(loop.body, body, (index) => body.inputs[index]!)
  copier.nodesOf(rootsOf(loop))
  const placeOf = (node: number): number => copier.nodesOf([node])[0]!
  return {
    ...loop,
    body,
    outputs: loop.outputs.map(placeOf),
    inputs: loop.inputs.map((input) => (input.kind === 'carry' ? { ...input, next: placeOf(input.next) } : input)),
  }
}
