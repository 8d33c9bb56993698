import type { Entry } from './entries.js'

/** Modules, by what their constructors take. */
export const modules: Readonly<Record<string, Entry>> = {}
