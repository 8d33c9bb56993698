/** A ridge of hills, drawn by hand: corners from left to right. */
export const ridge: readonly (readonly [x: number, y: number])[] = [
  [-2, -0.62],
  [-1.86, -0.5],
  [-1.71, -0.12],
  [-1.6, -0.2],
  [-1.44, 0.46],
  [-1.36, 0.38],
  [-1.22, 0.71],
  [-1.05, 0.2],
  [-0.93, 0.27],
  [-0.74, -0.31],
  [-0.55, -0.42],
  [-0.41, -0.05],
  [-0.3, -0.11],
  [-0.12, 0.58],
  [-0.03, 0.49],
  [0.14, 1.02],
  [0.22, 0.9],
  [0.31, 0.97],
  [0.52, 0.22],
  [0.66, 0.3],
  [0.85, -0.24],
  [1.04, -0.55],
  [1.21, -0.47],
  [1.38, -0.02],
  [1.5, -0.08],
  [1.63, 0.33],
  [1.79, 0.05],
  [2, -0.4],
]

/** The height of a drawn line at x, straight between its corners. */
export const heightAt = (line: typeof ridge, x: number): number => {
  const after = Math.max(
    1,
    line.findIndex(([corner]) => corner >= x),
  )
  const [[left, low], [right, high]] = [line[after - 1]!, line[after]!]
  return low + ((high - low) * (x - left)) / (right - left)
}
