type Fn = (...args: never[]) => unknown

/** The parameters of a function as they stand in its source; null where that does not say them. */
export const parametersOf = (f: Fn): readonly string[] | null => {
  const source = Function.prototype.toString.call(f).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  const list = /^(?:async\s*)?(?:function\b[^(]*|[\w$]+\s*)?\(([^()]*)\)/.exec(source) ?? []
  const found = list[1] ?? /^(?:async\s+)?([\p{L}\p{N}$_]+)\s*=>/u.exec(source)?.[1]
  return (
    found
      ?.split(',')
      .map((parameter) => parameter.trim())
      .filter((parameter) => parameter !== '') ?? null
  )
}

/**
 * What a function calls its arguments, as far as its source says it: an identifier each, none where one is taken apart or has a
 * default.
 */
export const parameterNames = (f: Fn): readonly (string | null)[] => {
  const names = parametersOf(f) ?? []
  return names.every((name) => /^[\w$]+$/.test(name)) ? names : []
}
