import { spawnSync } from 'node:child_process'

/** A Python, and the versions of the wanted libraries that it has. */
export interface Python {
  readonly command: string
  readonly versions: Readonly<Record<string, string>>
}

/** Asks the Python that ADJOINT_PYTHON names, or those that are usual, with a script that prints versions as JSON. */
export const findPythons = (script: string, libraries: readonly string[]): Python[] => {
  // Node's channel to a child has another form there
  if (process.platform === 'win32') return []
  const { ADJOINT_PYTHON: chosen } = process.env
  return (chosen === undefined ? ['python3', '/usr/bin/python3'] : [chosen]).flatMap((command) => {
    const { status, stdout } = spawnSync(command, [script, ...libraries], { encoding: 'utf8' })
    return status === 0 ? [{ command, versions: JSON.parse(stdout) as Python['versions'] }] : []
  })
}
