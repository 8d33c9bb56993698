export type { Bytes } from './bytes.js'
export { FormatError } from './errors.js'
export { readNpy, writeNpy } from './numpy/npy.js'
export { readNpz, type WriteNpzOptions, writeNpz } from './numpy/npz.js'
export type { SafetensorsEntry, SafetensorsHeader } from './safetensors/header.js'
export {
  openSafetensors,
  type ReadSafetensorsOptions,
  readSafetensors,
  readSafetensorsHeader,
  type SafetensorsFile,
} from './safetensors/read.js'
export { type WriteSafetensorsOptions, writeSafetensors } from './safetensors/write.js'
export type { Tree } from './tree.js'
