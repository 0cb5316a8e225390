import type { BrowserContextOptions, Page } from '@playwright/test'
import { expectWellMade, looks } from './support/accessibility'
import { ChatPage } from './support/chat'
import { expect, test } from './support/fixtures'
import { newcomer } from './support/people'

type OpenBrowser = (who: string, options?: BrowserContextOptions) => Promise<Page>

async function people(openBrowser: OpenBrowser, options?: BrowserContextOptions) {
  const [ada, grace] = [await newcomer(openBrowser, 'Ada', options), await newcomer(openBrowser, 'Grace', options)]
  const [adas, graces] = [new ChatPage(ada.page), new ChatPage(grace.page)]
  await adas.goto()
  await graces.goto()
  return { adas, graces, ada: ada.account.name, grace: grace.account.name }
}

const openNewGroup = async ({ page }: ChatPage) => {
  await page.getByRole('button', { name: 'New conversation' }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'New group' }).click()
}

const choosePerson = async ({ page }: ChatPage, name: string) => {
  await page.getByRole('combobox', { name: 'Search people' }).fill(name)
  await page.getByRole('option', { name }).click()
}

const makeGroup = async (chat: ChatPage, name: string, member: string) => {
  await openNewGroup(chat)
  await chat.page.getByRole('textbox', { name: 'Name of the group' }).fill(name)
  await choosePerson(chat, member)
  await chat.page.getByRole('button', { name: 'Make the group' }).click()
  await expect(chat.composer(name)).toBeFocused()
}

const openPanel = async ({ page }: ChatPage, name: string) => {
  await page.getByRole('heading', { level: 1, name }).getByRole('button').click()
  const panel = page.getByRole('dialog', { name })
  await expect(panel).toBeVisible()
  return panel
}

test('a group is made, renamed and left; everybody sees it as it happens', async ({ openBrowser }) => {
  const { adas, graces, ada, grace } = await people(openBrowser)
  await makeGroup(adas, 'Engines', grace)
  await expect(adas.messages('Engines')).toContainText(['You created the group "Engines"'])
  await graces.conversation('Engines').click()
  await expect(graces.messages('Engines')).toContainText([`${ada} created the group "Engines"`])

  // Who types, and who has seen what.
  await graces.composer('Engines').pressSequentially('Hel')
  await expect(adas.page.getByText(`${grace} is typing…`).first()).toBeVisible()
  await adas.send('Engines', 'Hello all')
  await adas.expectDelivery(adas.message('Engines', 'Hello all'), 'Read')
  await adas.message('Engines', 'Hello all').getByText('Hello all').click({ button: 'right' })
  await adas.page.getByRole('menuitem', { name: 'Seen by' }).click()
  const seen = adas.page.getByRole('dialog', { name: 'Seen by 1 of 1' })
  await expect(seen).toContainText(grace)
  await seen.getByRole('button', { name: 'Close' }).click()

  const panel = await openPanel(adas, 'Engines')
  await panel.getByRole('button', { name: 'Change name or picture' }).click()
  await panel.getByRole('textbox', { name: 'Name of the group' }).fill('Looms')
  await panel.getByRole('button', { name: 'Save' }).click()
  await expect(graces.messages('Looms')).toContainText([/created/, 'Hello all', `${ada} renamed the group to "Looms"`])
  await expect(graces.conversation('Looms')).toBeVisible()

  const renamed = adas.page.getByRole('dialog', { name: 'Looms' })
  await renamed.getByRole('button', { name: `Options for ${grace}` }).click()
  await adas.page.getByRole('menuitemradio', { name: 'Admin' }).click()
  await expect(renamed.getByRole('listitem').filter({ hasText: grace })).toContainText('Admin')
  await expect(graces.message('Looms', `${ada} made you an admin`)).toHaveCount(1)
  await adas.page.keyboard.press('Escape')
  await expect(adas.page.getByRole('heading', { level: 1, name: 'Looms' }).getByRole('button')).toBeFocused()

  const gracesPanel = await openPanel(graces, 'Looms')
  await gracesPanel.getByRole('button', { name: 'Leave the group' }).click()
  await graces.page.getByRole('dialog', { name: 'Leave “Looms”?' }).getByRole('button', { name: 'Leave' }).click()
  await expect(graces.page).toHaveURL('/chat')
  await expect(graces.conversation('Looms')).toHaveCount(0)
  await expect(adas.message('Looms', `${grace} left the group`)).toHaveCount(1)
})

