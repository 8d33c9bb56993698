import { escape } from '../drawing/text.js'
import { paint, scope, themeStyle } from '../drawing/theme.js'

/** A part of a page, which can be folded. */
export interface Section {
  readonly title: string
  readonly body: string
  readonly isOpen: boolean
}

/** Rows of a table; a cell may be a number, which stands on the right. */
export interface Table {
  readonly caption: string
  readonly columns: readonly string[]
  /** Which columns hold numbers. */
  readonly numeric: ReadonlySet<number>
  readonly rows: readonly (readonly string[])[]
}

/** Pictures of the same for screens of several widths: the broadest that has room is shown. */
export interface Variant {
  /** From this width of the screen on, in px. */
  readonly from: number
  readonly svg: string
}

export const variantsHtml = (variants: readonly Variant[]): string =>
  `<div class="pictures">${variants.map(({ svg }, i) => `<div class="p${i}">${svg}</div>`).join('\n')}</div>`

const variantsStyle = (variants: readonly Variant[]): string =>
  variants
    .map(({ from }, i) => {
      const next = variants[i + 1]?.from
      const range = [i === 0 ? '' : `(min-width:${from}px)`, next === undefined ? '' : `(max-width:${next - 0.02}px)`]
      const query = range.filter((part) => part !== '').join(' and ')
      return query === '' ? '' : `.p${i}{display:none}@media ${query}{.p${i}{display:block}}`
    })
    .join('')

export const tableHtml = ({ caption, columns, numeric, rows }: Table): string =>
  `<div class="scroll" tabindex="0" role="region" aria-label="${escape(caption)}"><table><caption>${escape(caption)}</caption>` +
  `<thead><tr>${columns.map((name, i) => `<th scope="col"${numeric.has(i) ? ' class="number"' : ''}>${escape(name)}</th>`).join('')}</tr></thead><tbody>` +
  rows
    .map((row) => {
      const cells = row.map((cell, i) =>
        i === 0
          ? `<th scope="row">${escape(cell)}</th>`
          : `<td${numeric.has(i) ? ' class="number"' : ''}>${escape(cell)}</td>`,
      )
      return `<tr>${cells.join('')}</tr>`
    })
    .join('\n') +
  '</tbody></table></div>'

const style = `${themeStyle}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0}
.page{min-height:100vh;padding:16px;${paint('background', 'paper')};${paint('color', 'ink')};font-size:16px;line-height:1.5}
.page>*{max-width:1376px;margin-left:auto;margin-right:auto}
.page header{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:baseline;justify-content:space-between}
.page h1{margin:0;font-size:22px;line-height:1.25;overflow-wrap:anywhere}
.page header p{margin:0;flex-basis:100%;${paint('color', 'soft')};overflow-wrap:anywhere}
.page details{margin-top:16px;border:1px solid;border-color:#e3e5e8;border-color:var(--line);border-radius:12px;${paint('background', 'card')}}
.page summary{padding:10px 16px;cursor:pointer;font-weight:600}
.page summary:focus-visible,.page button:focus-visible,.page .scroll:focus-visible{outline:2px solid;outline-color:var(--value);outline-offset:2px;border-radius:6px}
.page button{font:inherit;font-size:14px;padding:4px 12px;min-height:32px;border:1px solid;border-color:var(--edge);border-radius:8px;${paint('background', 'card')};color:inherit;cursor:pointer}
.page .pictures{overflow-x:auto;padding:0 0 8px}
.page .pictures svg{display:block;margin:0 auto}
.page pre{margin:0;padding:4px 16px 16px;overflow-x:auto;font-size:13px;line-height:1.6}
@media (max-width:767px){.page pre{white-space:pre-wrap;overflow-wrap:anywhere}}
.page ul{margin:0;padding:0 16px 16px 34px;overflow-wrap:anywhere}
.page .scroll{overflow-x:auto;padding:0 16px 16px}
.page table{border-collapse:collapse;font-size:13px}
.page caption{text-align:left;padding:4px 0 8px;font-size:14px;${paint('color', 'soft')}}
.page th,.page td{padding:4px 14px 4px 0;text-align:left;vertical-align:top;border-top:1px solid;border-color:#e3e5e8;border-color:var(--line);white-space:nowrap;font-weight:400}
.page thead th{border-top:0;${paint('color', 'soft')}}
.page tbody th{font-weight:700}
.page .number{text-align:right}
.page td.number{white-space:normal;min-width:11rem;max-width:27rem}`

/** Turns to the other theme than the one that is seen. */
const script = `const b=document.querySelector('button'),r=document.documentElement,q=matchMedia('(prefers-color-scheme: dark)')
const dark=()=>r.dataset.theme?r.dataset.theme==='dark':q.matches
const say=()=>{b.textContent=dark()?'Light':'Dark'}
b.hidden=false;say();q.onchange=say
b.onclick=()=>{r.dataset.theme=dark()?'light':'dark';say()}`

/** A page that needs nothing but itself. */
export const pageOf = (
  title: string,
  lead: string,
  sections: readonly Section[],
  variants: readonly Variant[],
): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>${style}
${variantsStyle(variants)}</style>
</head>
<body>
<main class="${scope} page">
<header><h1>${escape(title)}</h1><button type="button" hidden>Dark</button><p>${escape(lead)}</p></header>
${sections.map(({ title: name, body, isOpen }) => `<details${isOpen ? ' open' : ''}><summary>${escape(name)}</summary>\n${body}\n</details>`).join('\n')}
</main>
<script>${script}</script>
</body>
</html>
`
