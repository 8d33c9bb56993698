import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes a picture into the folder `output` of an example. @returns the file */
export const writePicture = (folder: string, name: string, picture: string): string => {
  const file = join(folder, 'output', name)
  mkdirSync(join(folder, 'output'), { recursive: true })
  writeFileSync(file, picture)
  return file
}
