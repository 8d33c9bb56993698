/** What a header says, as the text of each value. */
export type Fields = ReadonlyMap<string, string>

const entry =
  /\s*(?:'([^'\\]*)'|"([^"\\]*)")\s*:\s*(True|False|'[^'\\]*'|"[^"\\]*"|\([\d\sL,]*\)|\[.*\])\s*(?:,\s*|(?=\}))/sy

/**
 * The entries of a dictionary as Python writes it, of texts, truth values, tuples of integers and lists; undefined for
 * anything else.
 */
export const dictionaryOf = (text: string): Fields | undefined => {
  const start = /^\s*\{/.exec(text)
  if (start === null) return undefined
  const fields = new Map<string, string>()
  let at = start[0].length
  for (;;) {
    entry.lastIndex = at
    const found = entry.exec(text)
    if (found === null) break
    const name = (found[1] ?? found[2])!
    if (fields.has(name)) return undefined
    fields.set(name, found[3]!)
    at = entry.lastIndex
  }
  return /^\s*\}\s*$/.test(text.slice(at)) ? fields : undefined
}

/** The text that a value is. */
export const textOf = (value: string): string | undefined => /^(['"])(.*)\1$/s.exec(value)?.[2]

/** The sizes that a value is: '(2, 3)', '(3,)', '()'. */
export const sizesOf = (value: string): readonly number[] | undefined => {
  const inner = /^\((.*)\)$/s.exec(value)?.[1]?.trim()
  if (inner === undefined) return undefined
  if (inner === '') return []
  const items = inner.split(',').map((item) => item.trim())
  if (items.at(-1) === '') items.pop()
  else if (items.length === 1) return undefined
  if (!items.every((item) => /^\d+L?$/.test(item))) return undefined
  const sizes = items.map((item) => Number.parseInt(item, 10))
  return sizes.every(Number.isSafeInteger) ? sizes : undefined
}
