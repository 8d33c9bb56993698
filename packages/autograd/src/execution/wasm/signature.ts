import type { StraightLine } from '../../rules/straight-line.js'
import type { StepForm } from './loops/kernel.js'

/** What has been found or made for one signature. */
export interface Slot<T> {
  readonly signature: readonly number[]
  content: T | undefined
}

/**
 * Things by the signature of a step: equal for steps that one function can serve. A signature is a list of numbers, which is
 * made and found several times as fast as a text. When there are too many, the oldest are forgotten.
 */
export class BySignature<T> {
  private readonly slots = new Map<number, Slot<T>[]>()
  private readonly words = new Map<string, number>()
  private readonly numbers: number[] = []
  private count = 0

  constructor(private readonly limit: number) {}

  /** @param program what the step computes of elements, if it does */
  slotOf(step: StepForm, program: StraightLine | null): Slot<T> {
    const { numbers } = this
    numbers.length = 0
    if (program === null)
      this.write(step.kind !== 'kernel' ? step.kind : 'key' in step.kernel ? step.kernel.key : step.kernel)
    else this.write(program.key)
    switch (step.kind) {
      case 'map':
        this.write(step.shape)
        break
      case 'reduce':
        this.write(step.by)
        this.write(step.axes)
        this.write(step.divisor)
        this.write(step.shape)
        break
      case 'contract':
        this.write(step.by)
        this.write(step.summed)
    }
    for (let i = 0; i < step.inputs.length; i++) {
      const { dtype, shape, strides } = step.inputs[i]!
      this.write(dtype)
      this.write(shape)
      this.write(strides)
    }
    for (let i = 0; i < step.outs.length; i++) {
      const { dtype, shape } = step.outs[i]!
      this.write(dtype)
      this.write(shape)
    }
    return this.find()
  }

  private write(thing: unknown): void {
    if (typeof thing === 'number') this.numbers.push(thing)
    else if (typeof thing === 'string') this.numbers.push(this.wordOf(thing))
    else if (Array.isArray(thing)) {
      this.numbers.push(thing.length)
      for (let i = 0; i < thing.length; i++) this.write(thing[i])
    } else if (typeof thing === 'object' && thing !== null) {
      for (const name in thing) {
        this.numbers.push(this.wordOf(name))
        this.write((thing as Record<string, unknown>)[name])
      }
    } else this.numbers.push(this.wordOf(String(thing)))
  }

  private wordOf(word: string): number {
    let known = this.words.get(word)
    if (known === undefined) {
      known = this.words.size
      this.words.set(word, known)
    }
    return known
  }

  private find(): Slot<T> {
    const { numbers } = this
    let hash = numbers.length
    for (let i = 0; i < numbers.length; i++) hash = Math.imul(hash ^ numbers[i]!, 0x01000193)
    let alike = this.slots.get(hash)
    if (alike === undefined) {
      alike = []
      this.slots.set(hash, alike)
    }
    for (let i = 0; i < alike.length; i++) if (isSame(alike[i]!.signature, numbers)) return alike[i]!
    const slot: Slot<T> = { signature: [...numbers], content: undefined }
    alike.push(slot)
    if (++this.count > this.limit) this.forget()
    return slot
  }

  private forget(): void {
    for (const [hash, slots] of this.slots) {
      this.slots.delete(hash)
      this.count -= slots.length
      return
    }
  }
}

const isSame = (a: readonly number[], b: readonly number[]): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false
  return true
}
