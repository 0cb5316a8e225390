import { expect as baseExpect } from '@playwright/test'
import { expectAccessible, looks } from './support/accessibility'
import { expect, test } from './support/fixtures'
import { anotherTab, bell, live, notify, openAdmin, panel, row, toast } from './support/notifications'
import { newAccount, register } from './support/people'
import { twoPeople } from './support/twoPeople'

test('a notification is in both tabs at once, and what is done in one is done in the other', async ({ page }) => {
  await openAdmin(page)
  const second = await anotherTab(page.context(), '/notifications')
  const title = await notify(page)

  await expect(row(second, title)).toContainText('Unread')
  await bell(page).click()
  await row(page, title)
    .getByRole('button', { name: new RegExp(`Unread.*${title}`) })
    .click()
  await expect(row(page, title)).not.toContainText('Unread')
  await expect(row(second, title)).not.toContainText('Unread')

  await row(second, title).getByRole('button', { name: 'Mark as unread' }).click()
  await expect(row(page, title)).toContainText('Unread')
  await panel(page).getByRole('button', { name: 'Mark all as read' }).click()
  await expect(row(second, title)).not.toContainText('Unread')
  await second.getByRole('tab', { name: 'Unread' }).click()
  await expect(row(second, title)).toHaveCount(0)
})

test('a deletion can be undone, and without that reaches every tab', async ({ page }) => {
  await openAdmin(page, '/notifications')
  const second = await anotherTab(page.context(), '/notifications')
  const [kept, deleted] = [await notify(page), await notify(page)]
  await expect(row(second, deleted)).toBeVisible()

  await row(page, kept).getByRole('button', { name: 'Delete' }).click()
  await expect(row(page, kept)).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row(page, kept)).toBeVisible()

  await row(page, deleted).getByRole('button', { name: 'Delete' }).click()
  await expect(row(second, deleted)).toHaveCount(0)
  await expect(row(second, kept)).toBeVisible()
  await page.reload()
  await expect(row(page, kept)).toBeVisible()
  await expect(row(page, deleted)).toHaveCount(0)
})

test('clearing everything asks first and empties every tab', async ({ page }) => {
  await openAdmin(page, '/notifications')
  const second = await anotherTab(page.context(), '/notifications')
  const title = await notify(page)
  await expect(row(second, title)).toBeVisible()

  const askToClear = async () => {
    await page.getByRole('button', { name: 'More for notifications' }).click()
    await page.getByRole('menuitem', { name: 'Clear all' }).click()
  }
  await askToClear()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(row(page, title)).toBeVisible()
  await askToClear()
  await page.getByRole('dialog').getByRole('button', { name: 'Clear all' }).click()
  await expect(row(page, title)).toHaveCount(0)
  await expect(row(second, title)).toHaveCount(0)
})

test('one tab of a browser shows the toast, and a muted kind shows none', async ({ page }) => {
  await openAdmin(page)
  const second = await anotherTab(page.context(), '/chat')
  const title = await notify(page)
  const shown = async () => (await toast(page, title).count()) + (await toast(second, title).count())
  await baseExpect.poll(shown).toBe(1)
  await expect(bell(second)).toHaveAccessibleName(/unread/)
  expect(await shown()).toBe(1)

  await bell(page).click()
  await panel(page).getByRole('button', { name: 'More for notifications' }).click()
  await page.getByRole('menuitem', { name: 'Preferences' }).click()
  await page.getByRole('switch', { name: 'Information' }).click()
  await expect(page.getByRole('switch', { name: 'Information' })).not.toBeChecked()
  await page.getByRole('button', { name: 'Done' }).click()
  await panel(page).getByRole('button', { name: 'Close' }).click()
  const muted = await notify(page)
  await bell(page).click()
  await expect(row(page, muted)).toBeVisible()
  expect((await toast(page, muted).count()) + (await toast(second, muted).count())).toBe(0)
})

