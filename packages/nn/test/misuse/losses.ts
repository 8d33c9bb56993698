import * as lossModules from '../../src/losses/modules.js'
import type { Entry } from './entries.js'
import { functions } from './functions.js'

/** The function of a loss module, by the name of its class. */
export const functionOf = (name: string): string => {
  const stem = name.replace(/Loss$/, '')
  return `${stem[0]!.toLowerCase()}${stem.slice(1)}`
}

/** Modules of losses: made with the options of their functions. */
export const modules: Readonly<Record<string, Entry>> = Object.fromEntries(
  Object.keys(lossModules).map((name) => {
    const { args, options } = functions[functionOf(name)]!
    const hasOptions = Object.getPrototypeOf(args().at(-1)) === Object.prototype
    const made = (): object => (hasOptions ? (args().at(-1) as object) : {})
    // ranges are checked when the loss is computed
    const numbers = Object.entries(made()).filter(([, value]) => typeof value === 'number')
    const may = Object.fromEntries(numbers.map(([option]) => [option, `nan ${options?.[option] ?? ''}`.trim()]))
    return [name, { args: () => [made()], options: { ...options, ...may } }]
  }),
)
