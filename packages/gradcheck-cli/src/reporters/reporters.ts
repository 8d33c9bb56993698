import { human } from './human.js'
import { json } from './json.js'
import { junit } from './junit.js'
import type { Reporter } from './reporter.js'

/** How what was found is told, by name; the first is the one for people. */
export const reporters = { human, junit, json } as const satisfies Record<string, Reporter>

export type ReporterName = keyof typeof reporters
