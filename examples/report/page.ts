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

/** A page that needs nothing but itself: no script, no font, no network. */
export const page = (
  title: string,
  lead: string,
  facts: readonly Fact[],
  sections: readonly Section[],
): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
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
<h2>${escape(title)}</h2>
${text.map((paragraph) => `<p>${escape(paragraph)}</p>`).join('\n')}
${body}
</section>`

/** Rows of text as an HTML table; columns of numbers are set to the right. */
export const tableHtml = (header: readonly string[], rows: readonly (readonly string[])[]): string => {
  const isNumeric = numericColumns(header, rows)
  const cells = (row: readonly string[], tag: string) =>
    row.map((cell, i) => `<${tag}${isNumeric[i] ? ' class="number"' : ''}>${escape(cell)}</${tag}>`).join('')
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')
  return `<div class="scroll"><table><thead><tr>${cells(header, 'th')}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** A picture with a line of text below it, which scrolls sideways where the screen is narrower. */
export const figureHtml = (picture: string, caption: string): string =>
  `<figure><div class="scroll">${picture}</div><figcaption>${escape(caption)}</figcaption></figure>`

/** Side by side where there is room. */
export const columnsHtml = (...columns: readonly string[]): string =>
  `<div class="columns">${columns.map((column) => `<div>${column}</div>`).join('')}</div>`

export const preHtml = (text: string): string => `<div class="scroll"><pre>${escape(text)}</pre></div>`

/** Sentences as a list. */
export const listHtml = (items: readonly string[]): string =>
  `<ul>${items.map((item) => `<li>${escape(item)}</li>`).join('\n')}</ul>`
