import { type BrowserContextOptions, test as base, expect, type Page } from '@playwright/test'
import { collectComplaints } from './complaints'

interface Fixtures {
  /** What a test expects its pages to complain about; anything else on a console fails the test. */
  allowedComplaints: RegExp[]
  /** Opens a page in a browser of its own: other cookies, other storage. `who` names it in failures. */
  openBrowser(who: string, options?: BrowserContextOptions): Promise<Page>
}

/** Playwright's test, in which a page that complains on its console fails the test. */
export const test = base.extend<Fixtures>({
  allowedComplaints: [[], { option: true }],

  openBrowser: async ({ browser, contextOptions, baseURL, allowedComplaints }, use) => {
    const contexts: { complaints: string[]; close(): Promise<void> }[] = []
    await use(async (who, options = {}) => {
      const context = await browser.newContext({ ...contextOptions, ...(baseURL ? { baseURL } : {}), ...options })
      contexts.push({ complaints: collectComplaints(context, who), close: () => context.close() })
      return context.newPage()
    })
    for (const context of contexts) await context.close()
    const complaints = contexts.flatMap((context) => context.complaints)
    expect(complaints.filter((text) => !allowedComplaints.some((allowed) => allowed.test(text)))).toEqual([])
  },

  // Every page comes from openBrowser, so that every page is watched.
  page: async ({ openBrowser }, use) => use(await openBrowser('page')),
})

export { expect }
