export const style = `
:root {
  color-scheme: light dark;
  --paper: #fcfcfb; --card: #ffffff; --ink: #1c1f24; --soft: #5c6470; --line: #e3e5e8;
  --sunk: #f3f4f6; --edge: #8a919c; --value: #1d4fd7; --local: #6d3fc4; --adjoint: #b34a00; --tangent: #0f766e;
  --good: #136f36; --good-tint: #e7f6ec; --bad: #b91c1c; --accent: var(--value); --warm: var(--adjoint);
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14161a; --card: #1b1e24; --ink: #e6e8eb; --soft: #9aa3af; --line: #2d323a;
    --sunk: #252932; --edge: #717a87; --value: #7aa7ff; --local: #b79cf5; --adjoint: #f0a35e; --tangent: #4fc9bb;
    --good: #5fd08a; --good-tint: #1a2f22; --bad: #ff8a80;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 3rem 1.5rem 5rem; max-width: 68rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.6 ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
h1 { margin: 0; font-size: 2.2rem; line-height: 1.15; letter-spacing: -.02em; }
.above { margin-top: 1.4rem; }
h3 { margin: 2rem 0 0; font-size: 1.05rem; }
h2 { margin: 0 0 .5rem; font-size: 1.35rem; letter-spacing: -.01em; }
p { max-width: 44rem; margin: 0 0 .9rem; }
.lead { margin-top: .8rem; font-size: 1.1rem; color: var(--soft); }
.facts { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 1px; margin: 2rem 0 0;
  border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; background: var(--line); }
.facts div { display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: 1rem 1.1rem; background: var(--card); }
.facts dt { color: var(--soft); font-size: .85rem; line-height: 1.35; }
.facts dd { margin: 0; font-size: 1.5rem; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -.01em; }
section { margin-top: 3.2rem; padding-top: 1.8rem; border-top: 1px solid var(--line); }
.columns { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1.5rem 2.5rem; align-items: start; }
.columns > div { min-width: 0; }
.scroll { overflow-x: auto; max-width: 100%; }
figure { margin: 1.2rem 0 0; }
figure svg { display: block; height: auto; max-width: 100%; }
figcaption { margin-top: .5rem; color: var(--soft); font-size: .88rem; line-height: 1.45; max-width: 44rem; }
table { border-collapse: collapse; margin-top: .8rem; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .9rem .3rem 0; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 500; }
.number { text-align: right; }
pre { margin: .8rem 0 0; padding: 1rem 1.1rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card);
  font: .74rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.line { display: block; padding-left: calc((var(--in) + 4) * 1ch); text-indent: -4ch; }
.digits { display: grid; grid-template-columns: repeat(auto-fill, minmax(4.6rem, 1fr)); gap: .7rem; margin-top: 1rem; }
.digit { margin: 0; padding: .45rem .45rem .35rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); }
.digit svg { width: 100%; }
.digit figcaption { margin: .3rem 0 0; font-size: .78rem; text-align: center; line-height: 1.3; }
.digit b { font-size: 1rem; color: var(--good); }
.wrong { border-color: var(--bad); }
.wrong b { color: var(--bad); }
.truth { display: block; }
.opinions { grid-template-columns: repeat(9, minmax(0, 1fr)); }
.opinions figcaption { font-size: .74rem; }
.opinions span { display: block; white-space: nowrap; }
.opinions .lone b { color: var(--adjoint); }
.opinions .joint b { color: var(--value); }
.opinions .votes { color: var(--soft); margin-top: .2rem; white-space: normal; }
.adjoint { color: var(--adjoint); }
.adjoint svg { background: var(--sunk); border-radius: .3rem; }
.filters { display: grid; grid-template-columns: repeat(9, minmax(0, 1fr)); gap: .7rem; margin-top: 1.2rem; }
.filter { display: grid; gap: .35rem; margin: 0; padding: .45rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); color: var(--value); }
.filter svg { width: 100%; }
.filter svg + svg { background: var(--sunk); }
.filter.given { border-style: dashed; border-color: var(--edge); background: none; color: var(--ink); grid-template-rows: 1fr; }
.filter.given span { font-size: .78rem; color: var(--soft); aspect-ratio: 1; display: grid; place-items: center; }
.filter.given svg + svg { background: none; }
.confusion { width: 100%; max-width: 34rem; table-layout: fixed; font-size: .8rem; margin-top: 0; }
.confusion th, .confusion td { padding: .32rem 0; text-align: center; border: 1px solid var(--line); }
.confusion .hit { color: var(--good); background: var(--good-tint); }
.confusion .miss { background: color-mix(in srgb, var(--bad) var(--tint), transparent); }
.codes { display: grid; grid-template-columns: repeat(10, minmax(0, 1fr)); gap: .4rem; margin-top: 1rem; }
.codes svg { display: block; width: 100%; background: var(--card); border: 1px solid var(--line); border-radius: .3rem; }
.codes figure { display: grid; gap: .3rem; margin: 0; }
.columns .codes { grid-template-columns: repeat(6, minmax(0, 1fr)); margin-top: 0; }
.ink { display: block; width: 100%; height: auto; }
@media (prefers-color-scheme: dark) { .ink { filter: invert(1); } }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 2rem 1.5rem; margin-top: 1.4rem; }
.panel { margin: 0; min-width: 0; }
.panel h3 { margin: 0 0 .5rem; font-size: 1rem; line-height: 1.35; }
.panel svg { width: 100%; overflow: visible; }
.panel ul { list-style: none; margin: .3rem 0 0; padding: 0; font-size: .84rem; line-height: 1.5; font-variant-numeric: tabular-nums; }
.panel li { display: flex; align-items: center; gap: .5rem; margin: 0; }
.panel li svg { flex: none; width: 26px; }
.panel li b { margin-left: auto; font-weight: 600; white-space: nowrap; }
.narrow { display: none; }
.told { margin-top: 1.2rem; max-width: 44rem; }
.told h3 { margin: 0; font-size: .85rem; font-weight: 500; color: var(--soft); }
.told p { margin: .3rem 0 0; font: .86rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.told span { background: color-mix(in srgb, var(--adjoint) calc(var(--tint) * .75), transparent); white-space: pre-wrap; }
.heads p { font-size: .8rem; line-height: 1.7; overflow-x: auto; white-space: nowrap; }
.heads span { background: color-mix(in srgb, var(--value) calc(var(--tint) * .6), transparent); white-space: pre; }
ul { max-width: 44rem; margin: .4rem 0 0; padding-left: 1.2rem; }
li { margin: .3rem 0; }
@media (min-width: 68rem) {
  .beside { max-width: 86rem; padding-inline: 2.5rem; }
  .beside section { display: grid; grid-template-columns: 17rem minmax(0, 1fr); gap: 2.5rem; }
  .beside .words { position: sticky; top: 1.5rem; align-self: start; }
  .beside .body > :first-child { margin-top: 0; }
}
@media (max-width: 48rem) {
  .remarked, .remarked thead, .remarked tbody { display: block; width: 100%; }
  .remarked tr { display: grid; grid-template-columns: 4.6rem repeat(3, minmax(0, 1fr)); border-bottom: 1px solid var(--line); }
  .remarked :is(th, td) { border: 0; padding-right: .4rem; }
  .remarked th:last-child, .remarked td:last-child:empty { display: none; }
  .remarked td:last-child { grid-column: 1 / -1; padding-top: 0; color: var(--soft); white-space: normal; }
  .wide { display: none; }
  .narrow { display: block; }
  .opinions { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  .codes.through { grid-template-columns: repeat(5, minmax(0, 1fr)); }
  .walk { gap: .15rem; }
  .filters { grid-template-columns: repeat(6, minmax(0, 1fr)); gap: .4rem; }
  .filter { padding: .25rem; }
  body { padding: 2rem 1rem 4rem; }
  h1 { font-size: 1.8rem; }
  .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .columns { grid-template-columns: minmax(0, 1fr); }

}
`
