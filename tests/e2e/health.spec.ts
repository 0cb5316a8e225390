import type { Locator, Page } from '@playwright/test'
import { expectAccessible, looks } from './support/accessibility'
import { expect, test } from './support/fixtures'
import { newAccount, register, signInAsAdmin } from './support/people'
import { twoPeople } from './support/twoPeople'

/** The dashboard as an admin finds their way through it. */
class Dashboard {
  constructor(readonly page: Page) {}

  panel = (name: string) => this.page.getByRole('region', { name, exact: true })
  card = (label: string) =>
    this.page.getByRole('list', { name: 'Status' }).getByRole('listitem').filter({ hasText: label })
  state = (text: string) => this.page.getByRole('status').filter({ hasText: text, visible: true })
  verdict = () => this.panel('Verdict')
  rows = (panel: string, text: string) => this.panel(panel).getByRole('row').filter({ hasText: text })

  async open() {
    await signInAsAdmin(this.page)
    await this.page.goto('/system/health/realtime')
    await expect(this.verdict()).toBeVisible()
    // Tables and tools come with the first sign of a person.
    await this.page.mouse.move(10, 10)
  }

  search = (label: string, text: string) => this.page.getByRole('textbox', { name: label }).fill(text)
}

/** What stands beside a name in a panel's list of figures. */
const figure = (panel: Locator, name: string) => panel.locator('dl > div').filter({ hasText: name }).locator('dd')

/** Whether a part is worth a look depends on how busy this machine is; that all of them answer does not. */
const answers = (page: Page) => page.getByText(/^Everything (answers|works)/)

const numberOf = async (locator: Locator) => Number(((await locator.textContent()) ?? '').replaceAll(/[^\d.]/g, ''))

test('the figures are those of the people who are there', async ({ page, openBrowser }) => {
  const dashboard = new Dashboard(page)
  await dashboard.open()
  const chats = figure(dashboard.panel('Connections'), 'Chat')
  await expect(figure(dashboard.panel('Presence'), 'Online')).toHaveText('1')
  await expect(chats).toHaveText('1')

  const { ada, grace } = await twoPeople(openBrowser)
  await ada.chat.send(grace.name, 'Counted')
  await expect(grace.chat.message(ada.name, 'Counted')).toHaveCount(1)

  await expect(figure(dashboard.panel('Presence'), 'Online')).toHaveText('3')
  await expect(chats).toHaveText('3')
  await expect(dashboard.card('People online')).toContainText('3')
  await expect(figure(dashboard.panel('Connections'), 'Notifications')).toHaveText('3')
  await expect(figure(dashboard.panel('Connections'), 'Admin')).toHaveText('1')
  await page.getByRole('button', { name: /^Show all/ }).click()
  await expect.poll(() => numberOf(figure(dashboard.panel('Events since the start'), 'sendMessage'))).toBeGreaterThan(0)

  await grace.chat.page.close()
  await expect(chats).toHaveText('2')
})

test('somebody who is disconnected leaves the table, and their page connects again by itself', async ({
  page,
  openBrowser,
}) => {
  const dashboard = new Dashboard(page)
  const { ada } = await twoPeople(openBrowser)
  await dashboard.open()
  await dashboard.search('Search name or id', ada.name)
  const rows = dashboard.rows('Open connections', ada.name)
  await expect(rows).toHaveCount(2)
  const row = rows.filter({ hasText: '/chat' })
  const id = await row.getAttribute('data-id')
  const otherId = await rows.filter({ hasText: '/notifications' }).getAttribute('data-id')
  const lost = ada.chat.page.waitForEvent('console', (message) =>
    message.text().includes('[Socket:/chat] Disconnected'),
  )

  const dialog = page.getByRole('dialog')
  // Clicked again, as a person would, where new figures drew the row anew under the pointer.
  await expect(async () => {
    await row.getByRole('button', { name: /^Disconnect/ }).click()
    await expect(dialog).toContainText(`Disconnect ${ada.name}?`, { timeout: 2_000 })
  }).toPass({ timeout: 15_000 })
  await expect(dialog).toContainText(/closes the whole connection on \S+: \/chat and whatever other namespaces/)
  await dialog.getByRole('button', { name: 'Disconnect' }).click()

  await expect(page.locator(`[data-id="${id}"]`)).toHaveCount(0, { timeout: 5_000 })
  // The page's other namespace ends with it, as the dialog said.
  await expect(page.locator(`[data-id="${otherId}"]`)).toHaveCount(0, { timeout: 5_000 })
  await lost
  await ada.chat.untilLive()
  await expect(rows.filter({ hasText: '/chat' })).toHaveCount(1)
  expect(await rows.filter({ hasText: '/chat' }).getAttribute('data-id')).not.toBe(id)
})

