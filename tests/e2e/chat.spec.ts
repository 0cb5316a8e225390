import { loadSecret } from '@/lib/env/secrets'
import { ChatPage } from './support/chat'
import { expect, test } from './support/fixtures'
import { newAccount, newcomer, register, signInAs } from './support/people'
import { twoPeople } from './support/twoPeople'

test('two people sign in, find each other, talk, and see what was read', async ({ openBrowser }) => {
  const accounts = { ada: newAccount('Ada'), grace: newAccount('Grace') }
  const [adaPage, gracePage] = [await openBrowser('Ada'), await openBrowser('Grace')]
  await register(await openBrowser('Ada elsewhere'), accounts.ada)
  await register(gracePage, accounts.grace)

  await adaPage.goto('/login')
  await adaPage.getByLabel('E-mail').fill(accounts.ada.email)
  await adaPage.getByLabel('Password', { exact: true }).fill(accounts.ada.password)
  await adaPage.getByRole('button', { name: 'Sign in', exact: true }).click()
  const ada = new ChatPage(adaPage)
  await ada.untilLive()
  const grace = new ChatPage(gracePage)
  await grace.goto()

  await ada.startConversation(accounts.grace.name)
  await ada.send(accounts.grace.name, 'Hello Grace')
  await ada.expectDelivery(ada.message(accounts.grace.name, 'Hello Grace'), 'Sent')

  // The conversation that did not exist when Grace's page was opened is in her list, with what she has not read.
  await expect(grace.conversation(accounts.ada.name)).toContainText('1 unread')
  await grace.conversation(accounts.ada.name).click()
  await expect(grace.message(accounts.ada.name, 'Hello Grace')).toHaveCount(1)
  await ada.expectDelivery(ada.message(accounts.grace.name, 'Hello Grace'), 'Read')
  await expect(grace.conversation(accounts.ada.name)).not.toContainText('unread')

  await grace.send(accounts.ada.name, 'Hello Ada')
  await expect(ada.message(accounts.grace.name, 'Hello Ada')).toHaveCount(1)
  await grace.expectDelivery(grace.message(accounts.ada.name, 'Hello Ada'), 'Read')

  for (const { page } of [ada, grace]) await page.reload()
  await expect(ada.messages(accounts.grace.name)).toContainText(['Hello Grace', 'Hello Ada'])
  await expect(grace.messages(accounts.ada.name)).toContainText(['Hello Grace', 'Hello Ada'])
})

test('a conversation begins with its first message: until then the other hears nothing of it', async ({
  openBrowser,
}) => {
  const [ada, grace] = [await newcomer(openBrowser, 'Ada'), await newcomer(openBrowser, 'Grace')]
  const [adas, graces] = [new ChatPage(ada.page), new ChatPage(grace.page)]
  const name = grace.account.name
  const roomsOf = async ({ page }: ChatPage) => (await (await page.request.get('/api/chat/rooms')).json()).rooms
  await graces.goto()
  await adas.goto()
  await adas.startConversation(name)
  await expect(adas.composer(name)).toBeFocused()
  await adas.composer(name).fill('Not sent, but')
  await adas.page.reload()
  await expect(adas.composer(name)).toHaveValue('Not sent, but')
  expect(await roomsOf(adas)).toEqual([])

  await adas.send(name, 'Hello, who are you?')
  await adas.expectDelivery(adas.message(name, 'Hello, who are you?'), 'Sent')
  await expect(adas.page).toHaveURL(/\/chat\/(?!new)/)
  await expect(graces.conversation(ada.account.name)).toContainText('Hello, who are you?')
  expect(await roomsOf(graces)).toHaveLength(1)

  // Whom one has written with is found again.
  await adas.page.goBack()
  await adas.startConversation(name)
  await expect(adas.message(name, 'Hello, who are you?')).toHaveCount(1)
})

test('no page holds the password of the demo', async ({ page }) => {
  const password = await loadSecret(process.env.E2E_DATA_DIR ?? '', 'demo-password', 'DATA_DIR')
  for (const path of ['/', '/login']) {
    const answer = await page.goto(path)
    await expect(page.getByRole('button', { name: 'Continue as Ada Lovelace' })).toBeVisible()
    expect(await answer?.text()).not.toContain(password)
  }
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL('/chat')
})

test('a newcomer is chatting with a demo account in two clicks', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'Continue as Ada Lovelace' }).click()
  const chat = new ChatPage(page)
  await chat.conversation('Grace Hopper').click()
  await chat.send('Grace Hopper', 'Two clicks, then this')
  await chat.expectDelivery(chat.message('Grace Hopper', 'Two clicks, then this'), 'Sent')
})

test('Enter sends, Shift and Enter break the line', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const composer = ada.chat.composer(grace.name)
  await composer.fill('first line')
  await composer.press('Shift+Enter')
  await composer.pressSequentially('second line')
  await expect(ada.chat.messages(grace.name)).toHaveCount(0)
  await composer.press('Enter')
  await expect(composer).toHaveValue('')
  await expect(grace.chat.message(ada.name, 'first line\nsecond line')).toHaveCount(1)
})

test('what was typed but not sent is still there after a reload', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  await ada.chat.composer(grace.name).fill('Not finished yet')
  await ada.chat.page.reload()
  await expect(ada.chat.composer(grace.name)).toHaveValue('Not finished yet')
})

test('text is written in its own direction, and a very long one folds', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const direction = (text: string) =>
    ada.chat
      .message(grace.name, text)
      .locator('[dir=auto]')
      .evaluate((bubble) => getComputedStyle(bubble).direction)
  await ada.chat.send(grace.name, 'שלום Grace')
  await ada.chat.send(grace.name, 'Hello שלום')
  expect(await direction('שלום Grace')).toBe('rtl')
  expect(await direction('Hello שלום')).toBe('ltr')

  const long = `${'A long story. '.repeat(150)}The end.`
  await ada.chat.send(grace.name, long)
  const message = grace.chat.message(ada.name, 'A long story')
  await expect(message).toHaveCount(1)
  await expect(message).not.toContainText('The end.')
  await message.getByRole('button', { name: 'Show more' }).press('Enter')
  await expect(message).toContainText('The end.')
  await message.getByRole('button', { name: 'Show less', expanded: true }).click()
  await expect(message).not.toContainText('The end.')
})

test.describe('signing out', () => {
  // The server closes the session's sockets at the moment the page leaves them; Chromium remarks on that by itself.
  test.use({ allowedComplaints: [/WebSocket is already in CLOSING or CLOSED state/] })

  test('leads away from the chats, and back in only with the password', async ({ page }) => {
    const account = newAccount('Ada')
    await register(page, account)
    await new ChatPage(page).goto()
    await page.getByRole('button', { name: `Account of ${account.name}` }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await expect(page).toHaveURL('/')
    await page.goto('/chat')
    await expect(page).toHaveURL(/\/login/)
    await signInAs(page, account)
    await new ChatPage(page).goto()
  })
})
