import { randomUUID } from 'node:crypto'
import type { Locator, Page } from '@playwright/test'
import { expectWellMade, looks } from './support/accessibility'
import { setInFront, spyOnAlerts } from './support/alertSpy'
import { ChatPage } from './support/chat'
import { withDatabase } from './support/database'
import { expect, test } from './support/fixtures'
import { newcomer, signInAs } from './support/people'
import { twoPeople } from './support/twoPeople'

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Preferences' })
const choice = (page: Page, name: string) => dialog(page).getByRole('switch', { name })

/** The preferences, from the account page. */
async function openPreferences(page: Page): Promise<Locator> {
  await page.goto('/account')
  await page.getByRole('region', { name: 'Notifications' }).getByRole('button', { name: 'Preferences' }).click()
  await expect(choice(page, 'Direct messages')).toBeVisible()
  return dialog(page)
}

/** What a service would send to a topic, past the service's key. */
const sendTo = (topic: string, userId: string, title: string) =>
  withDatabase((db) =>
    db.query(`SELECT create_notifications(ARRAY[$1], ARRAY[$2], $3::jsonb, 'a test')`, [
      randomUUID(),
      userId,
      JSON.stringify({ title, message: 'There is news.', type: 'info', topic }),
    ]),
  )

test('a choice is the same in every browser of the person, and holds after a reload', async ({ openBrowser }) => {
  const { page, account } = await newcomer(openBrowser, 'Ada')
  const elsewhere = await openBrowser('Ada elsewhere', { timezoneId: 'Asia/Tokyo' })
  await signInAs(elsewhere, account)
  for (const shown of [page, elsewhere]) await openPreferences(shown)

  await choice(page, 'Warning').focus()
  await page.keyboard.press('Space')
  await expect(choice(page, 'Warning')).not.toBeChecked()
  await expect(choice(page, 'Warning')).toBeFocused()
  await expect(choice(elsewhere, 'Warning')).not.toBeChecked()

  await choice(elsewhere, 'Every day, from and to').click()
  await dialog(elsewhere).getByLabel('From', { exact: true }).fill('21:15')
  await expect(choice(page, 'Every day, from and to')).toBeChecked()
  await expect(dialog(page).getByLabel('From', { exact: true })).toHaveValue('21:15')
  await expect(dialog(page).getByLabel('Time zone')).toHaveValue('Asia/Tokyo')
  await dialog(page).getByLabel('Time zone').selectOption('Europe/Berlin')
  await expect(dialog(elsewhere).getByLabel('Time zone')).toHaveValue('Europe/Berlin')

  await openPreferences(page)
  await expect(choice(page, 'Warning')).not.toBeChecked()
  await expect(choice(page, 'Information')).toBeChecked()
  await expect(dialog(page).getByLabel('Time zone')).toHaveValue('Europe/Berlin')
})

test('messages alert who is elsewhere, until that is switched off on another device; counts go on', async ({
  openBrowser,
}) => {
  const { ada, grace } = await twoPeople(openBrowser)
  await openPreferences(ada.chat.page) // where she reads no messages
  const device = await openBrowser('Ada elsewhere')
  const alerts = await spyOnAlerts(device.context())
  await signInAs(device, ada)
  await openPreferences(device)
  for (const name of ['Sound', 'Desktop notifications']) {
    await choice(device, name).click()
    await expect(choice(device, name)).toBeChecked()
  }
  await expect.poll(() => alerts.chimes).toBe(1)
  await device.goto('/chat')
  await new ChatPage(device).untilLive()
  // A page that was never touched is allowed no sound.
  await device.locator('body').press('a')

  const unread = (count: number) => expect(device).toHaveTitle(new RegExp(`^\\(${count}\\) `))
  await setInFront(device, false)
  await grace.chat.send(ada.name, 'You are not looking')
  await unread(1)
  await expect.poll(() => alerts.shown).toEqual([grace.name])
  await expect.poll(() => alerts.chimes).toBe(2)
  await setInFront(device, true)
  await grace.chat.send(ada.name, 'You are looking at Tandem')
  await unread(2)
  // What comes after it and does alert shows that it was decided.
  await sendTo('another', ada.id, 'While you are looking')
  await unread(3)
  await expect.poll(() => alerts.chimes).toBe(3)
  await setInFront(device, false)

  const known = device.waitForResponse(
    async (response) =>
      response.url().endsWith('/api/notifications/preferences') && !(await response.json()).kinds.direct.bell,
  )
  await choice(ada.chat.page, 'Direct messages').click()
  await expect(choice(ada.chat.page, 'Direct messages')).not.toBeChecked()
  await known
  await grace.chat.send(ada.name, 'You do not want to know')
  await unread(4)
  // As above.
  const loud = 'Something else'
  await sendTo('another', ada.id, loud)
  await expect.poll(() => alerts.shown).toEqual([grace.name, loud])
  await expect.poll(() => alerts.chimes).toBe(4)
})

