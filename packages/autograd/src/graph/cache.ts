/** A map that forgets its oldest entry when it is full. */
export class Cache<K, V> {
  private readonly entries = new Map<K, V>()

  constructor(private readonly limit: number) {}

  get(key: K): V | undefined {
    return this.entries.get(key)
  }

  set(key: K, value: V): V {
    if (this.entries.size >= this.limit) {
      for (const oldest of this.entries.keys()) {
        this.entries.delete(oldest)
        break
      }
    }
    this.entries.set(key, value)
    return value
  }
}
