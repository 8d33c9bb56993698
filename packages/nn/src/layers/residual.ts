import { type Kind, kinds, type Shape, type Shaped, ShapeError, type Show, Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { refuseForeign } from '../copy.js'
import { ModuleError, OptionError, requireOption } from '../errors.js'
import { Module } from '../module/module.js'
import { formatShape, type MayMatch, sameShape } from '../shapes.js'
import { type Apply, Layer } from './layer.js'

/** What a `Residual` does to what it adds. */
export interface ResidualOptions<P extends Module | null = Module | null> {
  /**
   * What the module's result is multiplied by: a number, or a tensor that stretches to it, which is trained if it is a
   * parameter. Default 1.
   */
  readonly scale?: number | Tensor
  /** What x goes through before it is added, where the module changes its shape. Default none. */
  readonly projection?: P
}

const aModule = (wanted: string, accepts: (thing: unknown) => boolean): Kind => ({
  ...kinds.kind(wanted, accepts),
  refuse: refuseForeign,
})
const isModule = (thing: unknown): boolean => thing instanceof Module
const takes = checker('Residual', {
  module: aModule('a module, such as new Linear(3, 3)', isModule),
  options: {
    scale: kinds.kind('a number or a tensor', (thing) => typeof thing === 'number' || thing instanceof Tensor),
    projection: aModule('a module, or null', (thing) => thing === null || isModule(thing)),
  },
})

/**
 * A module around which x passes as well: x + scale * module(x), or projection(x) + scale * module(x) (He et al., Deep residual
 * learning for image recognition, 2016). A `scale` that starts as 0 and is trained makes deep models start as the identity:
 * `{ scale: parameter(tensor(0)) }`.
 *
 * @throws OptionError for what is no module, and for a scale that is not finite; ShapeError unless both have one shape
 * @example new Residual(new Linear(3, 3)).forward(zeros([2, 3]))   // Tensor<[2, 3]>
 * @example new Residual(new Linear(3, 5), { projection: new Linear(3, 5, { bias: false }) }).forward(zeros([2, 3]))   // Tensor<[2, 5]>
 */
export class Residual<M extends Module, P extends Module | null = null> extends Layer {
  declare readonly out: Sum<Apply<M, this['in']>, P extends Module ? Apply<P, this['in']> : Shaped<this['in']>>
  /** What x goes through. */
  readonly module: M
  /** What its result is multiplied by. */
  readonly scale: number | Tensor
  /** What x goes through before it is added; null where it is added as it is. */
  readonly projection: P

  constructor(module: M, options: ResidualOptions<P> = {}) {
    takes(arguments)
    super()
    const { scale = 1, projection = null } = options
    for (const [name, part] of Object.entries({ module, projection })) {
      if (part === null || typeof (part as Partial<Runs>).forward === 'function') continue
      throw new OptionError(`Residual: ${name} has no forward(x); pass a module that has one.`)
    }
    if (typeof scale === 'number') requireOption('Residual', 'scale', scale, Number.isFinite(scale), 'a finite number')
    this.module = module
    this.scale = scale
    this.projection = projection as P
  }

  protected run(x: Tensor): Tensor {
    const { scale } = this
    const found = resultOf('module', this.module, x)
    const passed = this.projection === null ? x : resultOf('projection', this.projection, x)
    const added = typeof scale === 'number' && scale === 1 ? found : (found.mul(scale as never) as Tensor)
    if (sameShape(passed.shape, added.shape)) return passed.add(added)
    const remedy =
      this.projection === null
        ? 'give a projection to the shape of the module: { projection: new Linear(...) }'
        : 'choose modules that give one shape'
    throw new ShapeError(
      `Residual: ${this.projection === null ? 'x' : 'the projection'} has shape ${formatShape(passed.shape)} and the module gives ` +
        `${formatShape(added.shape)}; ${remedy}.`,
    )
  }
}

interface Runs {
  forward(x: Tensor): unknown
}

const resultOf = (name: string, module: Module, x: Tensor): Tensor => {
  const result = (module as unknown as Runs).forward(x)
  if (result instanceof Tensor) return result
  throw new ModuleError(
    `Residual: the ${name} gives no tensor but a thing of type ${typeof result}; write a module whose forward(x) returns one, and that ` +
      'has this one as a part.',
  )
}

/** Of two rules the sum: one shape, or a sentence. */
type Sum<F, X> =
  F extends Shaped<infer A>
    ? X extends Shaped<infer B>
      ? MayMatch<A, B> extends true
        ? Shaped<A>
        : `the module gives ${A extends Shape ? Show<A> : '?'}, which is not to be added to ${B extends Shape ? Show<B> : '?'}: give a projection`
      : X
    : F
