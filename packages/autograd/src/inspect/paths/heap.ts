/** Takes out the largest first; of equals, what came first. */
export class Heap<T> {
  private readonly items: { readonly priority: number; readonly order: number; readonly item: T }[] = []
  private count = 0

  get size(): number {
    return this.items.length
  }

  push(priority: number, item: T): void {
    const { items } = this
    let at = items.length
    const entry = { priority, order: this.count++, item }
    items.push(entry)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(entry, items[parent]!)) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = entry
  }

  pop(): T | undefined {
    const { items } = this
    const first = items[0]
    const last = items.pop()
    if (first === undefined || items.length === 0) return first?.item
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= items.length) break
      if (child + 1 < items.length && isBefore(items[child + 1]!, items[child]!)) child++
      if (!isBefore(items[child]!, last!)) break
      items[at] = items[child]!
      at = child
    }
    items[at] = last!
    return first.item
  }
}

interface Entry {
  readonly priority: number
  readonly order: number
}
const isBefore = (a: Entry, b: Entry): boolean =>
  a.priority > b.priority || (a.priority === b.priority && a.order < b.order)
