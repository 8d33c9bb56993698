const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text as it must stand in HTML and SVG. */
export const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character]!)
