import { rules } from '../../rules/table.js'
import { codeOf } from '../recording/codes.js'

/** How WebAssembly computes the rule of a node. */
export type Operation =
  /** An instruction on numbers. */
  | { readonly kind: 'arithmetic'; readonly opcode: number }
  /** An instruction whose result is true or false: of numbers, or of such. */
  | { readonly kind: 'comparison' | 'logic'; readonly opcode: number }
  | { readonly kind: 'choice' | 'scale' | 'call' }

const arithmetic = (opcode: number): Operation => ({ kind: 'arithmetic', opcode })
const comparison = (opcode: number): Operation => ({ kind: 'comparison', opcode })
const logic = (opcode: number): Operation => ({ kind: 'logic', opcode })
const call: Operation = { kind: 'call' }

const operations = new Map<number, Operation>([
  [codeOf(rules.abs), arithmetic(0x99)],
  [codeOf(rules.neg), arithmetic(0x9a)],
  [codeOf(rules.ceil), arithmetic(0x9b)],
  [codeOf(rules.floor), arithmetic(0x9c)],
  [codeOf(rules.trunc), arithmetic(0x9d)],
  [codeOf(rules.round), arithmetic(0x9e)],
  [codeOf(rules.sqrt), arithmetic(0x9f)],
  [codeOf(rules.add), arithmetic(0xa0)],
  [codeOf(rules.sub), arithmetic(0xa1)],
  [codeOf(rules.mul), arithmetic(0xa2)],
  [codeOf(rules.div), arithmetic(0xa3)],
  [codeOf(rules.minimum), arithmetic(0xa4)],
  [codeOf(rules.maximum), arithmetic(0xa5)],
  [codeOf(rules.equal), comparison(0x61)],
  [codeOf(rules.less), comparison(0x63)],
  [codeOf(rules.lessEqual), comparison(0x65)],
  [codeOf(rules.logicalNot), logic(0x45)],
  [codeOf(rules.logicalAnd), logic(0x71)],
  [codeOf(rules.logicalOr), logic(0x72)],
  [codeOf(rules.select), { kind: 'choice' }],
  [codeOf(rules.scale), { kind: 'scale' }],
])

/** What is no instruction is a call. */
export const operationOf = (code: number): Operation => operations.get(code) ?? call
