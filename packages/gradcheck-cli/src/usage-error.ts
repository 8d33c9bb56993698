/** The call is wrong, or a file cannot be used: the message says what, and what to do about it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
