import type { CheckProgress } from '@adjoint/autograd/gradcheck'

/** Shows on a terminal how far the checks of a file are, in one line that is gone when they are done. */
export const progressOn = (terminal: Pick<NodeJS.WriteStream, 'write'>, file: string): CheckProgress => {
  let total = 0
  const show = (text: string): void => void terminal.write(`\r\x1b[K${text}`)
  return {
    start: (all) => {
      total = all
      show(`${file}: 0 of ${total}`)
    },
    update: (done, { name, verdict }) => show(`${file}: ${done} of ${total}, ${name}: ${verdict}`),
    stop: () => show(''),
  }
}
