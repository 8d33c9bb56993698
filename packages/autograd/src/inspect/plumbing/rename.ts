const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A formula with other names for what it refers to: `names` has all that occur in it, each with what it becomes. */
export const renamed = (formula: string, names: ReadonlyMap<string, string>): string => {
  if ([...names].every(([from, to]) => from === to)) return formula
  const longestFirst = [...names.keys()].sort((a, b) => b.length - a.length).map(escaped)
  // no part of a longer word, and no function
  const word = new RegExp(`(?<![\\w.#$])(?:${longestFirst.join('|')})(?![\\w#$(]|\\.\\w)`, 'g')
  return formula.replace(word, (name) => names.get(name)!)
}
