/** Reads the numbers of a text one after the other. */
export class Reader {
  private readonly words: readonly string[]
  private at = 0

  constructor(text: string) {
    this.words = text.split(/\s+/).filter((word) => word !== '')
  }
  number(): number {
    return Number(this.words[this.at++])
  }
  numbers(count: number): number[] {
    return Array.from({ length: count }, () => this.number())
  }
  rows(count: number, length: number): number[][] {
    return Array.from({ length: count }, () => this.numbers(length))
  }
  /** Rows of which the text may have only the first, for all. */
  rowsOrOne(count: number, length: number, after: number): number[][] {
    const given = (this.words.length - this.at - after) / length
    const rows = this.rows(Math.min(count, given), length)
    return Array.from({ length: count }, (_, i) => rows[i % rows.length]!)
  }
}
