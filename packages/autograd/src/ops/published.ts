import { type Facts, forUsers, withFacts } from './facts.js'

/** The op for users: ops call each other as they are; users call them checked. */
export const published = <Op extends Facts & ((...args: never[]) => unknown)>(op: Op): Op =>
  withFacts(op.opName, forUsers(op.opName, op, op), op) as Op
