/** What a frame of a stack is in: `at f (file:///a/b.js:1:2)` in V8, `f@https://a/b.js:1:2` elsewhere. */
const fileOf = (frame: string): string => /([^\s()@]+):\d+:\d+\)?$/.exec(frame)?.[1] ?? ''

/**
 * The lines of a stack that are not of this library, the innermost first. Of the library is what lies where the innermost line
 * does, in its sources or in what is built of them; where that is one file with the code of its user, all lines are shown.
 */
export const userFrames = ({ stack = '' }: Error): readonly string[] => {
  const frames = stack.split('\n').filter((line) => fileOf(line) !== '')
  const first = fileOf(frames[0] ?? '')
  const end = Math.max(first.lastIndexOf('/src/') + 5, first.lastIndexOf('/dist/') + 6)
  const library = end > 5 ? first.slice(0, end) : first
  const outside = frames.filter((line) => !fileOf(line).startsWith(library) && !fileOf(line).startsWith('node:'))
  return outside.length > 0 ? outside.slice(0, 4) : frames.slice(0, 16)
}
