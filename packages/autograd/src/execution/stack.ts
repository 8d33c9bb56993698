/** Where this library is: its sources, or what is built of them. */
const library = /* @__PURE__ */ (() => {
  const here = import.meta.url
  const end = Math.max(here.lastIndexOf('/src/') + 5, here.lastIndexOf('/dist/') + 6)
  return here.slice(here.indexOf('//') + 2, end)
})()

/** The lines of a stack that are not of this library, the innermost first; all of them where it is one file with its user's code. */
export const userFrames = ({ stack = '' }: Error, most = 4): readonly string[] => {
  const frames = stack.split('\n').filter((line) => /^\s+at |@/.test(line))
  const outside = frames.filter(
    (line) => !line.includes(library) && !line.includes('(node:') && !line.includes('node:internal'),
  )
  return (outside.length === 0 ? frames : outside).slice(0, most)
}