test('unread messages stand at the chats, in the title and in the list of the bell, and lead to the chats', async ({
  openBrowser,
}) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const { page } = grace.chat
  await page.goto('/notifications')
  await live(page)
  await ada.chat.send(grace.name, 'One')
  await ada.chat.send(grace.name, 'Two')
  await expect(row(page, '2 unread messages')).toBeVisible()
  await expect(page.getByRole('link', { name: /^Chats ?, 2 unread$/ })).toBeVisible()
  await expect(bell(page)).toHaveAccessibleName('Notifications')
  await expect(page).toHaveTitle(/^\(2\) /)

  await row(page, '2 unread messages').getByRole('button').click()
  await expect(page).toHaveURL('/chat')
  await grace.chat.conversation(ada.name).click()
  await expect(page).toHaveTitle(/^[^(]/)
  await expect(bell(page)).toHaveAccessibleName('Notifications')
})

test('a person is shown online, through a reload, until they close the page', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  await grace.chat.send(ada.name, 'Hello')
  await ada.chat.send(grace.name, 'Hi')
  const header = ada.chat.page.locator('main header')
  await expect(header.getByText('Online', { exact: true })).toBeVisible()
  await expect(ada.chat.conversation(grace.name)).toContainText('Online')

  await grace.chat.page.reload()
  await grace.chat.untilLive()
  await expect(header.getByText('Online', { exact: true })).toBeVisible()

  await grace.chat.page.close()
  await expect(header.getByText(/^Last seen /)).toBeVisible({ timeout: 30_000 })
  await expect(ada.chat.conversation(grace.name)).not.toContainText('Online')
})

test('the list shows that a person is here also where oneself spoke last and the conversation was not opened', async ({
  openBrowser,
}) => {
  const { ada, grace } = await twoPeople(openBrowser)
  await grace.chat.send(ada.name, 'Hello')
  await ada.chat.send(grace.name, 'I spoke last')
  await expect(grace.chat.message(ada.name, 'I spoke last')).toHaveCount(1)
  await ada.chat.goto()
  await expect(ada.chat.conversation(grace.name)).toContainText('You: I spoke last')
  await expect(ada.chat.conversation(grace.name)).toContainText('Online')
})

test.describe('to somebody who is no admin', () => {
  test.use({ allowedComplaints: [/the server responded with a status of 404/] })

  test('the page of test notifications does not exist, and its route refuses', async ({ page }) => {
    await register(page, newAccount('Grace'))
    await page.goto('/system/notifications')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is nothing at this address')
    const response = await page.request.post('/api/system/notifications', { data: { title: 'No', message: 'No' } })
    expect(response.status()).toBe(403)
  })
})

for (const { colorScheme, width, browser } of looks) {
  test(`bell, page, preferences and admin page pass axe and fit: ${colorScheme}, ${width} px`, async ({
    openBrowser,
  }) => {
    const page = await openBrowser('Ada', browser)
    const check = async () => {
      await expectAccessible(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `width of ${page.url()}`).toBe(width)
    }
    await openAdmin(page, '/system/notifications')
    await check()
    for (const name of ['Information', 'Success', 'Warning', 'Error', 'Image', 'Icon', 'Text', 'A long one']) {
      await page.getByRole('button', { name, exact: true }).click()
    }
    await expect(page.getByRole('status', { name: 'New notification' })).toBeVisible()
    await check()
    await bell(page).click()
    await expect(panel(page).getByRole('listitem').first()).toBeVisible()
    await check()
    await panel(page).getByRole('button', { name: 'Delete' }).first().click()
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
    await page.goto('/notifications')
    await expect(page.getByRole('listitem').first()).toBeVisible()
    await check()
    await page.getByRole('button', { name: 'More for notifications' }).click()
    await check()
    await page.getByRole('menuitem', { name: 'Preferences' }).click()
    await expect(page.getByRole('dialog', { name: 'Preferences' })).toBeVisible()
    await check()
  })
}
