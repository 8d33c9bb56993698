import { ShapeError } from '../graph/errors.js'
import { noteLook } from '../graph/looks.js'
import { Node } from '../graph/node.js'
import { frozenShape, type Shape, sizeOf } from '../graph/shape.js'
import { type InspectOptions, inspected } from './display.js'
import { takes } from './method.js'
import { type JsonTensor, type PlainTensor, toJson, toPlain } from './plain.js'

/** What a tensor is to JavaScript itself: as a number, as text, as plain data. Tensor takes these properties over. */
export abstract class JavaScriptValue<S> extends Node<S> {
  /**
   * The number that JavaScript takes a tensor of one element for: `Number(loss)`, `loss > 0`, `loss + 1`. As text
   * (`String(x)`, in a template) a tensor is its dtype and shape.
   *
   * @internal
   * @throws ShapeError where a number is asked of more elements, or none
   */
  [Symbol.toPrimitive](hint: string): number | string {
    if (hint === 'string') return this.toString()
    const size = sizeOf(this.sizes as Shape)
    if (size === 1) return this.item()
    throw new ShapeError(
      `A tensor (${this}) of ${size} elements is no number. JavaScript's operators and functions take tensors of one ` +
        'element only, and make numbers of them: write a.add(b) for a + b, a.greater(b) for a > b, a.max() for Math.max; ' +
        'toArray() or data for the elements, String(x) for a text.',
    )
  }

  /** @internal */
  abstract item(): number

  /**
   * The tensor as plain data, { shape, dtype, data }, with a copy of the elements. That can be cloned, stored and sent to
   * other threads (`postMessage`), which a tensor itself cannot; `tensor(plain)` makes an equal one of it.
   *
   * @example
   * const plain = tensor([1, 2]).toPlain()
   * tensor(structuredClone(plain, { transfer: [plain.data.buffer] }))   // [1, 2]
   */
  toPlain(): PlainTensor<S> {
    takes.toPlain(this, arguments)
    noteLook(this)
    return toPlain(this as Node) as PlainTensor<S>
  }

  /**
   * What `JSON.stringify` writes: { shape, dtype, data }, the elements as numbers, or as text where JSON has no number:
   * 'NaN', 'Infinity', '-Infinity', '-0'. `tensor` makes an equal tensor of it.
   *
   * @example tensor(JSON.parse(JSON.stringify(tensor([1, Infinity]))))   // [1, Infinity]
   */
  toJSON(): JsonTensor<S> {
    takes.toJSON(this, arguments)
    noteLook(this)
    return toJson(this as Node) as JsonTensor<S>
  }

  /** @internal How console.log shows it in Node and its like. A browser shows an object: log String(x) or x.toArray(). */
  [Symbol.for('nodejs.util.inspect.custom')](depth?: number | null, options?: InspectOptions): string {
    return inspected(this as Node, depth, options)
  }

  /** @internal What Object.prototype.toString shows, also where a bundler has renamed the class. */
  get [Symbol.toStringTag](): string {
    return 'Tensor'
  }
}

// A tensor is no array. Where JavaScript would take it for one, as Array.from and loops up to x.length do, there is a
// sentence. Types know nothing of these: the compiler refuses them.
const forArrays = (what: string, remedy: string): PropertyDescriptor => {
  function refuse(this: Node): never {
    throw new ShapeError(`${what}: a tensor (${this}) is no array; ${remedy}.`)
  }
  return { get: refuse, set: refuse }
}
Object.defineProperties(JavaScriptValue.prototype, {
  shape: {
    get(this: Node): Shape {
      return frozenShape(this.sizes)
    },
  },
  length: forArrays(
    'length',
    'use x.shape[0] for the number of rows, x.size for that of elements, x.data or x.toArray()',
  ),
  0: forArrays('[0]', 'use x.at(0) for a row or an element as a tensor, x.data[0] for a number, x.toArray()'),
})
