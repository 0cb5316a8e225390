import { randomBytes } from 'node:crypto'
import { type BrowserContext, expect, type Page } from '@playwright/test'
import { ChatPage } from './chat'
import { withDatabase } from './database'
import { newAccount, register } from './people'

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

/** An admin of the test's own, who may send test notifications to herself, on the page of conversations. */
export async function openAdmin(page: Page, path = '/chat') {
  const { id } = await register(page, newAccount('Ada'))
  await withDatabase((db) => db.query("UPDATE users SET role = 'admin' WHERE id = $1", [id]))
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
