import { expectWellMade } from './support/accessibility'
import { expect, test } from './support/fixtures'
import { twoPeople } from './support/twoPeople'

test('the conversations are found, opened and left by keyboard alone', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const { chat } = ada
  const { page } = chat
  await page.goto('/chat')
  await chat.untilLive()

  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused()
  await expectWellMade(page)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()

  const search = page.getByRole('searchbox', { name: 'Search conversations' })
  await search.focus()
  await page.keyboard.press('ArrowDown')
  await expect(chat.conversation(grace.name)).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(search).toBeFocused()
  await search.pressSequentially(grace.name.slice(0, 7))
  await page.keyboard.press('Enter')
  await expect(chat.composer(grace.name)).toBeFocused()

  await page.keyboard.type('half a sentence')
  await page.keyboard.press('Escape')
  await expect(chat.conversation(grace.name)).toBeFocused()
  await expect(chat.composer(grace.name)).toHaveValue('half a sentence')

  // Elsewhere the list says that something was begun.
  await page.goto('/chat')
  await expect(chat.conversation(grace.name)).toContainText('Draft: half a sentence')
})

test('who is not found among the conversations is looked for among the people', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const { page } = ada.chat
  const search = page.getByRole('searchbox', { name: 'Search conversations' })
  await search.fill('Nobody at all')
  await expect(page.getByText('No conversation with this name')).toBeVisible()
  await search.press('Enter')
  const people = page.getByRole('combobox', { name: 'Search people' })
  await expect(people).toHaveValue('Nobody at all')
  await people.fill(grace.name)
  await expect(page.getByRole('option', { name: grace.name })).toBeVisible()
  await people.press('Enter')
  await expect(ada.chat.composer(grace.name)).toBeFocused()
})

test('a button that gets the focus back keeps its tooltip to itself', async ({ openBrowser }) => {
  const { ada } = await twoPeople(openBrowser)
  const { page } = ada.chat
  const button = page.getByRole('button', { name: 'New conversation' })
  await button.press('Enter')
  await expect(page.getByRole('combobox', { name: 'Search people' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(button).toBeFocused()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByRole('tooltip')).toHaveCount(0)

  // By Tab it is asked for.
  await page.keyboard.press('Tab')
  await page.keyboard.press('Shift+Tab')
  await expect(button).toBeFocused()
  await expect(page.getByRole('tooltip', { name: 'New conversation' })).toBeVisible()
})

test('an emoji is found by its name and put where the caret is, without asking anybody else', async ({
  openBrowser,
}) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const { page } = ada.chat
  const field = ada.chat.composer(grace.name)
  await field.fill('Hello  there')
  await field.press('Home')
  for (let step = 0; step < 6; step++) await field.press('ArrowRight')
  await page.getByRole('button', { name: 'Emoji', exact: true }).press('Enter')
  const picker = page.getByRole('dialog', { name: 'Emojis' })
  await picker.getByRole('searchbox', { name: 'Search emojis' }).fill('waving hand')
  await expect(picker.getByRole('gridcell', { name: 'Waving hand' }).first()).toBeVisible()
  await expectWellMade(page)
  await page.keyboard.press('Enter')
  await expect(field).toBeFocused()
  await page.keyboard.type('!')
  await expect(field).toHaveValue('Hello 👋! there')

  await page.getByRole('button', { name: 'Emoji', exact: true }).press('Enter')
  await expect(picker).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(picker).toHaveCount(0)
  await expect(field).toBeFocused()
})
