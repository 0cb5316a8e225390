import type { Page } from '@playwright/test'
import { expectWellMade, looks } from './support/accessibility'
import type { ChatPage } from './support/chat'
import { expect, test } from './support/fixtures'
import { twoPeople } from './support/twoPeople'

const menuOf = async (chat: ChatPage, name: string, text: string) => {
  await chat.message(name, text).getByText(text).click({ button: 'right' })
  await expect(chat.page.getByRole('menu', { name: 'Message options' })).toBeVisible()
}
const choose = (page: Page, entry: string) => page.getByRole('menuitem', { name: entry }).click()
const confirmDeletion = (page: Page) =>
  page.getByRole('dialog', { name: 'Delete this message?' }).getByRole('button', { name: 'Delete' }).click()

test('an edit and a deletion are seen by the other at once', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const field = ada.chat.composer(grace.name)
  await ada.chat.send(grace.name, 'Helo Grace')
  await ada.chat.expectDelivery(ada.chat.message(grace.name, 'Helo Grace'), 'Read')

  await field.press('ArrowUp')
  await expect(field).toHaveValue('Helo Grace')
  await expect(ada.chat.page.getByText('Editing:')).toBeVisible()
  await field.press('Escape')
  await expect(field).toHaveValue('')

  await field.press('ArrowUp')
  await field.fill('Hello Grace')
  await field.press('Enter')
  await expect(grace.chat.message(ada.name, 'Hello Grace')).toContainText('edited')
  await expect(ada.chat.message(grace.name, 'Hello Grace')).toContainText('edited')
  await expect(field).toBeFocused()

  await menuOf(ada.chat, grace.name, 'Hello Grace')
  await choose(ada.chat.page, 'Delete')
  await confirmDeletion(ada.chat.page)
  await expect(grace.chat.message(ada.name, 'Message deleted')).toHaveCount(1)
  await expect(grace.chat.message(ada.name, 'Hello Grace')).toHaveCount(0)
  await expect(ada.chat.message(grace.name, 'Message deleted')).toHaveCount(1)
  await expect(field).toBeFocused()
})

test('what somebody else wrote can be copied, and not changed', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  await ada.chat.send(grace.name, 'Hello Grace')
  await grace.chat.message(ada.name, 'Hello Grace').hover()
  const button = grace.chat.message(ada.name, 'Hello Grace').getByRole('button', { name: 'Message options' })
  await button.click()
  // The first leads to all emojis.
  await expect(grace.chat.page.getByRole('menuitem')).toHaveText(['', 'Reply', 'Copy text'])
  await grace.chat.page.keyboard.press('Escape')
  await expect(button).toBeFocused()
})

test.describe('without a connection', () => {
  test.use({ allowedComplaints: [/net::ERR_INTERNET_DISCONNECTED/] })

  test('edits and deletions wait, and who was away sees what became of the messages', async ({ openBrowser }) => {
    const { ada, grace } = await twoPeople(openBrowser)
    for (const text of ['to be edited', 'to be deleted', 'stays']) await ada.chat.send(grace.name, text)
    await expect(grace.chat.messages(ada.name)).toContainText(['to be edited', 'to be deleted', 'stays'])

    await grace.chat.page.context().setOffline(true)
    await ada.chat.page.context().setOffline(true)
    // What the page says of it moves the messages.
    await expect(ada.chat.connection('Offline').first()).toBeVisible()
    await menuOf(ada.chat, grace.name, 'to be edited')
    await choose(ada.chat.page, 'Edit')
    await ada.chat.composer(grace.name).fill('edited while away')
    await ada.chat.composer(grace.name).press('Enter')
    await menuOf(ada.chat, grace.name, 'to be deleted')
    await choose(ada.chat.page, 'Delete')
    await confirmDeletion(ada.chat.page)
    await ada.chat.expectDelivery(ada.chat.message(grace.name, 'edited while away'), 'Waiting to be sent')
    await ada.chat.expectDelivery(ada.chat.message(grace.name, 'Message deleted'), 'Waiting to be sent')

    await ada.chat.page.context().setOffline(false)
    await expect(ada.chat.message(grace.name, 'edited while away')).not.toContainText('Waiting')
    await expect(ada.chat.message(grace.name, 'Message deleted')).not.toContainText('Waiting')
    await expect(grace.chat.message(ada.name, 'to be deleted')).toHaveCount(1)
    await grace.chat.page.context().setOffline(false)
    await expect(grace.chat.messages(ada.name)).toContainText(['edited while away', 'Message deleted', 'stays'])
    await expect(grace.chat.messages(ada.name)).toHaveCount(3)
  })
})

for (const { colorScheme, width, browser } of looks) {
  test(`editing and the menu pass axe and fit: ${colorScheme}, ${width} px`, async ({ openBrowser }) => {
    const { ada, grace } = await twoPeople((who) => openBrowser(who, browser))
    const { page } = ada.chat
    await ada.chat.send(grace.name, 'A message to look at')
    await ada.chat.expectDelivery(ada.chat.message(grace.name, 'A message'), 'Read')
    await menuOf(ada.chat, grace.name, 'A message to look at')
    await expectWellMade(page)
    await choose(page, 'Edit')
    await expect(page.getByText('Editing:')).toBeVisible()
    await expectWellMade(page)
    await ada.chat.composer(grace.name).press('Escape')
    await menuOf(ada.chat, grace.name, 'A message to look at')
    await choose(page, 'Delete')
    await expect(page.getByRole('dialog', { name: 'Delete this message?' })).toBeVisible()
    await expectWellMade(page)
    await confirmDeletion(page)
    await ada.chat.expectDelivery(ada.chat.message(grace.name, 'Message deleted'), 'Read')
    await expectWellMade(page)
  })
}
