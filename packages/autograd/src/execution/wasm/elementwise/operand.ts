import { type Local, type Statement, v128 } from '../assembler/index.js'
import type { Vector } from '../math/vector.js'

/** A step's result in the code of a loop: numbers, or a truth value as a mask. The other form is made where it is used. */
export class Operand {
  /** Whether it is a truth value by itself. */
  readonly isMask: boolean
  private numbers: Local<'v128'> | undefined
  private truth: Local<'v128'> | undefined

  constructor(
    private readonly v: Vector,
    /** Takes the statements that convert it. */
    private readonly statements: Statement[],
    form: { readonly value: Local<'v128'> } | { readonly mask: Local<'v128'> },
    readonly constant?: number,
  ) {
    this.isMask = 'mask' in form
    if ('value' in form) this.numbers = form.value
    else this.truth = form.mask
  }

  get value(): Local<'v128'> {
    if (this.numbers === undefined) {
      this.numbers = this.v.local()
      this.statements.push(this.numbers.set(v128.and(this.truth!.get, this.v.constant(1))))
    }
    return this.numbers
  }

  get mask(): Local<'v128'> {
    if (this.truth === undefined) {
      this.truth = this.v.local()
      this.statements.push(this.truth.set(this.v.float.notEqual(this.numbers!.get, this.v.constant(0))))
    }
    return this.truth
  }
}
