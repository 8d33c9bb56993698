type Setting = number | boolean | string | readonly Setting[]

/** A setting as code has it. */
export const shownSetting = (thing: unknown): string =>
  Array.isArray(thing)
    ? `[${thing.map(shownSetting).join(', ')}]`
    : typeof thing === 'string'
      ? `'${thing}'`
      : `${thing}`

/** What a layer was made with, as code has it: its arguments, and those of its options that are not the default. */
export const shownSettings = (
  args: readonly Setting[],
  options: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): string => {
  const others = Object.entries(options)
    .map(([name, option]) => [name, shownSetting(option)] as const)
    .filter(([name, text]) => text !== shownSetting(defaults[name]))
    .map(([name, text]) => `${name}: ${text}`)
  const parts = args.map(shownSetting)
  return (others.length === 0 ? parts : [...parts, `{ ${others.join(', ')} }`]).join(', ')
}

/** Options without those that are undefined. */
export const given = (options: object): object =>
  Object.fromEntries(Object.entries(options).filter(([, option]) => option !== undefined))
