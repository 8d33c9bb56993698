import { type AnyTensor, type OptionKinds, Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { isObject } from '../kinds.js'
import { Module } from '../module/module.js'

type Loss = (...args: never[]) => unknown

/** What forward takes: what the function does, as far as options that change shapes are not given to the constructor. */
type Forward<F extends Loss, O> = O extends
  | { readonly reduction: unknown }
  | { readonly axis: unknown }
  | { readonly keepDims: unknown }
  ? (...tensors: AnyTensor[]) => Tensor
  : F

/** A loss with its options. */
export interface LossModule<F extends Loss, O> extends Module {
  /** The loss of tensors, as the function computes it; options given here take the place of those of the module. */
  readonly forward: Forward<F, O>
  /** What it was made with. */
  readonly options: O
}

/** The class of a loss, or of another function of tensors with options at their end. */
export interface LossClass<F extends Loss, Options> {
  new <const O extends Options = Options & {}>(options?: O): LossModule<F, O>
}

export const lossModule =
  <F extends Loss>(name: string, f: F, options: OptionKinds) =>
  <Options extends object>(): LossClass<F, Options> => {
    const takes = checker(name, { options })
    const classes = {
      [name]: class extends Module {
        readonly options: object
        constructor(options: object = {}) {
          takes(arguments)
          super()
          this.options = { ...options }
        }
        forward(...args: unknown[]): unknown {
          const last = args.at(-1)
          const given = isObject(last) && !(last instanceof Tensor) ? last : undefined
          const tensors = given === undefined ? args : args.slice(0, -1)
          return (f as unknown as (...args: unknown[]) => unknown)(...tensors, { ...this.options, ...given })
        }
        protected override details(): string {
          return Object.entries(this.options)
            .map(([option, value]) => `${option}: ${value}`)
            .join(', ')
        }
      },
    }
    return classes[name] as unknown as LossClass<F, Options>
  }
