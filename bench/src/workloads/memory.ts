const units: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }

/** How many bytes the intermediate results of a compiled function take; null for what is not compiled. */
export const intermediatesOf = (step: object): number | null => {
  if (!('explain' in step)) return null
  const found = /of which ([\d.]+) (\w+) for intermediate results/.exec((step.explain as () => string)())
  return found === null ? null : Number(found[1]) * units[found[2]!]!
}
