/** How often each digit (row) is taken for each (column), as an HTML table: the tint of a mistake says how many there are. */
export const confusionPicture = (counts: readonly (readonly number[])[]): string => {
  const most = Math.max(...counts.flatMap((row, i) => row.filter((_, j) => j !== i)), 1)
  const head = counts.map((_, digit) => `<th scope="col">${digit}</th>`).join('')
  const rows = counts.map((row, truth) => {
    const cells = row.map((count, prediction) => {
      if (truth === prediction) return `<td class="hit">${count}</td>`
      if (count === 0) return '<td></td>'
      return `<td class="miss" style="--tint: ${Math.round((60 * count) / most + 10)}%">${count}</td>`
    })
    return `<tr><th scope="row">${truth}</th>${cells.join('')}</tr>`
  })
  return `<table class="confusion"><thead><tr><th aria-label="is, taken for"></th>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`
}
