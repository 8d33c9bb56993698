// Runs the tests of vitest.browser.config.ts in headless Chromium, or says that there is none. Arguments pick test
// files, as vitest's do; `--find` only tells whether there is a Chromium.
import { accessSync, appendFileSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { startVitest } from 'vitest/node'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']
const { CHROMIUM_PATH, CHROME_PATH, CI_SKIPPED, PATH = '' } = process.env
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
const where = chosen ? `at ${chosen}` : `by CHROMIUM_PATH, by CHROME_PATH or on PATH as ${names.join(', ')}`
if (process.argv.includes('--find')) {
  console.log(chromium ?? `no Chromium ${where}`)
  process.exitCode = chromium === undefined ? 1 : 0
} else if (chromium === undefined) {
  const skipped = `browser tests: no Chromium ${where}`
  console.log(`skipped: ${skipped}`)
  if (CI_SKIPPED) appendFileSync(CI_SKIPPED, `${skipped}\n`)
} else {
  console.log(`browser tests in ${chromium}`)
  process.env.CHROMIUM_PATH = chromium
  await startVitest('test', process.argv.slice(2), { config: 'vitest.browser.config.ts', watch: false })
}