test('a topic that is switched off, and quiet hours, silence notifications and not the bell', async ({
  openBrowser,
}) => {
  const { page, id, account } = await newcomer(openBrowser, 'Ada')
  const topic = `news/${randomUUID().slice(0, 8)}`
  await withDatabase((db) => db.query('INSERT INTO topics (name, is_public) VALUES ($1, true)', [topic]))
  expect((await page.request.put(`/api/notifications/topics/${encodeURIComponent(topic)}`)).status()).toBe(200)
  await page.goto('/chat')
  await new ChatPage(page).untilLive()
  const toast = (title: string) => page.getByRole('status', { name: 'New notification' }).filter({ hasText: title })
  const bell = page.getByRole('banner').getByRole('button', { name: /^Notifications/ })
  await sendTo(topic, id, 'First')
  await expect(toast('First')).toBeVisible()

  const elsewhere = await openBrowser('Ada elsewhere')
  await signInAs(elsewhere, account)
  await openPreferences(elsewhere)
  await choice(elsewhere, `Topic ${topic}`).click()
  const preferences = async () => (await page.request.get('/api/notifications/preferences')).json()
  await expect.poll(async () => (await preferences()).topics[topic].bell).toBe(false)
  await sendTo(topic, id, 'Second')
  await expect(bell).toHaveAccessibleName('Notifications, 2 unread')
  await sendTo('another', id, 'Third')
  await expect(toast('Third')).toBeVisible()

  await dialog(elsewhere).getByRole('switch', { name: 'Every day, from and to' }).click()
  await dialog(elsewhere).getByLabel('To', { exact: true }).fill('22:00') // as it begins: the whole day
  await expect.poll(async () => (await preferences()).quietHours).toMatchObject({ enabled: true, to: '22:00' })
  await page.reload()
  await new ChatPage(page).untilLive()
  await sendTo('another', id, 'Fourth')
  await expect(bell).toHaveAccessibleName('Notifications, 4 unread')
  await choice(elsewhere, 'Every day, from and to').click()
  await expect.poll(async () => (await preferences()).quietHours.enabled).toBe(false)
  await sendTo('another', id, 'Fifth')
  await expect(toast('Fifth')).toBeVisible()
  await expect(toast('Fifth')).not.toContainText('more') // no other was shown since the page was opened
})

for (const { colorScheme, width, browser } of looks) {
  test(`the preferences pass axe and fit: ${colorScheme}, ${width} px`, async ({ openBrowser }) => {
    const { page } = await newcomer(openBrowser, 'Ada', browser)
    const topic = `news:of-a-department-with-a-long-name/${randomUUID().slice(0, 8)}`
    await withDatabase((db) => db.query('INSERT INTO topics (name, is_public) VALUES ($1, true)', [topic]))
    await page.request.put(`/api/notifications/topics/${encodeURIComponent(topic)}`)
    await openPreferences(page)
    await expect(choice(page, `Topic ${topic}`)).toBeChecked()
    await expectWellMade(page)
    await page.screenshot({ path: `reports/preferences-${colorScheme}-${width}.png` })
    await choice(page, 'Every day, from and to').click()
    await dialog(page).getByLabel('Time zone').scrollIntoViewIfNeeded()
    await expectWellMade(page)
    await page.screenshot({ path: `reports/preferences-quiet-${colorScheme}-${width}.png` })
  })
}
