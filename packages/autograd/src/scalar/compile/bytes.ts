/** Bytes being written: a program has millions, too many for lists of numbers. */
export class Bytes {
  private bytes = new Uint8Array(1024)
  private view = new DataView(this.bytes.buffer)
  size = 0

  byte(value: number): void {
    if (this.size === this.bytes.length) this.grow(1)
    this.bytes[this.size++] = value
  }

  /** From 0 to 2^32 - 1, as LEB128. */
  unsigned(value: number): void {
    let rest = value >>> 0
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    this.byte(rest)
  }

  /** From 0 to 2^31 - 1, as signed LEB128. */
  signed(value: number): void {
    let rest = value
    while (rest > 0x3f) {
      this.byte((rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    this.byte(rest)
  }

  float64(value: number): void {
    if (this.size + 8 > this.bytes.length) this.grow(8)
    this.view.setFloat64(this.size, value, true)
    this.size += 8
  }

  text(text: string): void {
    const encoded = new TextEncoder().encode(text)
    this.unsigned(encoded.length)
    this.append(encoded)
  }

  append(more: Uint8Array): void {
    if (this.size + more.length > this.bytes.length) this.grow(more.length)
    this.bytes.set(more, this.size)
    this.size += more.length
  }

  /** What has been written, with its length before it. */
  sized(content: Bytes): void {
    this.unsigned(content.size)
    this.append(content.written())
  }

  written(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.size)
  }

  private grow(more: number): void {
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.size + more))
    larger.set(this.bytes)
    this.bytes = larger
    this.view = new DataView(larger.buffer)
  }
}
