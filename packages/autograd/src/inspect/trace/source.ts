import { userFrames } from '../../execution/stack.js'
import type { SourceLine } from './schema.js'

/** The innermost line that runs now and is not of this library: `at f (file:1:2)` in V8, `f@file:1:2` elsewhere. */
export const sourceHere = (): SourceLine | null => {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 64
  const error = new Error()
  Error.stackTraceLimit = limit
  const frame = userFrames(error)[0]
  const found = /^\s*(?:at\s+)?(?:(.*?)\s*[(@])?([^()@\s]+):(\d+):(\d+)\)?$/.exec(frame ?? '')
  if (found === null) return null
  const [, name = '', file = '', line, column] = found
  const called = name.replace(/^async /, '').replace(/ \[as .*\]$/, '')
  const own = called === '' || called.includes('<anonymous>') ? null : called
  return { file: file.replace(/^file:\/\//, ''), line: Number(line), column: Number(column), function: own }
}
