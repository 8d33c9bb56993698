/** Whether brackets outside of strings stand this deep in each other. */
export const nestsMoreThan = (json: string, most: number): boolean => {
  let depth = 0
  let isQuoted = false
  for (let i = 0; i < json.length; i++) {
    const char = json.charCodeAt(i)
    if (char === 0x22) isQuoted = !isQuoted
    else if (isQuoted) {
      // what follows a backslash ends no string
      if (char === 0x5c) i++
    } else if (char === 0x7b || char === 0x5b) {
      if (++depth > most) return true
    } else if (char === 0x7d || char === 0x5d) depth--
  }
  return false
}
