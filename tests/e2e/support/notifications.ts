import { randomBytes } from 'node:crypto'
import { type BrowserContext, expect, type Page } from '@playwright/test'
import { RoomsPage } from '@/contracts/chat'
import { alertKinds } from '@/contracts/preferences'
import { ChatPage } from './chat'
import { signInAsAdmin } from './people'

export const bell = (page: Page) => page.getByRole('banner').getByRole('button', { name: /^Notifications/ })
export const panel = (page: Page) => page.getByRole('dialog', { name: 'Notifications' })
export const row = (page: Page, title: string) => page.getByRole('listitem').filter({ hasText: title })
export const toast = (page: Page, title: string) =>
  page.getByRole('status', { name: 'New notification' }).filter({ hasText: title })
export const live = (page: Page) => new ChatPage(page).untilLive()

export const newTitle = () => `Test ${randomBytes(4).toString('hex')}`

/** Sends the signed-in admin a notification, as a service would; resolves to its title. */
export async function notify(page: Page, { title = newTitle(), type = 'info' } = {}) {
  const response = await page.request.post('/api/system/notifications', {
    data: { title, message: 'Something happened.', type },
  })
  expect(response.status(), await response.text()).toBe(201)
  return title
}

/** The demo's admin, who may send test notifications to herself, with an empty list, nothing unread and the usual preferences, on the page of conversations. */
export async function openAdmin(page: Page, path = '/chat') {
  await signInAsAdmin(page)
  expect((await page.request.delete('/api/notifications/clear-all')).status()).toBe(200)
  const kinds = Object.fromEntries(alertKinds.map((kind) => [kind, { bell: true }]))
  const usual = { kinds, quietHours: { enabled: false } }
  expect((await page.request.patch('/api/notifications/preferences', { data: usual })).status()).toBe(200)
  const { rooms } = RoomsPage.parse(await (await page.request.get('/api/chat/rooms')).json())
  for (const { id, unread } of rooms) {
    if (unread > 0) await page.request.patch('/api/chat/messages/read', { data: { roomId: id } })
  }
  await page.goto(path)
  await live(page)
}

/** Another tab of the same browser. */
export async function anotherTab(context: BrowserContext, path: string) {
  const page = await context.newPage()
  await page.goto(path)
  await live(page)
  return page
}

/** Opens the preferences from the bell, makes choices there, and closes everything again. */
export async function choosePreferences(page: Page, choose: () => Promise<void>) {
  await bell(page).click()
  await panel(page).getByRole('button', { name: 'More for notifications' }).click()
  await page.getByRole('menuitem', { name: 'Preferences' }).click()
  await choose()
  await page.getByRole('button', { name: 'Done' }).click()
  await panel(page).getByRole('button', { name: 'Close' }).click()
  await expect(panel(page)).toHaveCount(0)
}
