import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { expect, type Page } from '@playwright/test'
import type axe from 'axe-core'

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What the page's window has once axe-core has been evaluated in it. */
type WithAxe = typeof globalThis & { axe: typeof axe }

const { CI } = process.env

const allLooks = (
  [
    ['light', 1280],
    ['dark', 390],
  ] as const
).map(([colorScheme, width]) => ({ colorScheme, width, browser: { colorScheme, viewport: { width, height: 844 } } }))

/**
 * How every page is looked at: colours do not depend on the width, and what fits does not depend on the colours. Where a
 * machine waits for the tests the narrower one is enough: less fits there, and dark has the weaker contrasts.
 */
export const looks = CI === 'true' ? allLooks.slice(1) : allLooks

/** Fails when axe finds anything, or the page as it is now is wider than its window. */
export async function expectWellMade(page: Page): Promise<void> {
  await expectAccessible(page)
  const { content, window } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: globalThis.innerWidth,
  }))
  expect(content, `width of ${page.url()}`).toBe(window)
}

/** Fails with a readable list of what axe-core (WCAG 2.2 AA and its best practices) finds on the page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(await readFile(axeFile, 'utf8'))
  const { violations } = await page.evaluate(() => {
    // Evaluating axe-core's file above has put `axe` there.
    const { axe } = globalThis as WithAxe
    // A tooltip stands at the end of the page and is read where its button is: no landmark holds it. The rest is axe's own.
    const regionMatcher = 'dialog, [role=dialog], [role=alertdialog], svg, [role=tooltip]'
    axe.configure({ checks: [{ id: 'region', options: { regionMatcher } }] })
    return axe.run({ resultTypes: ['violations'] })
  })
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary}`),
  )
  expect(found, `axe on ${page.url()}`).toEqual([])
}
