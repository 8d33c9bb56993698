/** Some of the indices 0 to size - 1, by a rule. */
export type IndexSet = { readonly ways: number; readonly has: (index: number) => boolean } & (
  | { readonly kind: 'all' }
  | { readonly kind: 'ends' }
  | { readonly kind: 'one' | 'from' | 'to' | 'but'; readonly at: number }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'every'; readonly step: number; readonly from: number }
  | { readonly kind: 'few'; readonly list: readonly number[] }
)

/** In how many ways so many things can be chosen of all. */
export const choices = (all: number, chosen: number): number => {
  let count = 1
  for (let k = 1; k <= Math.min(chosen, all - chosen); k++) count *= (all - k + 1) / k
  return count
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

/** Above so many indices a list is no rule. */
const few = 3

/** The simplest rule by which these indices belong to a set and those do not; of others it is not known. */
export const simplestSet = (
  inside: ReadonlySet<number>,
  outside: ReadonlySet<number>,
  size: number,
): IndexSet | null => {
  const list = [...inside].sort((a, b) => a - b)
  const [first, last] = [list[0]!, list.at(-1)!]
  const step = list.reduce((common, index) => gcd(common, index - first), 0)
  const [missing] = outside
  const isCycle = step > 1 && (list.length > 2 || step === 2)
  const sets: readonly (IndexSet | false)[] = [
    { kind: 'all', ways: 1, has: () => true },
    first === last && { kind: 'one', at: first, ways: size, has: (index) => index === first },
    { kind: 'ends', ways: 2, has: (index) => index === 0 || index === size - 1 },
    { kind: 'from', at: first, ways: 2 * size, has: (index) => index >= first },
    { kind: 'to', at: last, ways: 2 * size, has: (index) => index <= last },
    outside.size === 1 && { kind: 'but', at: missing!, ways: 2 * size, has: (index) => index !== missing },
    isCycle && { kind: 'every', step, from: first, ways: 4 * size, has: (k) => k >= first && (k - first) % step === 0 },
    {
      kind: 'range',
      from: first,
      to: last,
      ways: first === size - 1 - last ? size : size * size,
      has: (index) => index >= first && index <= last,
    },
    list.length <= few && { kind: 'few', list, ways: choices(size, list.length), has: (index) => inside.has(index) },
  ]
  const isOne = (set: IndexSet | false): set is IndexSet =>
    set !== false && list.every(set.has) && ![...outside].some(set.has)
  return list.length === 0 ? null : (sets.find(isOne) ?? null)
}
