import { DTypeError, parameter, type Shape, ShapeError, Tensor } from '@adjoint/autograd'
import { rememberFirstValues } from '../init/first-values.js'
import type { Initializer, InitializerOptions } from '../init.js'
import { formatShape, sameShape } from '../shapes.js'

/**
 * A parameter with the first values that an initializer makes.
 *
 * @throws ShapeError or DTypeError if these are others than were asked for
 */
export const initial = <const S extends number[]>(
  owner: string,
  init: Initializer,
  shape: readonly [...S],
  options: InitializerOptions & { readonly dtype: Tensor['dtype'] },
): Tensor<S> => {
  const values: unknown = init(shape, options)
  const wanted = `${options.dtype}${formatShape(shape as Shape)}`
  if (!(values instanceof Tensor) || !sameShape(values.shape, shape)) {
    const given = values instanceof Tensor ? String(values) : `a thing of type ${typeof values}`
    throw new ShapeError(
      `${owner}: init gives ${given} for ${wanted}; return a tensor of the shape that it is called with.`,
    )
  }
  if (values.dtype !== options.dtype) {
    throw new DTypeError(`${owner}: init gives ${values} for ${wanted}; make it of the dtype in its options.`)
  }
  const made = parameter(values as Tensor<S>) as Tensor<S>
  const { fanIn, fanOut } = options
  const fans = { ...(fanIn !== undefined && { fanIn }), ...(fanOut !== undefined && { fanOut }) }
  rememberFirstValues(made, (init, options) => init([...shape] as number[], { ...fans, ...options }))
  return made
}