test('cancelling leaves the connection alone', async ({ page, openBrowser }) => {
  const dashboard = new Dashboard(page)
  const { ada } = await twoPeople(openBrowser)
  await dashboard.open()
  await dashboard.search('Search name or id', ada.name)
  const row = dashboard.rows('Open connections', ada.name).filter({ hasText: '/notifications' })
  const id = await row.getAttribute('data-id')
  await row.getByRole('button', { name: /^Disconnect/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.getByRole('button', { name: 'Refresh open connections' }).click()
  await expect(row).toHaveAttribute('data-id', id ?? 'none')
})

test('the rooms are listed by size and can be searched', async ({ page, openBrowser }) => {
  const dashboard = new Dashboard(page)
  const { ada } = await twoPeople(openBrowser)
  const roomId = new URL(ada.chat.page.url()).pathname.split('/').at(-1) ?? ''
  await dashboard.open()
  await dashboard.search('Search room', roomId)
  const row = dashboard.rows('Rooms in use', `room:${roomId}`)
  await expect(row).toHaveCount(1)
  await expect(row.getByRole('gridcell').last()).toHaveText('2')
})

test('a canary passes all four stations, a probe and a test event come back', async ({ page }) => {
  const dashboard = new Dashboard(page)
  await dashboard.open()
  const stations = page.getByRole('list', { name: 'Stations of the canary' }).getByRole('listitem')
  await expect(stations.first()).toContainText('Not yet')
  await page.getByRole('button', { name: 'Send a canary' }).click()
  for (const [index, name] of ['Accepted', 'Committed', 'Published', 'Received'].entries()) {
    await expect(stations.nth(index)).toContainText(new RegExp(`${name}.*\\d\\s(ms|s)`, 's'))
  }
  await expect(page.getByText(/^Received after \d/)).toBeVisible()

  await page.getByRole('textbox', { name: 'Text' }).fill('There and back')
  await page.getByRole('button', { name: 'Send the event' }).click()
  await expect(page.getByText(/“There and back” came back after \d/)).toBeVisible()
  await page.getByRole('button', { name: 'Measure' }).click()
  await expect(page.getByText(/median, .* answered by \S+\.$/)).toBeVisible()
})

test('the charts can be read as a table', async ({ page }) => {
  const dashboard = new Dashboard(page)
  await dashboard.open()
  await page.getByRole('button', { name: 'Show as a table' }).click()
  const table = page.getByRole('group', { name: 'The charts as a table' })
  await expect(table.getByRole('columnheader')).toHaveText([
    'Minute',
    'Received',
    'Sent',
    'Command time',
    'Connections',
  ])
  await expect(table.getByRole('rowheader').first()).toBeVisible()
})

test.describe('without network', () => {
  test.use({ allowedComplaints: [/net::ERR_INTERNET_DISCONNECTED/] })

  test('figures that are cut off are said to be old, and are live again afterwards', async ({ page }) => {
    const dashboard = new Dashboard(page)
    await dashboard.open()
    await expect(dashboard.state('Live').first()).toBeVisible()
    await page.context().setOffline(true)
    await expect(page.getByText('What you see below is how it was.')).toBeVisible()
    await expect(dashboard.verdict().getByRole('heading')).toContainText('Last known')
    await page.context().setOffline(false)
    await expect(dashboard.verdict().getByRole('heading')).not.toContainText('Last known')
  })
})

test.describe('where a proxy lets no live connection through', () => {
  test.use({ allowedComplaints: [/net::ERR_FAILED/, /WebSocket connection/] })

  test('the figures come over HTTP, and the page says so', async ({ page }) => {
    await page.context().route('**/socket.io/**', (route) => route.abort())
    await page.context().routeWebSocket('**/socket.io/**', (socket) => socket.close())
    const dashboard = new Dashboard(page)
    await dashboard.open()
    await expect(dashboard.state('Over HTTP, every 10 s')).toBeVisible()
    await expect(page.getByText(/the figures come over HTTP, every 10 s/)).toBeVisible()
    await expect(dashboard.verdict().getByRole('heading')).not.toContainText('Last known')
    await expect(figure(dashboard.panel('Connections'), 'Admin')).toHaveText('0')
    const updated = page.waitForResponse((response) => response.url().endsWith('/api/system/metrics'))
    expect((await updated).status()).toBe(200)
  })
})

test('the overview says how each part is, and leads to the figures', async ({ page }) => {
  await signInAsAdmin(page)
  await page.goto('/chat')
  await page.getByRole('link', { name: 'System' }).click()
  await expect(answers(page)).toBeVisible()
  const parts = page.getByRole('list', { name: 'Parts' }).getByRole('listitem')
  await expect(parts).toContainText([/Both answered in/, 'Socket servers', /Not used/])
  await page.getByRole('navigation', { name: 'System' }).getByRole('link', { name: 'Live figures' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Live figures')
  await expect(new Dashboard(page).verdict()).toBeVisible()
})

test('the connection to the figures ends when the page is left', async ({ page }) => {
  const dashboard = new Dashboard(page)
  const frames: string[] = []
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => frames.push(String(payload))))
  await dashboard.open()
  await page.getByRole('link', { name: /^Chats/ }).click()
  await expect(page).toHaveURL('/chat')
  // Socket.IO's packet that leaves a namespace.
  await expect.poll(() => frames.filter((frame) => frame.startsWith('41/admin')).length).toBe(1)
})

test.describe('to somebody who is no admin', () => {
  test.use({ allowedComplaints: [/the server responded with a status of 404/] })

  test('neither page exists, and nothing leads there', async ({ page }) => {
    await register(page, newAccount('Grace'))
    for (const path of ['/system/health', '/system/health/realtime']) {
      const response = await page.goto(path)
      expect(response?.status()).toBe(404)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is nothing at this address')
    }
    await page.goto('/chat')
    await expect(page.getByRole('link', { name: /^Chats/ })).toBeVisible()
    await expect(page.getByRole('link', { name: 'System' })).toHaveCount(0)
  })
})

for (const { colorScheme, width, browser } of looks) {
  test(`both pages pass axe and fit: ${colorScheme}, ${width} px`, async ({ openBrowser }) => {
    const page = await openBrowser('Ada', browser)
    const dashboard = new Dashboard(page)
    const check = async () => {
      await expectAccessible(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `width of ${page.url()}`).toBe(width)
    }
    await dashboard.open()
    await expect(
      dashboard
        .panel('Open connections')
        .getByRole('button', { name: /^Disconnect/ })
        .first(),
    ).toBeVisible()
    await expect(dashboard.panel('Rooms in use').getByRole('gridcell').first()).toBeVisible()
    await check()
    await page.getByRole('button', { name: 'Show as a table' }).click()
    await page.getByRole('button', { name: 'Send a canary' }).click()
    await expect(page.getByText(/^Received after/)).toBeVisible()
    await check()
    await page
      .getByRole('button', { name: /^Disconnect/ })
      .first()
      .click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await check()
    await page.goto('/system/health')
    await expect(answers(page)).toBeVisible()
    await check()
  })
}
