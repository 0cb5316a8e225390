import type { BrowserContextOptions, Page } from '@playwright/test'
import { expectWellMade, looks } from './support/accessibility'
import { ChatPage } from './support/chat'
import { expect, test } from './support/fixtures'
import { newcomer } from './support/people'

type OpenBrowser = (who: string, options?: BrowserContextOptions) => Promise<Page>

/** Ada, with the group open; and Grace, who looks at her list. */
async function inAGroup(openBrowser: OpenBrowser, options?: BrowserContextOptions) {
  const [ada, grace] = [await newcomer(openBrowser, 'Ada', options), await newcomer(openBrowser, 'Grace', options)]
  const [adas, graces] = [new ChatPage(ada.page), new ChatPage(grace.page)]
  const made = await ada.page.request.post('/api/chat/rooms', { data: { participantIds: [grace.id], name: 'Engines' } })
  expect(made.status(), await made.text()).toBe(201)
  const { room } = await made.json()
  await adas.page.goto(`/chat/${room.id}`)
  await adas.untilLive()
  await graces.goto()
  return { adas, graces, ada: ada.account.name, grace: grace.account.name }
}

test('a name is completed after an @; who is named finds it in the list and the bell, which leads to the message', async ({
  openBrowser,
}) => {
  const { adas, graces, ada, grace } = await inAGroup(openBrowser)
  const field = adas.composer('Engines')
  const names = adas.page.getByRole('listbox', { name: 'People to mention' })
  await field.pressSequentially('Ask @Gr')
  await expect(names.getByRole('option', { name: grace, selected: true })).toBeVisible()
  await field.press('Escape')
  await expect(names).toHaveCount(0)
  await expect(field).toBeFocused()
  await field.fill('')
  await field.pressSequentially('Ask @')
  await field.press('ArrowDown')
  await field.press('Enter')
  await expect(field).toHaveValue(`Ask @${grace} `)
  await expect(names).toHaveCount(0)
  await field.pressSequentially('about it')
  await field.press('Enter')
  await expect(adas.message('Engines', `Ask @${grace} about it`)).toHaveCount(1)

  await expect(graces.conversation('Engines')).toContainText('1 mention of you')
  const { page } = graces
  await page.getByRole('button', { name: 'Notifications, 1 unread' }).click()
  await page
    .getByRole('dialog', { name: 'Notifications' })
    .getByRole('button', { name: `Unread. Information: ${ada} mentioned you` })
    .click()
  const message = graces.message('Engines', `Ask @${grace} about it`)
  await expect(message).toBeFocused()
  await expect(graces.conversation('Engines')).not.toContainText('mention of you')
  await expect(page.getByRole('button', { name: 'Notifications', exact: true })).toBeVisible()
})

for (const { colorScheme, width, browser } of looks) {
  test(`names to mention and the marks of a mention pass axe and fit: ${colorScheme}, ${width} px`, async ({
    openBrowser,
  }) => {
    const { adas, graces, grace } = await inAGroup(openBrowser, browser)
    const field = adas.composer('Engines')
    await field.pressSequentially('@')
    await expect(adas.page.getByRole('option', { name: grace })).toBeVisible()
    await adas.page.screenshot({ path: test.info().outputPath(`names-${colorScheme}-${width}.png`) })
    await expectWellMade(adas.page)
    await field.press('Enter')
    await field.press('Enter')
    await expect(graces.conversation('Engines')).toContainText('1 mention of you')
    await graces.page.screenshot({ path: test.info().outputPath(`list-${colorScheme}-${width}.png`) })
    await expectWellMade(graces.page)
  })
}
