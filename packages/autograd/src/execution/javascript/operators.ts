import type { Primitive } from '../../rules/algebra.js'

/** Primitives written out; the others are called by name. */
export const operators: { readonly [K in Primitive]?: (...args: string[]) => string } = {
  neg: (x) => `-${x}`,
  add: (a, b) => `${a} + ${b}`,
  sub: (a, b) => `${a} - ${b}`,
  mul: (a, b) => `${a} * ${b}`,
  div: (a, b) => `${a} / ${b}`,
  scale: (g, p) => `${g} === 0 || ${p} === 0 ? 0 : ${g} * ${p}`,
  equal: (a, b) => `${a} === ${b} ? 1 : 0`,
  less: (a, b) => `${a} < ${b} ? 1 : 0`,
  lessEqual: (a, b) => `${a} <= ${b} ? 1 : 0`,
  logicalNot: (x) => `${x} === 0 ? 1 : 0`,
  logicalAnd: (a, b) => `${a} !== 0 && ${b} !== 0 ? 1 : 0`,
  logicalOr: (a, b) => `${a} !== 0 || ${b} !== 0 ? 1 : 0`,
  select: (condition, a, b) => `${condition} !== 0 ? ${a} : ${b}`,
}
