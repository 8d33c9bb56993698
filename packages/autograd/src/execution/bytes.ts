/** A number with a unit for a reader: `1.50 MiB`. */
export const scaled = (amount: number, base: number, units: readonly string[]): string => {
  let unit = 0
  while (amount >= base && unit < units.length - 1) {
    amount /= base
    unit++
  }
  return `${unit === 0 ? amount : amount.toPrecision(3)} ${units[unit]}`.trim()
}

export const formatBytes = (bytes: number): string => scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB'])
