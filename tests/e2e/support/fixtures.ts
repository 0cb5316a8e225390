import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, test as base, expect, type Page } from '@playwright/test'
import { SESSION_COOKIE } from '@/contracts/auth'
import { readDatabaseRecord } from '@/lib/env/databaseRecord'
import { noteSecret, refuseSecrets, refuseSecretsInFiles } from '../../support/servers/secrets'
import { collectComplaints } from './complaints'

interface Fixtures {
  /** What a test expects its pages to complain about; anything else on a console fails the test. */
  allowedComplaints: RegExp[]
  /** Opens a page in a browser of its own: other cookies, other storage. `who` names it in failures. */
  openBrowser(who: string, options?: BrowserContextOptions): Promise<Page>
}

interface WorkerFixtures {
  /** Fails the run when a process of the app has printed or logged what its tests keep secret. */
  secretsAreKept: undefined
}

/** What the app made for itself: the tests never see it, and no log may hold it. */
async function noteSecretsOfApp(): Promise<void> {
  const dataDir = process.env.E2E_DATA_DIR ?? ''
  for (const file of ['service-key', 'session-token-secret', 'vapid-private-key']) {
    noteSecret(`the app's ${file}`, (await readFile(join(dataDir, file), 'utf8')).trim())
  }
  noteSecret("the database's password", (await readDatabaseRecord(dataDir))?.password)
}

async function noteSessionsOf(context: BrowserContext): Promise<void> {
  // Closed by the test itself: nothing is left to ask.
  const cookies = await context.cookies().catch(() => [])
  for (const { name, value } of cookies) if (name.endsWith(SESSION_COOKIE)) noteSecret("a session's secret", value)
}

/**
 * Playwright's test, in which a page that complains on its console fails the test, and a secret in the app's logs fails the
 * run.
 */
export const test = base.extend<Fixtures, WorkerFixtures>({
  secretsAreKept: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from its first parameter
    async ({}, use) => {
      await noteSecretsOfApp()
      await use(undefined)
      refuseSecrets((await readFile('reports/e2e-app.log', 'utf8')).split('\n'))
      await refuseSecretsInFiles('reports/e2e-logs')
    },
    { scope: 'worker', auto: true },
  ],

  allowedComplaints: [[], { option: true }],

  openBrowser: async ({ browser, contextOptions, baseURL, allowedComplaints }, use) => {
    const contexts: { context: BrowserContext; complaints: string[] }[] = []
    await use(async (who, options = {}) => {
      const context = await browser.newContext({ ...contextOptions, ...(baseURL ? { baseURL } : {}), ...options })
      contexts.push({ context, complaints: collectComplaints(context, who) })
      return context.newPage()
    })
    for (const { context } of contexts) {
      await noteSessionsOf(context)
      await context.close()
    }
    const complaints = contexts.flatMap((opened) => opened.complaints)
    expect(complaints.filter((text) => !allowedComplaints.some((allowed) => allowed.test(text)))).toEqual([])
  },

  // Every page comes from openBrowser, so that every page is watched.
  page: async ({ openBrowser }, use) => use(await openBrowser('page')),
})

export { expect }
