/**
 * The first key that an object of a JSON text has twice, of which `JSON.parse` would take the last; undefined if there is
 * none. The text is known to be JSON.
 */
export const duplicateKey = (json: string): string | undefined => {
  // the keys of the objects that are open; null for an array
  const open: (Set<string> | null)[] = []
  for (let at = 0; at < json.length; at++) {
    const character = json[at]
    if (character === '{') open.push(new Set())
    else if (character === '[') open.push(null)
    else if (character === '}' || character === ']') open.pop()
    else if (character === '"') {
      const end = endOfString(json, at)
      const keys = open.at(-1)
      if (keys && isKey(json, end)) {
        const key = JSON.parse(json.slice(at, end)) as string
        if (keys.has(key)) return key
        keys.add(key)
      }
      at = end - 1
    }
  }
  return undefined
}

/** The place after the quotation mark that ends the string that begins at `start`. */
const endOfString = (json: string, start: number): number => {
  for (let at = start; ; ) {
    at = json.indexOf('"', at + 1)
    let slashes = 0
    while (json[at - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return at + 1
  }
}

const isKey = (json: string, end: number): boolean => {
  while (/\s/.test(json[end]!)) end++
  return json[end] === ':'
}
