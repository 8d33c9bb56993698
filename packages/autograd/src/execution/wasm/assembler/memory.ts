import type { Code, Statement } from './code.js'

/** Many bytes at once. Calling them costs as much as moving a few hundred bytes in vectors. */
export const memory = {
  /** Right also where the areas overlap. */
  copy: (to: Code<'i32'>, from: Code<'i32'>, bytes: Code<'i32'>): Statement => [to, from, bytes, 0xfc, 10, 0, 0],
  fill: (to: Code<'i32'>, byte: Code<'i32'>, bytes: Code<'i32'>): Statement => [to, byte, bytes, 0xfc, 11, 0],
}
