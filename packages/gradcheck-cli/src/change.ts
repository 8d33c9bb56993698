import { existsSync, type FSWatcher, statSync, watch } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Waits until one of some files changes.
 *
 * @param files their paths; some may not be there yet
 * @param since what has changed after this time, in milliseconds since 1970, has changed already
 */
export const changeOf = async (files: readonly string[], since: number): Promise<void> => {
  const hasChanged = (file: string) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > since
  let watchers: readonly FSWatcher[] = []
  await new Promise<void>((resolve) => {
    // editors write a new file and give it the old one's name, so that folders are watched
    watchers = [...new Set(files.map((file) => dirname(file)))].filter(existsSync).map((folder) =>
      watch(folder, (_event, name) => {
        if (name === null || files.includes(join(folder, name))) resolve()
      }),
    )
    if (files.some(hasChanged)) resolve()
  })
  for (const watcher of watchers) watcher.close()
  // what is being written is read when it is whole
  await new Promise((resolve) => setTimeout(resolve, 100))
}
