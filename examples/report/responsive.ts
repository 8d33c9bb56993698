/** A picture drawn twice: for screens that are narrow, and for others. Its text keeps its size on both. */
export const responsive = (draw: (width: number) => string, wide = 900): string =>
  `<div class="wide">${draw(wide)}</div><div class="narrow">${draw(344)}</div>`
