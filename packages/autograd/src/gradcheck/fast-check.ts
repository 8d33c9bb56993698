export { assertShapes, checkShapes, type ShapesOptions } from './shapes/check-shapes.js'
export type { Described, Sizes, TensorDescription, TensorsOf } from './shapes/layout.js'
export { type Counterexample, ShapesError, type ShapesReport } from './shapes/report.js'
export { tensors } from './shapes/tensors.js'
