export { complete, type FullAlgebra } from './complete.js'
export { print } from './print.js'
export { type RuleName, rules } from './table.js'
