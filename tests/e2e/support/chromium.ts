import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { chromium } from '@playwright/test'
import { installDebianPackages, isDebian, isRoot, whereIs } from '../../support/systemTools'

const exec = promisify(execFile)

const systemBrowsers = [
  // Chromium without the parts that draw windows: the same pages for a quarter less of the machine's time.
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** The files that a name can mean: Playwright looks nowhere else. */
const resolveCommand = (command: string) => (command.includes('/') ? [command] : whereIs(command))

/** A stub that only says how to install it, or a browser that lacks libraries, does not tell its version. */
const works = (browser: string) =>
  exec(browser, ['--version'], { timeout: 60_000 }).then(
    () => true,
    () => false,
  )

/** Debian's package brings every library it needs; Playwright's own download fits everywhere else. */
async function install(): Promise<void> {
  if (isRoot && isDebian()) return installDebianPackages(['chromium-headless-shell', 'fonts-liberation'])
  const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli')
  await exec(process.execPath, [playwright, 'install', ...(isRoot ? ['--with-deps'] : []), 'chromium'], {
    timeout: 600_000,
    maxBuffer: 64 * 1024 * 1024,
  })
}

const advice =
  'Name one in CHROMIUM_PATH, install "chromium" with your system\'s package manager, or run: npx playwright install chromium'

/**
 * Finds a Chromium that works: CHROMIUM_PATH, the system's, Playwright's own; failing these it installs one. Resolves
 * with its path; rejects with a sentence that says what to do.
 */
export async function ensureChromium(): Promise<string> {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    const browser = await firstThatWorks([named])
    if (browser) return browser
    throw new Error(`CHROMIUM_PATH names ${named}, which does not start. ${advice}`)
  }
  const found = await firstThatWorks(usualPlaces())
  if (found) return found

  console.log('No Chromium found: installing one for the browser tests. This can take some minutes.')
  const failure = await install().then(
    () => '',
    (error: unknown) => ` (${String(error).trim().split('\n').slice(0, 2).join(' ')})`,
  )
  const installed = await firstThatWorks(usualPlaces())
  if (installed) return installed
  throw new Error(`The browser tests need Chromium, and installing it did not work${failure}. ${advice}`)
}

const usualPlaces = () => [...systemBrowsers, chromium.executablePath()]

async function firstThatWorks(commands: readonly string[]): Promise<string | undefined> {
  for (const browser of commands.flatMap(resolveCommand)) {
    if (await works(browser)) return browser
  }
  return undefined
}
