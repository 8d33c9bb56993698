import type { Facts, Sample, SampleTensor } from '../../src/ops/facts.js'
import { rules } from '../../src/rules/index.js'

const described = (argument: unknown): string => {
  if (Array.isArray(argument)) return `[${argument.map(described).join(', ')}]`
  if (typeof argument !== 'object' || argument === null) return JSON.stringify(argument) ?? String(argument)
  if (!('sample' in argument)) {
    const options = Object.entries(argument).map(([name, value]) => `${name}: ${described(value)}`)
    return `{ ${options.join(', ')} }`
  }
  const { sample: shape, values, dtype = 'float64' } = argument as SampleTensor
  return `${dtype}[${shape.join(', ')}]${values === undefined ? '' : ` of ${values.slice(0, 8).join(', ')}`}`
}

/** Runs a check, and says where it was if it fails. */
const within = (where: string, check: () => void): void => {
  try {
    check()
  } catch (error) {
    if (error instanceof Error) error.message = `${where}: ${error.message}`
    throw error
  }
}

/**
 * Of several ways to try an op, those that are the turn of a sample: all at its first, and one after the other at the rest. So
 * every op is tried in every way, and every sample in one. Elementwise functions, which are one kind of kernel and many, are tried
 * in two.
 */
export const inTurn = <Way>(
  { opName }: Pick<Facts, 'opName'>,
  sample: number,
  ways: readonly Way[],
): readonly Way[] => {
  const turn = (opName.length + opName.charCodeAt(0) + sample) % ways.length
  if (sample > 0) return [ways[turn]!]
  return opName in rules ? [...new Set([ways[turn]!, ways[(turn + 1) % ways.length]!])] : ways
}

/** Runs a check with the arguments of each sample, in words if it fails. */
export const eachSample = (
  { opName, samples }: Pick<Facts, 'opName' | 'samples'>,
  check: (sample: Sample, index: number) => void,
): void => {
  for (const [i, sample] of samples.entries()) {
    within(`sample ${i}, ${opName}(${sample.map(described).join(', ')})`, () => check(sample, i))
  }
}
