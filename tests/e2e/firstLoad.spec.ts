import type { Page } from '@playwright/test'
import { expect, test } from './support/fixtures'
import { printWeight, weighScripts } from './support/pageWeight'
import { newAccount, register, signInAsAdmin } from './support/people'

/** At most so many bytes of JavaScript, as they are sent, until a page that nobody touches is ready. */
const budgets = {
  '/login': 254_000,
  '/chat': 260_000,
  '/notifications': 299_000,
  '/account': 310_000,
  '/system/health': 261_000,
  '/system/health/realtime': 365_000,
  '/system/people': 310_000,
  '/system/audit': 299_000,
  '/system/webhooks': 271_000,
}

for (const [path, budget] of Object.entries(budgets)) {
  test(`${path} loads ${budget / 1_000} kB of JavaScript at most`, async ({ page }) => {
    const isOpen = path === '/login'
    if (!isOpen) await signInAsAdmin(page)
    const weigh = weighScripts(page)
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    if (!isOpen) await expect(page.getByRole('status').filter({ hasText: 'Live' }).first()).toBeVisible()
    await page.waitForLoadState('networkidle')

    const weight = await weigh()
    printWeight(path, weight, budget)
    expect(weight.bytes).toBeLessThanOrEqual(budget)
  })
}

/** Signs Ada in, who has written with somebody, and gives their name. */
async function withConversation(ada: Page, grace: Page): Promise<string> {
  const partner = newAccount('Grace')
  await register(ada, newAccount('Ada'))
  const registered = await grace.request.post('/api/auth/register', { data: partner })
  const { user } = await registered.json()
  const room = await ada.request.post('/api/chat/rooms', { data: { participantId: user.id } })
  expect(room.status(), await room.text()).toBeLessThan(300)
  return partner.name
}

test('the conversations are there before any script and font', async ({ openBrowser }) => {
  const page = await openBrowser('Ada', { javaScriptEnabled: false })
  const name = await withConversation(page, await openBrowser('Grace'))
  await page.route(/\.woff2/, () => {}) // never answered
  await page.goto('/chat', { waitUntil: 'commit' })

  const row = page.getByRole('region', { name: 'Conversations' }).getByRole('link', { name })
  await expect(row).toBeVisible()
  expect((await row.boundingBox())?.height, 'styled').toBeGreaterThan(50)
})

test('no conversation moves while the chat starts', async ({ openBrowser }) => {
  const page = await openBrowser('Ada')
  const name = await withConversation(page, await openBrowser('Grace'))
  await page.addInitScript(() => {
    const moved: unknown[] = []
    Object.assign(window, { moved })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { sources: { node: Node | null }[] })[]) {
        const places = entry.sources.map(({ node }) => node?.parentElement?.closest('section')?.ariaLabel)
        if (places.includes('Conversations')) moved.push(entry)
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto('/chat')
  await expect(page.getByRole('status').filter({ hasText: 'Live' }).first()).toBeVisible()
  await expect(page.getByRole('link', { name })).toBeVisible()
  await page.waitForLoadState('networkidle')

  expect(await page.evaluate(() => (window as Window & { moved?: unknown[] }).moved)).toEqual([])
})

const openers = [
  { opener: /^Account of/, opens: 'menuitem', named: 'Account' },
  { opener: 'Appearance', opens: 'menuitemradio', named: 'Like the system' },
  { opener: /^Notifications/, opens: 'dialog', named: 'Notifications' },
  { opener: 'New conversation', opens: 'combobox', named: 'Search people' },
] as const

for (const { opener, opens, named } of openers) {
  test(`“${named}” takes the focus and gives it back, also where its code comes after it was opened`, async ({
    page,
  }) => {
    await signInAsAdmin(page)
    await page.goto('/chat')
    await expect(page.getByRole('status').filter({ hasText: 'Live' }).first()).toBeVisible()
    await page.waitForLoadState('networkidle')
    let deliver = () => {}
    const delivered = new Promise<void>((resolve) => (deliver = resolve))
    await page.route(/_next\/static\/chunks/, async (route) => {
      await delivered
      await route.continue()
    })

    const button = page.getByRole('button', { name: opener }).first()
    await button.focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole(opens, { name: named })).toHaveCount(0)
    deliver()

    const opened = page.getByRole(opens, { name: named })
    await expect(opened).toBeVisible()
    const hasFocus = () =>
      opened.evaluate(
        (element) => element.contains(document.activeElement) || element.parentElement === document.activeElement,
      )
    await expect.poll(hasFocus).toBe(true)
    await page.keyboard.press('Escape')
    await expect(opened).toHaveCount(0)
    await expect(button).toBeFocused()
  })
}

test('an admin reaches every entry of the account menu by keyboard', async ({ page }) => {
  await signInAsAdmin(page)
  await page.goto('/chat')
  await page.getByRole('button', { name: /^Account of/ }).press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Account' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeFocused()
})

test.describe('what opens later', () => {
  test.use({ allowedComplaints: [/ERR_INTERNET_DISCONNECTED/] })

  test('is there without a connection once somebody has touched the page', async ({ page }) => {
    await register(page, newAccount('Ada'))
    await page.goto('/chat')
    await expect(page.getByText('No conversations yet')).toBeVisible()
    const weigh = weighScripts(page)
    await page.keyboard.press('Tab')
    await expect.poll(async () => (await weigh()).requests).toBeGreaterThan(0)
    await page.waitForLoadState('networkidle')
    await page.context().setOffline(true)

    await page.getByRole('button', { name: /^Account of/ }).click()
    await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('button', { name: /^Account of/ })).toBeFocused()
    await page.getByRole('button', { name: /^Notifications/ }).press('Enter')
    await expect(page.getByRole('dialog', { name: 'Notifications' })).toBeVisible()
  })
})
