/** The colours of a picture, each for light and for dark. */
const palette = {
  paper: ['#fcfcfb', '#14161a'],
  card: ['#ffffff', '#1b1e24'],
  sunk: ['#f3f4f6', '#252932'],
  ink: ['#1c1f24', '#e6e8eb'],
  soft: ['#5c6470', '#9aa3af'],
  line: ['#e3e5e8', '#2d323a'],
  edge: ['#8a919c', '#717a87'],
  value: ['#1d4fd7', '#7aa7ff'],
  'value-tint': ['#e9effd', '#1d2940'],
  local: ['#6d3fc4', '#b79cf5'],
  'local-tint': ['#f1ecfb', '#2a2438'],
  'local-line': ['#c9b8ee', '#55477a'],
  adjoint: ['#b34a00', '#f0a35e'],
  'adjoint-tint': ['#fdf0e4', '#33261a'],
  'adjoint-mid': ['#cf7d3c', '#9a6536'],
  tangent: ['#0f766e', '#4fc9bb'],
  'tangent-tint': ['#e3f4f1', '#17302f'],
  good: ['#136f36', '#5fd08a'],
  bad: ['#b91c1c', '#ff8a80'],
} as const

/** The name of a colour in the grammar of pictures. */
export type Colour = keyof typeof palette

/** What a number is: it says the hue. Values go forward (blue), derivatives come back (orange). */
export type Quantity = 'value' | 'local' | 'adjoint' | 'tangent'

/** The class of the outermost element of every picture. All that a picture says of style is said of what is inside it. */
export const scope = 'adjoint'

const sans = `ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif`
const mono = `ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace`

const colours = (dark: 0 | 1): string =>
  `color-scheme:${dark ? 'dark' : 'light'};${Object.entries(palette)
    .map(([name, pair]) => `--${name}:${pair[dark]}`)
    .join(';')}`

/**
 * The colours as custom properties of every picture. A picture follows the reader's system, unless it or what it stands in
 * has `data-theme="light"` or `"dark"`; its own says more than that of what is around it.
 */
export const themeStyle = `.${scope}{${colours(0)};font-family:${sans};font-variant-numeric:tabular-nums}
@media (prefers-color-scheme:dark){.${scope}{${colours(1)}}}
[data-theme=light] .${scope}{${colours(0)}}
[data-theme=dark] .${scope}{${colours(1)}}
.${scope}[data-theme=light]{${colours(0)}}
.${scope}[data-theme=dark]{${colours(1)}}
.${scope} .code{font-family:${mono}}
@media print{.${scope}{print-color-adjust:exact}}`

/** A declaration of style in a colour. Readers of SVG that know no custom properties take the light one. */
export const paint = (property: 'fill' | 'stroke' | 'color' | 'background', colour: Colour): string =>
  `${property}:${palette[colour][0]};${property}:var(--${colour})`
