// Runs the tests of vitest.browser.config.ts in headless Chromium, or says that there is none. Arguments pick test
// files, as vitest's do.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { startVitest } from 'vitest/node'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']
const { CHROMIUM_PATH, CHROME_PATH, PATH = '' } = process.env
const chosen = CHROMIUM_PATH || CHROME_PATH
const folders = PATH.split(delimiter)
const candidates = chosen ? [chosen] : names.flatMap((name) => folders.map((folder) => join(folder, name)))

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const chromium = candidates.find(isExecutable)
if (chromium === undefined) {
  const where = chosen ? `at ${chosen}` : `by CHROMIUM_PATH, by CHROME_PATH or on PATH as ${names.join(', ')}`
  console.log(`browser tests skipped: no Chromium ${where}`)
} else {
  console.log(`browser tests in ${chromium}`)
  process.env.CHROMIUM_PATH = chromium
  await startVitest('test', process.argv.slice(2), { config: 'vitest.browser.config.ts', watch: false })
}
