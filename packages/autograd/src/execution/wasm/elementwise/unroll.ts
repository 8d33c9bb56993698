/** Instructions in the body of a loop, up to which more than one vector is put there. */
const body = 64
/** And up to which a whole row is. */
const row = 160
const vectorsInRow = 16

/** How many vectors of so many instructions are computed in one round of a loop. */
export const vectorsAtOnce = (weight: number): number => Math.max(1, Math.min(4, 1 << (31 - Math.clz32(body / weight))))

/** Whether a row is short enough to be written out. */
export const isShort = (vectors: number, weight: number): boolean => vectors <= vectorsInRow && vectors * weight <= row