test('for whom is removed the conversation disappears with a sentence; who is added sees it again', async ({
  openBrowser,
}) => {
  const { adas, graces, ada, grace } = await people(openBrowser)
  await makeGroup(adas, 'Engines', grace)
  await graces.conversation('Engines').click()
  await expect(graces.composer('Engines')).toBeVisible()

  const panel = await openPanel(adas, 'Engines')
  await panel.getByRole('button', { name: `Options for ${grace}` }).click()
  await adas.page.getByRole('menuitem', { name: 'Remove from the group' }).click()
  await adas.page
    .getByRole('dialog', { name: /^Remove/ })
    .getByRole('button', { name: 'Remove' })
    .click()
  await expect(panel.getByRole('listitem')).toHaveCount(1)

  await expect(graces.page.getByRole('heading', { name: 'You are not part of “Engines” any more' })).toBeVisible()
  await expect(graces.page.getByRole('button', { name: 'Back to conversations' })).toBeFocused()
  await expect(graces.conversation('Engines')).toHaveCount(0)

  await panel.getByRole('button', { name: 'Add people' }).click()
  await choosePerson(adas, grace)
  await panel.getByRole('button', { name: 'Add to the group' }).click()
  await expect(panel.getByRole('listitem').filter({ hasText: grace })).toHaveCount(1)
  await expect(graces.conversation('Engines')).toBeVisible()
  await expect(graces.message('Engines', `${ada} added you`)).toHaveCount(1)
})

test('who pins and mutes a conversation sees it so, also after a reload', async ({ openBrowser }) => {
  const { adas, grace } = await people(openBrowser)
  await adas.startConversation(grace)
  await adas.send(grace, 'Hello')
  await adas.expectDelivery(adas.message(grace, 'Hello'), 'Sent')
  await makeGroup(adas, 'Engines', grace)
  await adas.conversation(grace).click()
  const panel = await openPanel(adas, grace)
  await panel.getByRole('switch', { name: 'Mute' }).click()
  await panel.getByRole('switch', { name: 'Pin' }).click()
  await expect(panel.getByRole('switch', { name: 'Pin' })).toBeChecked()
  await adas.page.keyboard.press('Escape')
  await adas.page.reload()
  await expect(adas.conversations().getByRole('link').first()).toContainText(grace)
  await expect(adas.conversation(grace)).toContainText('Muted. Pinned.')
})

for (const { colorScheme, width, browser } of looks) {
  test(`making a group and its panel pass axe and fit: ${colorScheme}, ${width} px`, async ({ openBrowser }) => {
    const { adas, grace } = await people(openBrowser, browser)
    const { page } = adas
    await openNewGroup(adas)
    await choosePerson(adas, grace)
    await expectWellMade(page)
    await page.getByRole('textbox', { name: 'Name of the group' }).fill('Engines')
    await page.getByRole('button', { name: 'Make the group' }).click()
    await expect(adas.messages('Engines')).toHaveCount(1)
    await expectWellMade(page)
    const panel = await openPanel(adas, 'Engines')
    await expect(panel.getByRole('listitem')).toHaveCount(2)
    await expectWellMade(page)
    await panel.getByRole('button', { name: 'Change name or picture' }).click()
    await panel.getByRole('button', { name: 'Add people' }).click()
    await choosePerson(adas, grace)
    await expectWellMade(page)
    await page.keyboard.press('Escape')
    await adas.send('Engines', 'Hello')
    await adas.expectDelivery(adas.message('Engines', 'Hello'), 'Sent')
    await adas.message('Engines', 'Hello').getByText('Hello').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Seen by' }).click()
    await expect(page.getByRole('dialog', { name: /^Seen by/ })).toBeVisible()
    await expectWellMade(page)
  })
}
