import type { Locator, Page } from '@playwright/test'
import { expectWellMade, looks } from './support/accessibility'
import { expect, test } from './support/fixtures'
import { twoPeople } from './support/twoPeople'

const chip = (message: Locator, emoji: string) =>
  message.getByRole('group', { name: 'Reactions' }).getByRole('button', { name: emoji })
const openMenu = async (page: Page, message: Locator) => {
  await message.getByText('Hello').click({ button: 'right' })
  await expect(page.getByRole('group', { name: 'React' })).toBeVisible()
}

test('both see who reacted, join in and take it back', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  await ada.chat.send(grace.name, 'Hello Grace')
  const [hers, mine] = [grace.chat.message(ada.name, 'Hello Grace'), ada.chat.message(grace.name, 'Hello Grace')]

  await openMenu(grace.chat.page, hers)
  await grace.chat.page.getByRole('menuitemcheckbox', { name: '❤️' }).click()
  await expect(chip(hers, '❤️')).toHaveAttribute('aria-pressed', 'true')
  await expect(hers.getByRole('button', { name: 'Message options' })).toBeFocused()
  await expect(chip(mine, '❤️')).toHaveAccessibleName(`❤️ 1: ${grace.name}`)
  await chip(mine, '❤️').click()
  await expect(chip(hers, '❤️')).toHaveAccessibleName(`❤️ 2: You and ${ada.name}`)

  await openMenu(ada.chat.page, mine)
  await ada.chat.page.getByRole('menuitem', { name: 'Who reacted' }).click()
  const dialog = ada.chat.page.getByRole('dialog', { name: 'Reactions' })
  await expect(dialog.getByRole('listitem')).toHaveCount(2)
  await expect(dialog.getByRole('listitem').filter({ hasText: grace.name })).toContainText('❤️')
  await ada.chat.page.keyboard.press('Escape')

  await chip(mine, '❤️').click()
  await chip(hers, '❤️').click()
  await expect(hers.getByRole('group', { name: 'Reactions' })).toHaveCount(0)
  await expect(mine.getByRole('group', { name: 'Reactions' })).toHaveCount(0)
})

test('by keyboard: from the options of a message, also with any other emoji', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const { page } = ada.chat
  await ada.chat.send(grace.name, 'Hello Grace')
  const message = ada.chat.message(grace.name, 'Hello Grace')
  await ada.chat.expectDelivery(message, 'Read')
  const options = message.getByRole('button', { name: 'Message options' })
  await options.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitemcheckbox', { name: '👍' })).toBeFocused()
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('menuitem', { name: 'Another emoji' })).toBeFocused()
  await page.keyboard.press('Enter')
  const search = page.getByRole('searchbox', { name: 'Search emojis' })
  await expect(search).toBeFocused()
  await search.fill('party popper')
  await expect(page.getByRole('gridcell')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(chip(message, '🎉')).toHaveAttribute('aria-pressed', 'true')
  await expect(options).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(chip(message, '🎉')).toBeFocused()
  await page.keyboard.press('Space')
  await expect(chip(message, '🎉')).toHaveCount(0)
  await expect(chip(grace.chat.message(ada.name, 'Hello Grace'), '🎉')).toHaveCount(0)
})

test.describe('without a connection', () => {
  test.use({ allowedComplaints: [/net::ERR_INTERNET_DISCONNECTED/] })

  test('a reaction shows at once, and goes out once when there is one again', async ({ openBrowser }) => {
    const { ada, grace } = await twoPeople(openBrowser)
    await ada.chat.send(grace.name, 'Hello Grace')
    const message = grace.chat.message(ada.name, 'Hello Grace')
    await openMenu(grace.chat.page, message)
    await grace.chat.page.keyboard.press('Escape')
    await grace.chat.page.context().setOffline(true)
    await openMenu(grace.chat.page, message)
    await grace.chat.page.getByRole('menuitemcheckbox', { name: '👍' }).click()
    await expect(chip(message, '👍')).toHaveAccessibleName('👍 1: You')
    await chip(message, '👍').click()
    await expect(chip(message, '👍')).toHaveCount(0)
    await openMenu(grace.chat.page, message)
    await grace.chat.page.getByRole('menuitemcheckbox', { name: '🙏' }).click()
    await grace.chat.page.context().setOffline(false)
    const seen = ada.chat.message(grace.name, 'Hello Grace')
    await expect(chip(seen, '🙏')).toHaveAccessibleName(`🙏 1: ${grace.name}`)
    await expect(chip(seen, '👍')).toHaveCount(0)
    await expect(chip(message, '🙏')).toHaveAccessibleName('🙏 1: You')
  })
})

const code = 'Run `pnpm start`, then\n```ts\nconst answer = 42\n// <b>not bold</b>\n```\nHello'

for (const { colorScheme, width, browser } of looks) {
  test(`reactions, code and large emojis pass axe and fit: ${colorScheme}, ${width} px`, async ({ openBrowser }) => {
    const { ada, grace } = await twoPeople((who) => openBrowser(who, browser))
    const { page } = grace.chat
    await ada.chat.send(grace.name, code)
    await grace.chat.send(ada.name, '🎉🎉')
    await grace.chat.send(ada.name, code)
    const theirs = grace.chat.messages(ada.name).first()
    await expect(theirs.locator('pre code')).toHaveText('const answer = 42\n// <b>not bold</b>')
    for (const emoji of ['👍', '❤️']) {
      await openMenu(page, theirs)
      await expectWellMade(page)
      await page.getByRole('menuitemcheckbox', { name: emoji }).click()
      await expect(chip(theirs, emoji)).toBeVisible()
    }
    await chip(ada.chat.messages(grace.name).first(), '👍').click()
    await expect(chip(theirs, '👍')).toHaveAccessibleName(/^👍 2/)
    await expectWellMade(page)
    await openMenu(page, theirs)
    await page.getByRole('menuitem', { name: 'Who reacted' }).click()
    await expect(page.getByRole('dialog', { name: 'Reactions' }).getByRole('listitem')).toHaveCount(3)
    await expectWellMade(page)
  })
}
