/** The number of insertions, deletions and replacements between two words (Levenshtein 1966). */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}

/** The candidate nearest to a word, the first of equals; undefined if there is none within `most` changes of letters. */
export const nearest = (
  word: string,
  candidates: Iterable<string>,
  most = Number.POSITIVE_INFINITY,
): string | undefined => {
  let best: string | undefined
  let least = most
  for (const candidate of candidates) {
    const changes = distance(word, candidate)
    if (best === undefined ? changes > least : changes >= least) continue
    least = changes
    best = candidate
  }
  return best
}
