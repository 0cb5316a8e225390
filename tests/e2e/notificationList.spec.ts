import { expect as baseExpect, type Page } from '@playwright/test'
import { expect, test } from './support/fixtures'
import { anotherTab, bell, notify, openAdmin, panel, row } from './support/notifications'

const tab = (page: Page, name: 'All' | 'Unread') => page.getByRole('tab', { name })

/** Sends so many, in batches: rows of the list are in the order of these titles, newest first. */
async function notifyOften(page: Page, count: number): Promise<void> {
  const batch = 25
  for (let sent = 0; sent < count; sent += batch) {
    await Promise.all(Array.from({ length: Math.min(batch, count - sent) }, () => notify(page)))
  }
}

test('the unread ones are asked for by status, however many read ones lie above them', async ({ page }) => {
  await openAdmin(page)
  const old = [await notify(page), await notify(page), await notify(page)]
  expect((await page.request.patch('/api/notifications', { data: { status: 'read' } })).ok()).toBe(true)
  await notifyOften(page, 100)
  const oldest = (await (await page.request.get('/api/notifications?limit=100')).json()).notifications.at(-1)
  await page.request.patch('/api/notifications', { data: { status: 'read' } })
  await page.request.patch(`/api/notifications/${oldest.id}`, { data: { status: 'unread' } })
  await page.goto('/notifications')
  await expect(page.getByRole('listitem').first()).toBeVisible()

  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/api/notifications?')) asked.push(new URL(request.url()).search)
  })
  await tab(page, 'Unread').click()
  await expect(row(page, oldest.title)).toContainText('Unread')
  await expect(page.getByRole('listitem')).toHaveCount(1)
  await expect(bell(page)).toHaveAccessibleName('Notifications, 1 unread')
  expect(asked.length).toBeGreaterThan(0)
  expect(asked.filter((query) => !query.includes('status=unread'))).toEqual([])

  // What was found below is no hole in the list of all.
  await tab(page, 'All').click()
  await expect(row(page, oldest.title)).toHaveCount(0)
  for (const title of old) {
    await baseExpect
      .poll(async () => {
        await page.mouse.move(600, 400)
        await page.mouse.wheel(0, 3_000)
        return row(page, title).count()
      })
      .toBe(1)
  }
})

test('one that is read in the Unread tab keeps its place until the tab is left; all at once go at once', async ({
  page,
}) => {
  await openAdmin(page, '/notifications')
  const [first, second] = [await notify(page), await notify(page)]
  await tab(page, 'Unread').click()
  await expect(page.getByRole('listitem')).toHaveCount(2)

  await row(page, first).getByRole('button', { name: 'Mark as read' }).click()
  await expect(bell(page)).toHaveAccessibleName('Notifications, 1 unread')
  await expect(row(page, first)).not.toContainText('Unread')
  await expect(page.getByRole('listitem')).toHaveCount(2)
  await row(page, first).getByRole('button', { name: 'Mark as unread' }).click()
  await expect(bell(page)).toHaveAccessibleName('Notifications, 2 unread')
  await row(page, first).getByRole('button', { name: 'Mark as read' }).click()
  await expect(bell(page)).toHaveAccessibleName('Notifications, 1 unread')

  await tab(page, 'All').click()
  await tab(page, 'Unread').click()
  await expect(row(page, second)).toBeVisible()
  await expect(row(page, first)).toHaveCount(0)

  await page.getByRole('button', { name: 'Mark all as read' }).click()
  await expect(page.getByText('You are all caught up')).toBeVisible()
  // And one that comes later is kept again.
  const later = await notify(page)
  await row(page, later).getByRole('button', { name: 'Mark as read' }).click()
  await expect(bell(page)).toHaveAccessibleName('Notifications')
  await expect(row(page, later)).toBeVisible()
})

test('few rows are in the page while one scrolls through hundreds, and none is missing or doubled', async ({
  page,
}) => {
  await openAdmin(page)
  await notifyOften(page, 300)
  await page.goto('/notifications')
  const second = await anotherTab(page.context(), '/chat')
  await bell(second).click()
  await expect(panel(second).getByRole('listitem').first()).toBeVisible()

  const seen: string[] = []
  let most = 0
  const look = async () => {
    const titles = await panel(second)
      .getByRole('listitem')
      .evaluateAll((rows) => rows.map((item) => /Test [0-9a-f]{8}/.exec(item.textContent ?? '')?.[0] ?? ''))
    most = Math.max(most, titles.length)
    expect(new Set(titles).size).toBe(titles.length)
    for (const title of titles) if (!seen.includes(title)) seen.push(title)
    return seen.length
  }
  await panel(second).getByRole('listitem').first().hover()
  await baseExpect
    .poll(
      async () => {
        await second.mouse.wheel(0, 400)
        return look()
      },
      { intervals: [20], timeout: 60_000 },
    )
    .toBe(300)
  expect(most).toBeLessThan(60)
  const stored: string[] = []
  for (let cursor = ''; cursor !== 'null'; ) {
    const answer = await page.request.get(`/api/notifications?limit=100${cursor && `&cursor=${cursor}`}`)
    const { notifications, nextCursor } = await answer.json()
    stored.push(...notifications.map(({ title }: { title: string }) => title))
    cursor = String(nextCursor)
  }
  expect(seen).toEqual(stored)

  // Rushed through, the list shows shapes; at rest, rows.
  const row = panel(second)
    .getByRole('listitem')
    .filter({ hasText: /Test [0-9a-f]{8}/ })
  const shapes = await panel(second)
    .locator('[data-virtuoso-scroller]')
    .evaluate(async (list) => {
      let most = 0
      for (let frame = 0; frame < 30; frame++) {
        list.scrollTop = list.scrollTop < 2_000 ? list.scrollHeight : list.scrollTop - 2_000
        await new Promise(requestAnimationFrame)
        most = Math.max(most, list.querySelectorAll('li[aria-hidden]').length)
      }
      return most
    })
  expect(shapes).toBeGreaterThan(0)
  await expect(row.first()).toBeVisible()
})
