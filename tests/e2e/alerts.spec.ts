import { type BrowserContext, expect as baseExpect, type Page } from '@playwright/test'
import { type Alerts, clickShown, setInFront, spyOnAlerts } from './support/alertSpy'
import { expect, test } from './support/fixtures'
import {
  anotherTab,
  bell,
  choosePreferences,
  newTitle,
  notify,
  openAdmin,
  panel,
  row,
  toast,
} from './support/notifications'

const iconOf = (page: Page) =>
  page.evaluate(() => {
    const icons = [...document.querySelectorAll<HTMLLinkElement>('link[rel~="icon"]')]
    // Where there are several, browsers take the last.
    return decodeURIComponent(icons.at(-1)?.href ?? '')
  })
const countOnIcon = async (page: Page) => /<text[^>]*>(\d+)<\/text>/.exec(await iconOf(page))?.[1]

const toasts = async (tabs: Page[], title: string) =>
  (await Promise.all(tabs.map((tab) => toast(tab, title).count()))).reduce((a, b) => a + b)

/** `count` tabs of one browser, the first in front. */
async function openTabs(context: BrowserContext, count: number): Promise<{ tabs: [Page, ...Page[]]; alerts: Alerts }> {
  const alerts = await spyOnAlerts(context)
  const first = await context.newPage()
  await openAdmin(first)
  const others: Page[] = []
  for (let i = 1; i < count; i += 1) others.push(await anotherTab(context, '/chat'))
  for (const tab of others) {
    // A page that was never touched is allowed no sound.
    await tab.locator('body').press('a')
    await setInFront(tab, false)
  }
  await first.bringToFront()
  return { tabs: [first, ...others], alerts }
}

const switchOn = async (page: Page, name: string) => {
  // Not `check`: the one for desktop notifications is on only when the browser has answered.
  await page.getByRole('switch', { name }).click()
  await expect(page.getByRole('switch', { name })).toBeChecked()
}

const switchOff = async (page: Page, name: string) => {
  await page.getByRole('switch', { name }).click()
  await expect(page.getByRole('switch', { name })).not.toBeChecked()
}

test('the tab’s icon carries the count through navigation, and is itself again when nothing is unread', async ({
  page,
}) => {
  await openAdmin(page)
  const plain = await iconOf(page)
  expect(plain).toContain('/icon.svg')

  await notify(page)
  await baseExpect.poll(() => countOnIcon(page)).toBe('1')
  await notify(page)
  await baseExpect.poll(() => countOnIcon(page)).toBe('2')
  // It is a picture that a browser can draw.
  const drawn = await page.evaluate(async () => {
    const image = new Image()
    image.src = [...document.querySelectorAll<HTMLLinkElement>('link[rel~="icon"]')].at(-1)?.href ?? ''
    await image.decode()
    return image.naturalWidth > 0
  })
  expect(drawn).toBe(true)

  await bell(page).click()
  await panel(page).getByRole('link', { name: 'Open as a page' }).click()
  await expect(page).toHaveURL('/notifications')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Notifications')
  expect(await countOnIcon(page)).toBe('2')

  await page.getByRole('button', { name: 'Mark all as read' }).click()
  await baseExpect.poll(() => iconOf(page)).toBe(plain)
})

test('the sound is played once a browser, and only after it was switched on', async ({ page }) => {
  const { tabs, alerts } = await openTabs(page.context(), 2)
  const [first, second] = tabs
  const quiet = await notify(first)
  await baseExpect.poll(() => toasts(tabs, quiet)).toBe(1)
  expect(alerts.chimes).toBe(0)

  // Switching it on plays it, so that one knows what it is.
  await choosePreferences(first, () => switchOn(first, 'Sound'))
  await baseExpect.poll(() => alerts.chimes).toBe(1)
  for (let sent = 1; sent <= 3; sent += 1) {
    const title = await notify(first)
    await baseExpect.poll(() => toasts(tabs, title)).toBe(1)
    await baseExpect.poll(() => alerts.chimes).toBe(1 + sent)
  }
  // The other tab has heard of all of them, and left them to the one in front.
  await expect(bell(second ?? first)).toHaveAccessibleName('Notifications, 4 unread')
  expect(alerts.chimes).toBe(4)
})

