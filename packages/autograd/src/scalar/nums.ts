import type { Algebra } from '../rules/algebra.js'
import { byApply } from '../rules/by-apply.js'
import { applied, type Scalar } from './num.js'

/** Rules over whatever numbers there are: so a derivative, which is an expression, is computed where outer differentiations follow. */
export const nums: Algebra<Scalar> = byApply(applied)
