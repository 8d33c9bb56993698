import { encode } from 'fast-png'

/**
 * Ink from 0 to 1 in rows of `width` as an image in HTML, for pictures of very many pixels. The style of the page turns it
 * light on dark.
 */
export const inkImage = (ink: ArrayLike<number>, width: number, alt: string): string => {
  const height = ink.length / width
  const data = new Uint8Array(2 * ink.length)
  for (let i = 0; i < ink.length; i++) data[2 * i + 1] = Math.round(255 * Math.min(1, Math.max(0, ink[i]!)))
  const png = Buffer.from(encode({ width, height, channels: 2, depth: 8, data })).toString('base64')
  return `<img class="ink" width="${width}" height="${height}" alt="${alt}" src="data:image/png;base64,${png}">`
}