test('notifications that came before the page was touched do not all sound at the first touch', async ({ page }) => {
  const { tabs, alerts } = await openTabs(page.context(), 1)
  await choosePreferences(tabs[0], () => switchOn(tabs[0], 'Sound'))
  await baseExpect.poll(() => alerts.chimes).toBe(1)
  await tabs[0].close()
  const tab = await anotherTab(page.context(), '/chat')
  for (let sent = 0; sent < 3; sent += 1) {
    const title = await notify(tab)
    await expect(toast(tab, title)).toBeVisible()
  }
  await baseExpect
    .poll(() => tab.evaluate(() => performance.now()), { message: 'a second after the last' })
    .toBeGreaterThan((await tab.evaluate(() => performance.now())) + 1_200)
  expect(alerts.chimes).toBe(1)
  await bell(tab).click()
  await panel(tab).getByRole('button', { name: 'Close' }).click()
  const heard = await notify(tab)
  await expect(toast(tab, heard)).toBeVisible()
  await baseExpect.poll(() => alerts.chimes).toBe(2)
})

test('a desktop notification is shown once a browser while Tandem is not in front, and a click leads to the list', async ({
  page,
}) => {
  const context = page.context()
  const { tabs, alerts } = await openTabs(context, 2)
  const [first] = tabs
  await choosePreferences(first, () => switchOn(first, 'Desktop notifications'))

  const inFront = await notify(first)
  await baseExpect.poll(() => toasts(tabs, inFront)).toBe(1)
  expect(alerts.shown).toEqual([])

  await setInFront(first, false)
  const behind = await notify(first)
  await baseExpect.poll(() => alerts.shown).toEqual([behind])
  const last = await notify(first)
  await baseExpect.poll(() => alerts.shown).toEqual([behind, last])
  expect(await toasts(tabs, last)).toBe(0)

  const focused = await Promise.all(tabs.map(clickShown))
  expect(focused.filter(Boolean).length).toBeGreaterThanOrEqual(1)
  const opened = tabs[focused.indexOf(true)] ?? first
  await expect(row(opened, last)).toBeVisible()
  await expect(panel(opened)).toBeVisible()
})

test('nobody is asked for permission before they switch desktop notifications on', async ({ page }) => {
  const { tabs, alerts } = await openTabs(page.context(), 1)
  const [tab] = tabs
  await setInFront(tab, false)
  const title = await notify(tab)
  await expect(toast(tab, title)).toBeVisible()
  await setInFront(tab, true)
  expect(alerts).toEqual({ chimes: 0, shown: [], asked: 0 })

  await tab.reload()
  await choosePreferences(tab, () => switchOn(tab, 'Desktop notifications'))
  await baseExpect.poll(() => alerts.asked).toBe(1)
})

test('in the hours of do-not-disturb nothing calls for attention, and the bell counts on', async ({ page }) => {
  const { tabs, alerts } = await openTabs(page.context(), 1)
  const [tab] = tabs
  const [from, to] = await tab.evaluate(() => {
    const timeIn = (hours: number) => new Date(Date.now() + hours * 3_600_000).toTimeString().slice(0, 5)
    return [timeIn(-1), timeIn(1)]
  })
  await choosePreferences(tab, async () => {
    await switchOn(tab, 'Sound')
    await switchOn(tab, 'Desktop notifications')
    await switchOn(tab, 'Every day, from and to')
    await tab.getByLabel('From', { exact: true }).fill(from ?? '')
    await tab.getByLabel('To', { exact: true }).fill(to ?? '')
  })
  await baseExpect.poll(() => alerts.chimes).toBe(1)
  await setInFront(tab, false)
  const quiet = await notify(tab)
  await expect(bell(tab)).toHaveAccessibleName('Notifications, 1 unread')

  // Still behind, so that an alert that comes late would be seen.
  await choosePreferences(tab, () => switchOff(tab, 'Every day, from and to'))
  const loud = await notify(tab)
  await baseExpect.poll(() => alerts.shown).toEqual([loud])
  await baseExpect.poll(() => alerts.chimes).toBe(2)
  expect(await toasts(tabs, quiet)).toBe(0)
})

test('a muted kind is listed and counted, and alerts nobody in any way', async ({ page }) => {
  const { tabs, alerts } = await openTabs(page.context(), 2)
  const [first] = tabs
  await choosePreferences(first, async () => {
    await switchOn(first, 'Sound')
    await switchOn(first, 'Desktop notifications')
    await switchOff(first, 'Warning')
  })
  await baseExpect.poll(() => alerts.chimes).toBe(1)
  const [muted, heard] = [newTitle(), newTitle()]
  await setInFront(first, false)
  await notify(first, { title: muted, type: 'warning' })
  await expect(bell(first)).toHaveAccessibleName('Notifications, 1 unread')
  await notify(first, { title: heard, type: 'error' })

  await baseExpect.poll(() => alerts.shown).toEqual([heard])
  await baseExpect.poll(() => alerts.chimes).toBe(2)
  expect(await toasts(tabs, muted)).toBe(0)
  await bell(first).click()
  await expect(row(first, muted)).toContainText('Unread')
})
