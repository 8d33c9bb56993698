export type { BlackBox, BlackBoxes, BlackBoxOptions, PlainLike, PlainNumbers } from './black-box.js'
export type { Diagnosis } from './causes/diagnose.js'
export type { Comparison, Element } from './comparison/agreement.js'
export type { TaylorTest } from './comparison/taylor.js'
export type { Culprit } from './culprits/culprit.js'
export { assertGradients, gradcheck } from './gradcheck.js'
export type { GradcheckOptions } from './options.js'
export { GradcheckError, type OrderReport, type Report, type Verdict } from './report/report.js'
export type { Checked, Summary } from './report/summary.js'
export { reportToHtml } from './report/to-html.js'
export type { WrongTensor } from './report/wrong.js'
export type { Doubt, DoubtKind } from './subject/doubt.js'
export type { Mode } from './subject/mode.js'
export type { Passed } from './subject/plain.js'
export {
  type BlackBoxCheck,
  type CheckProgress,
  type FunctionCheck,
  type GradcheckAll,
  type GradcheckAllOptions,
  gradcheckAll,
} from './table.js'
export { type TaylorOptions, taylorTest } from './taylor.js'
