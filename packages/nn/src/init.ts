export * from './init/draws.js'
export type { Fans, Initializer, InitializerOptions } from './init/initializer.js'
export * from './init/patterned.js'
export {
  type GainOption,
  type KaimingOptions,
  kaimingNormal,
  kaimingUniform,
  lecunNormal,
  lecunUniform,
  xavierNormal,
  xavierUniform,
} from './init/scaled.js'
