export {
  absolute,
  product,
  type SequenceScheduleOptions,
  sequence,
  type WarmUpScheduleOptions,
  warmUp,
} from './schedules/composed.js'
export { type ConstantScheduleOptions, constant } from './schedules/constant.js'
export {
  type CosineRestartsScheduleOptions,
  type CosineScheduleOptions,
  cosine,
  cosineRestarts,
} from './schedules/cosine.js'
export { type CyclicScheduleOptions, cyclic } from './schedules/cyclic.js'
export {
  type ExponentialScheduleOptions,
  exponential,
  type InverseSquareRootScheduleOptions,
  inverseSquareRoot,
  type PolynomialScheduleOptions,
  polynomial,
} from './schedules/decays.js'
export { type LinearScheduleOptions, linear } from './schedules/linear.js'
export { type OneCycleScheduleOptions, oneCycle } from './schedules/one-cycle.js'
export { type Plateau, type PlateauOptions, type PlateauState, plateau } from './schedules/plateau.js'
export type { Schedule } from './schedules/schedule.js'
export { type MultistepScheduleOptions, multistep, type StepScheduleOptions, step } from './schedules/stepped.js'
