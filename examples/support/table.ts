/** Which columns hold nothing but numbers and blanks. */
export const numericColumns = (header: readonly string[], rows: readonly (readonly string[])[]): boolean[] =>
  header.map((_, i) => rows.every((row) => /^[-+.\d]|^$/.test(row[i]!)))

/** Rows of text as a table with aligned columns; numbers to the right. */
export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const isNumeric = numericColumns(header, rows)
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (isNumeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()
  return [line(header), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}
