import type { BatchReport, Progress } from '@adjoint/nn'
import cliProgress from 'cli-progress'

/** A progress bar in the terminal, for `fit`. Where the output is no terminal, it prints a line now and then. */
export const progressBar = (): Progress => {
  const bar = new cliProgress.SingleBar({
    format: '{label} [{bar}] {percentage}%  epoch {epoch}  loss {loss}  {eta} s left',
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    barsize: 30,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 5_000,
    stopOnComplete: false,
  })
  return {
    start: (total, label) => bar.start(total ?? 0, 0, { label, epoch: 1, loss: '' }),
    update: (done, { epoch, loss }: BatchReport) => bar.update(done, { epoch, loss: loss.toFixed(4) }),
    stop: () => bar.stop(),
  }
}
