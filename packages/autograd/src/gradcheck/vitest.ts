import type {} from 'vitest'
import { gradcheck } from './gradcheck.js'
import type { GradcheckOptions } from './options.js'

// The matcher needs nothing of vitest at run time: whoever tests has it, and extends its expect.

type InputsOf<F> = F extends (...inputs: infer Inputs) => unknown ? readonly [...Inputs] : readonly unknown[]

declare module 'vitest' {
  // as vitest declares it
  // biome-ignore lint/suspicious/noExplicitAny: declarations of one interface must have the same parameters
  interface Matchers<T = any> {
    /** Fails unless `gradcheck` passes, with its report. With `not`, fails unless the gradients are seen to be wrong. */
    toHaveCorrectGradients(inputs: InputsOf<T>, options?: GradcheckOptions): void
  }
}

/** What `expect` expects of a matcher. */
export interface GradientMatch {
  /** Whether the gradients are right; where that is not known, neither they nor the opposite. */
  readonly pass: boolean
  /** The report. */
  readonly message: () => string
}

/**
 * A matcher for vitest, or for what extends `expect` as it does: `expect(f).toHaveCorrectGradients([x])`. A check that is
 * inconclusive fails, also with `not`.
 *
 * In a setup file:
 *
 *     import { toHaveCorrectGradients } from '@adjoint/autograd/gradcheck/vitest'
 *     import { expect } from 'vitest'
 *     expect.extend({ toHaveCorrectGradients })
 */
export function toHaveCorrectGradients(
  this: { readonly isNot?: boolean } | undefined,
  f: unknown,
  inputs: readonly unknown[],
  options?: GradcheckOptions,
): GradientMatch {
  const report = gradcheck(f as (...inputs: readonly unknown[]) => unknown, inputs, options)
  const isUnknown = report.verdict === 'inconclusive'
  return { pass: isUnknown ? this?.isNot === true : report.verdict === 'pass', message: () => `\n${report}` }
}
