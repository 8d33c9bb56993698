import { numericColumns } from '../support/table.js'
import { escape } from './escape.js'
import { style } from './style.js'

export interface Section {
  readonly title: string
  /** Paragraphs of plain text. */
  readonly text: readonly string[]
  /** HTML below the text. */
  readonly body: string
}

export interface Fact {
  readonly value: string
  readonly label: string
}

/** How a page is laid out. */
export interface PageOptions {
  /** Where there is room, the text of a section stands beside its body and not above. */
  readonly beside?: boolean
}

/** A page that needs nothing but itself: no script, no font, no network. */
export const page = (
  title: string,
  lead: string,
  facts: readonly Fact[],
  sections: readonly Section[],
  { beside = false }: PageOptions = {},
): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body${beside ? ' class="beside"' : ''}>
<header>
<h1>${escape(title)}</h1>
<p class="lead">${escape(lead)}</p>
<dl class="facts">${facts.map(({ value, label }) => `<div><dt>${escape(label)}</dt><dd>${escape(value)}</dd></div>`).join('')}</dl>
</header>
<main>
${sections.map(sectionHtml).join('\n')}
</main>
</body>
</html>
`

const sectionHtml = ({ title, text, body }: Section): string => `<section>
<div class="words"><h2>${escape(title)}</h2>
${text.map((paragraph) => `<p>${escape(paragraph)}</p>`).join('\n')}</div>
<div class="body">${body}</div>
</section>`

/**
 * Rows of text as an HTML table; columns of numbers are set to the right.
 *
 * @param remarks whether the last column holds remarks, which go below their rows where there is no room beside them
 */
export const tableHtml = (
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { remarks = false }: { readonly remarks?: boolean } = {},
): string => {
  const isNumeric = numericColumns(header, rows)
  const cells = (row: readonly string[], tag: string) =>
    row.map((cell, i) => `<${tag}${isNumeric[i] ? ' class="number"' : ''}>${escape(cell)}</${tag}>`).join('')
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')
  return `<div class="scroll"><table${remarks ? ' class="remarked"' : ''}><thead><tr>${cells(header, 'th')}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** A picture with a line of text below it, which scrolls sideways where the screen is narrower. */
export const figureHtml = (picture: string, caption: string): string =>
  `<figure><div class="scroll">${picture}</div><figcaption>${escape(caption)}</figcaption></figure>`

/** Side by side where there is room. */
export const columnsHtml = (...columns: readonly string[]): string =>
  `<div class="columns">${columns.map((column) => `<div>${column}</div>`).join('')}</div>`

/** Lines of text as they stand in a terminal. One that is too long goes on below, further in. */
export const preHtml = (text: string): string => `<pre>${text.split('\n').map(lineHtml).join('')}</pre>`

const lineHtml = (line: string): string => {
  const text = line.trimStart()
  return `<span class="line" style="--in:${line.length - text.length}">${escape(text)}\n</span>`
}

/** Sentences as a list. */
export const listHtml = (items: readonly string[]): string =>
  `<ul>${items.map((item) => `<li>${escape(item)}</li>`).join('\n')}</ul>`
