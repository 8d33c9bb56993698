import { cpus } from 'node:os'
import type { AwkwardOutcome, FaultOutcome } from '../../packages/autograd/test/gradcheck/mutants/run.js'
import { awkwardTable, count, faultTable, type Group, markdown, secondsOf } from './tables.js'
import { type Torch, type TorchGroup, torchFindings } from './torch.js'

/** The proof as a page: what was found, and what PyTorch's gradcheck finds on the same. */
export const pageOf = (
  faults: readonly Group<FaultOutcome>[],
  awkward: readonly Group<AwkwardOutcome>[],
  seeds: number,
): string => {
  const { torch, isNow } = torchFindings()
  const all = faults.flatMap(({ outcomes }) => outcomes)
  const missed = all.filter(({ found }) => found !== 'caught')
  const alarms = awkward.flatMap(({ outcomes }) => outcomes.filter(({ found }) => found === 'false alarm'))
  const functions = awkward.reduce((total, { outcomes }) => total + outcomes.length / seeds, 0)
  return `# How good is gradcheck

\`npx tsx --conditions=source scripts/gradcheck/index.ts --seeds ${seeds} --write docs/gradcheck-proof.md\` wrote this page: [gradcheck](gradcheck.md) on
${all.length} wrong derivatives and ${functions} functions that are right and awkward, of \`packages/autograd/test/gradcheck/mutants\`, with its default options. What each
group is stands in the file of its name. That the wrong are wrong where they say, and the right right, is shown there without gradcheck.
With \`$ADJOINT_PYTHON\`, a Python that has PyTorch, its columns are made anew; otherwise they are those of the last time.

**How far to trust it.** The faults were written without a look at the diagnosis. The causes and the report were then improved while looking
at what the suite missed, so on other faults the rates will be lower than here, that of the causes above all.

## Wrong derivatives

*Caught*: the verdict is \`fail\`, or a doubt or a note that says it where nothing can be compared. *Place*: all elements that are named as worst are
among those that are wrong, of the faults that have a place. *Cause*: the report names it in words. *Op*: the report names the op,
of faults in a model. *Stray*: causes that are named beside and are not right.

${faultTable(faults)}

${missed.length === 0 ? 'None is missed.' : `Not caught: ${missed.map(({ fault, found }) => `${fault.name} (${found})`).join('; ')}.`}

## Right functions

Kinks, edges, steep, saturated, cancelling and far-off functions, each with ${seeds} seed${seeds === 1 ? '' : 's'}. *False alarm*: the verdict is \`fail\`. *Needless doubt*:
\`inconclusive\` for a reason that there is not. *Unseen*: \`pass\` where there is a kink, a jump or an edge at the point. *Passed*: how many runs have the verdict \`pass\`.

${awkwardTable(awkward, seeds)}

${alarms.length === 0 ? 'No false alarm.' : `False alarms: ${alarms.map(({ awkward: { name }, seed }) => `${name} (seed ${seed})`).join('; ')}.`}

## Beside PyTorch

\`torch.autograd.gradcheck\` and \`gradgradcheck\`, slow and fast, PyTorch ${torch.torch} on Python ${torch.python}, one thread, ${
    isNow
      ? `in the same run (${torch.date}, ${cpus()[0]?.model ?? 'unknown CPU'})`
      : `kept from a run of ${torch.date}: there was no PyTorch this time`
  }, on the faults that make sense there,
ported by formula (\`scripts/oracle/mutants.py\`), beside ours on the same. Draws of inputs are each library's own. They name neither place nor cause nor op, and know no third verdict.
CPU seconds are for both orders; ours include the second points and the search for causes and ops.

${besideTorch(faults, torch)}

${onRight(awkward, torch)}
`
}

const named = <T>(groups: readonly Group<T>[], names: readonly string[], nameOf: (outcome: T) => string) =>
  groups
    .map(({ group, outcomes }) => ({ group, outcomes: outcomes.filter((each) => names.includes(nameOf(each))) }))
    .filter(({ outcomes }) => outcomes.length > 0)

/** By group of ours, since a group there may have another size. */
const besideTorch = (faults: readonly Group<FaultOutcome>[], { ported, slow, fast }: Torch): string => {
  const shared = named(faults, ported.faults, ({ fault }) => fault.name)
  const rows = shared.map(({ group, outcomes }) => {
    const [inSlow, inFast] = [slow, fast].map(({ faults }) => faults.groups[group]!) as [TorchGroup, TorchGroup]
    const ours = count(outcomes, ({ found }) => found === 'caught')
    const cells = [outcomes.length, ours, inSlow.caught, inFast.caught]
    return { group, cells: [...cells, secondsOf(outcomes), inSlow.seconds.toFixed(2), inFast.seconds.toFixed(2)] }
  })
  const total = rows[0]!.cells.map((cell, i) => {
    const sum = rows.reduce((sum, { cells }) => sum + Number(cells[i]), 0)
    return typeof cell === 'number' ? sum : sum.toFixed(2)
  })
  return markdown(
    ['wrong derivatives that both have', 'of', 'caught', 'torch slow', 'torch fast', 'CPU s', 'slow', 'fast'],
    [...rows.map(({ group, cells }) => [group, ...cells]), ['all', ...total]],
  )
}

const onRight = (awkward: readonly Group<AwkwardOutcome>[], { ported, slow, fast }: Torch): string => {
  const shared = named(awkward, ported.right, ({ awkward: { name } }) => name).flatMap(({ outcomes }) => outcomes)
  const smooth = new Set(
    shared.filter(({ awkward: { right } }) => right.includes('pass')).map(({ awkward }) => awkward.name),
  )
  const passing = ({ right }: Torch['slow']) => Object.values(right.groups).flatMap(({ passing }) => passing)
  const alarms = (mode: Torch['slow'], has: (name: string) => boolean) => {
    const passed = passing(mode)
    return count(ported.right, (name) => has(name) && !passed.includes(name))
  }
  const ours = (has: (name: string) => boolean) =>
    new Set(
      shared
        .filter(({ found, awkward: { name } }) => has(name) && found === 'false alarm')
        .map(({ awkward }) => awkward.name),
    ).size
  const row = (says: string, has: (name: string) => boolean) => [
    ...[says, count(ported.right, has), ours(has), alarms(slow, has), alarms(fast, has)],
  ]
  return markdown(
    ['right functions that both have, said to be wrong', 'of', 'gradcheck', 'torch slow', 'torch fast'],
    [
      row('that may pass', (name) => smooth.has(name)),
      row('with nothing to compare at the point', (name) => !smooth.has(name)),
    ],
  )
}
