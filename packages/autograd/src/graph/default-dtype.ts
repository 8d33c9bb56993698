import type { DType } from './dtype.js'

/** What floats are that nobody has given a dtype. */
export type FloatDType = Extract<DType, `float${string}`>

let current: FloatDType = 'float32'

/** That of what is made of numbers where no dtype is given. */
export const defaultDType = (): FloatDType => current

export const setDefaultDType = (dtype: FloatDType): void => {
  current = dtype
}

export const withDefaultDType = <R>(dtype: FloatDType, f: () => R): R => {
  const before = current
  current = dtype
  try {
    return f()
  } finally {
    current = before
  }
}
