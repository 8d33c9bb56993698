/**
 * What a function calls its arguments, as far as its source says it: an identifier each, null for what is taken apart or has a
 * default.
 */
export const parameterNames = (f: (...args: never[]) => unknown): readonly (string | null)[] => {
  const source = Function.prototype.toString.call(f)
  const found =
    /^(?:async\s*)?(?:function\s*[\w$]*\s*)?\(([^()]*)\)/.exec(source) ?? /^(?:async\s+)?([\w$]+)\s*=>/.exec(source)
  if (found === null) return []
  const names = found[1]!.split(',').map((name) => name.trim())
  return names.every((name) => /^[\w$]+$/.test(name)) ? names : []
}
