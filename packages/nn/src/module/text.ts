/** How a module is shown: by what stands on its own line, and what it is made of. */
export interface Shown {
  readonly name: string
  readonly details: string
  /** The whole text, of a class that writes its own; its parts are not shown then. */
  readonly text: string | null
}

/**
 * A module and its parts as a tree: a line each, and one for several neighbours that are alike.
 *
 * @param parts what is in it, at any depth, by dotted path, the whole itself first, by ''
 */
export const textOf = (parts: ReadonlyMap<string, Shown>): string => {
  const children = new Map<string, [path: string, label: string][]>()
  for (const path of parts.keys()) {
    if (path === '') continue
    const owner = ownerOf(path, parts)
    children.set(owner, [...(children.get(owner) ?? []), [path, owner === '' ? path : path.slice(owner.length + 1)]])
  }
  const show = (path: string): string => {
    const { name, details, text } = parts.get(path)!
    if (text !== null) return text
    const lines = linesOf((children.get(path) ?? []).map(([child, label]) => [label, show(child)]))
    if (lines.length === 0) return `${name}(${details})`
    return `${name}(${details}\n${lines.join('\n').replace(/^/gm, '  ')}\n)`
  }
  return show('')
}

/** The innermost part that a path goes through. */
const ownerOf = (path: string, parts: ReadonlyMap<string, unknown>): string => {
  for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
    if (parts.has(path.slice(0, end))) return path.slice(0, end)
  }
  return ''
}

const linesOf = (parts: readonly (readonly [label: string, text: string])[]): string[] => {
  const lines: string[] = []
  for (let i = 0; i < parts.length; ) {
    const [label, text] = parts[i]!
    let next = i + 1
    while (next < parts.length && parts[next]![1] === text) next++
    const alike = next - i
    lines.push(alike === 1 ? `(${label}): ${text}` : `(${label} to ${parts[next - 1]![0]}): ${alike} x ${text}`)
    i = next
  }
  return lines
}
