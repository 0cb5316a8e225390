import { expectWellMade, looks } from './support/accessibility'
import type { ChatPage } from './support/chat'
import { expect, test } from './support/fixtures'
import { twoPeople } from './support/twoPeople'

const openPanel = async ({ page }: ChatPage, name: string) => {
  await page.getByRole('heading', { level: 1, name }).getByRole('button').click()
  const panel = page.getByRole('dialog', { name })
  await expect(panel).toBeVisible()
  return panel
}

const block = async (chat: ChatPage, name: string) => {
  const panel = await openPanel(chat, name)
  await panel.getByRole('button', { name: `Block ${name}` }).click()
  const question = chat.page.getByRole('dialog', { name: `Block ${name}?` })
  await expect(question).toContainText('They are not told')
  await question.getByRole('button', { name: 'Block' }).click()
  // On the button, for the focus may still be on its way back from the question.
  await panel.getByRole('button', { name: `Unblock ${name}` }).press('Escape')
}

const notice = ({ page }: ChatPage) => page.getByRole('status').filter({ hasText: 'You have blocked' })

/** Refusals are what this file is about. */
test.use({ allowedComplaints: [/403 \(Forbidden\)/] })

test('who is blocked cannot write and sees nobody there, and is told nothing; unblocked both go on', async ({
  openBrowser,
}) => {
  const { ada, grace } = await twoPeople(openBrowser)
  for (const [one, other] of [
    [ada, grace],
    [grace, ada],
  ] as const) {
    await one.chat.send(other.name, `Hello from ${one.name}`)
    await one.chat.expectDelivery(one.chat.message(other.name, `Hello from ${one.name}`), /Sent|Read/)
  }
  const header = (chat: ChatPage) => chat.page.locator('main header, header').filter({ has: chat.page.locator('h1') })
  await expect(header(grace.chat)).toContainText('Online')

  const second = await ada.chat.page.context().newPage()
  await second.goto(ada.chat.page.url())
  await block(ada.chat, grace.name)
  await expect(notice(ada.chat)).toBeVisible()
  await expect(ada.chat.composer(grace.name)).toHaveCount(0)
  await expect(ada.chat.conversation(grace.name)).toContainText('Blocked.')
  await expect(second.getByRole('status').filter({ hasText: 'You have blocked' })).toBeVisible()
  await expect(header(grace.chat)).not.toContainText(/Online|Last seen/)

  await grace.chat.send(ada.name, 'Are you there?')
  const refused = grace.chat.message(ada.name, 'Are you there?')
  await expect(refused).toContainText("You can't write in this conversation.")
  await expect(grace.chat.page.getByText(/block/i)).toHaveCount(0)

  await notice(ada.chat).getByRole('button', { name: 'Unblock' }).click()
  await expect(ada.chat.composer(grace.name)).toBeFocused()
  await expect(second.getByRole('textbox', { name: `Message to ${grace.name}` })).toBeVisible()
  await expect(header(grace.chat)).toContainText('Online')
  await refused.getByRole('button', { name: 'Retry' }).click()
  await expect(ada.chat.message(grace.name, 'Are you there?')).toHaveCount(1)
})

test('whom one has blocked stands on the account page, which follows and unblocks', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  await block(ada.chat, grace.name)
  await ada.chat.page.goto('/account')
  await ada.chat.page.getByRole('button', { name: 'Show blocked people' }).press('Enter')
  const dialog = ada.chat.page.getByRole('dialog', { name: 'Blocked people' })
  await expect(dialog.getByRole('listitem')).toContainText([grace.name])

  const unblocked = await ada.chat.page.request.delete(`/api/users/${grace.id}/block`)
  expect(unblocked.status()).toBe(200)
  await expect(dialog).toContainText('You have blocked nobody')
  await ada.chat.page.request.put(`/api/users/${grace.id}/block`, { data: {} })
  await dialog.getByRole('button', { name: `Unblock ${grace.name}` }).press('Enter')
  await expect(dialog).toContainText('You have blocked nobody')
  await ada.chat.page.keyboard.press('Escape')
  await expect(ada.chat.page.getByRole('button', { name: 'Show blocked people' })).toBeFocused()
})

for (const { colorScheme, width, browser } of looks) {
  test(`blocking and what is blocked pass axe and fit: ${colorScheme}, ${width} px`, async ({ openBrowser }) => {
    const { ada, grace } = await twoPeople((who) => openBrowser(who, browser))
    const { page } = ada.chat
    const panel = await openPanel(ada.chat, grace.name)
    await panel.getByRole('button', { name: `Block ${grace.name}` }).click()
    const question = page.getByRole('dialog', { name: `Block ${grace.name}?` })
    await expect(question).toBeVisible()
    await expectWellMade(page)
    await question.getByRole('button', { name: 'Block' }).click()
    await expect(panel.getByRole('button', { name: `Unblock ${grace.name}` })).toBeVisible()
    await expectWellMade(page)
    await page.keyboard.press('Escape')
    await expect(notice(ada.chat)).toBeVisible()
    await expectWellMade(page)
    await page.goto('/account')
    await page.getByRole('button', { name: 'Show blocked people' }).click()
    await expect(page.getByRole('dialog').getByRole('listitem')).toHaveCount(1)
    await expectWellMade(page)
  })
}
