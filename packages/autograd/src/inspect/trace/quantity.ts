import { type Shape, sizeOf } from '../../graph/shape.js'
import { denseData, type Value } from '../../graph/value.js'
import type { Element, Elements, Quantity, Summary } from './schema.js'

/** JSON does not know -0 either. */
export const elementOf = (number: number): Element =>
  Number.isFinite(number) ? number + 0 : (String(number) as Element)

/** An element as the number that it is. */
export const numberOf = (element: Element): number => Number(element)

/** The elements of a tensor as plain data, or a summary of more than `limit`. */
export const quantityOf = (value: Value, limit: number): Quantity => {
  const { shape } = value
  if (shape.length === 0) return elementOf(value.data[value.offset]!)
  const data = denseData(value)
  return sizeOf(shape) <= limit ? elementsOf(data, shape) : summaryOf(data)
}

/** Numbers in row-major order as plain data, or a summary of more than `limit`. */
export const quantityOfNumbers = (numbers: readonly number[], shape: Shape, limit: number): Quantity =>
  shape.length === 0 || numbers.length <= limit ? elementsOf(numbers, shape) : summaryOf(numbers)

/** Numbers in row-major order as the elements of a tensor. */
export const elementsOf = (data: ArrayLike<number>, shape: Shape): Elements => {
  let at = 0
  const level = (axis: number): Elements =>
    axis === shape.length ? elementOf(data[at++]!) : Array.from({ length: shape[axis]! }, () => level(axis + 1))
  return level(0)
}

const summaryOf = (data: ArrayLike<number>): Summary => {
  let [least, largest, zeros, finite] = [Infinity, -Infinity, 0, 0]
  for (let i = 0; i < data.length; i++) {
    const number = data[i]!
    if (!Number.isFinite(number)) continue
    finite++
    if (number === 0) zeros++
    if (number < least) least = number
    if (number > largest) largest = number
  }
  const counts = { size: data.length, zeros, notFinite: data.length - finite }
  const scale = Math.max(-least, largest)
  if (finite === 0 || scale === 0) return { ...counts, least: 0, largest: 0, mean: 0, norm: 0 }
  // squares of large numbers would overflow
  let [sum, squares] = [0, 0]
  for (let i = 0; i < data.length; i++) {
    const number = data[i]! / scale
    if (!Number.isFinite(number)) continue
    sum += number
    squares += number * number
  }
  return { ...counts, least, largest, mean: (sum / finite) * scale, norm: Math.sqrt(squares) * scale }
}

export const isSummary = (quantity: Quantity): quantity is Summary =>
  typeof quantity === 'object' && !Array.isArray(quantity)

/** All elements of a quantity in row-major order; none of a summary. */
export const flatten = (quantity: Quantity): readonly number[] => {
  if (isSummary(quantity)) return []
  const list: number[] = []
  const walk = (elements: Elements): void => {
    if (typeof elements === 'object') elements.forEach(walk)
    else list.push(numberOf(elements))
  }
  walk(quantity)
  return list
}

/** What there is to say of a tensor, however many elements it has. */
export const summarized = (quantity: Quantity): Summary =>
  isSummary(quantity) ? quantity : summaryOf(flatten(quantity))
