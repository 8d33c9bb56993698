// There is nothing to measure text with: nobody knows the font, and a server has none. These are widths of a wide sans
// (DejaVu's, in hundredths of its size), so that what fits here fits in narrower ones too.

const widths = new Map<string, number>()
const group = (width: number, letters: string): void => {
  for (const letter of letters) widths.set(letter, width)
}
group(28, "ijl'")
group(33, ' ,./:;|\\IJ')
group(40, 'ft()[]!-r"')
group(53, '?*_cszk`')
group(60, 'vxyeaLEFTYPZSKX^')
group(64, '0123456789bdghnopqu$é–')
group(70, 'ABCVRU{}σ')
group(79, 'DGHNOQ&×+<=>~#→−')
group(98, 'mwMW@%')

const usual = 64
const wide = 105

/** The width of a text in px, an upper bound in most fonts. Bold is about a tenth wider. */
export const textWidth = (text: string, size: number, bold = false): number => {
  let sum = 0
  for (const letter of text) sum += widths.get(letter) ?? (letter.codePointAt(0)! < 0x2e80 ? usual : wide)
  return (sum / 100) * size * (bold ? 1.1 : 1)
}

/** The text, or as much of its beginning as fits with an ellipsis after it. */
export const shortened = (text: string, room: number, size: number, bold = false): string => {
  if (textWidth(text, size, bold) <= room) return text
  const letters = [...text]
  while (letters.length > 1 && textWidth(`${letters.join('')}…`, size, bold) > room) letters.pop()
  return `${letters.join('')}…`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as XML and HTML want it, in elements and in attributes; what XML cannot hold is shown as �. */
export const escape = (text: string): string => {
  let escaped = ''
  for (const character of text)
    escaped += entities[character] ?? (isAllowed(character.codePointAt(0)!) ? character : '�')
  return escaped
}

/** Whether XML may contain it: no control characters, and no half of a pair. */
const isAllowed = (code: number): boolean =>
  code < 0x20
    ? [0x9, 0xa, 0xd].includes(code)
    : !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff

/** A length in px, short: a hundredth is finer than any screen. */
export const px = (x: number): string => String(Math.round(x * 100) / 100)
