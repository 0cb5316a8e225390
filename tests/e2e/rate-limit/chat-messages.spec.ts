import { expectAccessible } from '../support/accessibility'
import { expect, test } from '../support/fixtures'
import { newAccount, register } from '../support/people'
import { twoPeople } from '../support/twoPeople'

/** As the running app is told, in 30 seconds: see ../support/runningApp.ts. */
const limit = 12

test('who sends too much is warned, then told when it goes out; writing goes on, and nothing is lost', async ({
  openBrowser,
}) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const { chat } = ada
  const send = (text: string) => chat.send(grace.name, text)
  const field = chat.composer(grace.name)
  const note = (text: RegExp) =>
    chat.page
      .getByRole('form', { name: `Write to ${grace.name}` })
      .getByText(text)
      .first()
  const otherTab = await chat.page.context().newPage()
  await otherTab.goto(chat.page.url())
  await expect(otherTab.getByRole('status').filter({ hasText: 'Live', visible: true }).first()).toBeVisible()

  for (let sent = 1; sent <= limit - 2; sent++) await send(`message ${sent}.`)
  await expect(note(/^2 messages left for now$/)).toBeVisible()

  for (let sent = limit - 1; sent <= limit + 1; sent++) await send(`message ${sent}.`)
  await expect(note(/What waits goes out in \d+ seconds?; you can write on/)).toBeVisible()
  await send('typed while waiting')
  await expect(field).toHaveValue('')
  for (const text of [`message ${limit + 1}.`, 'typed while waiting']) {
    await expect(chat.message(grace.name, text)).toContainText('Waiting to be sent')
  }
  await expectAccessible(chat.page)
  // In the person's other tab as well.
  await expect(otherTab.getByText(/What waits goes out in \d+ seconds?; you/)).toBeVisible()

  // Both go out by themselves.
  await expect(note(/What waits goes out in \d+/)).toBeHidden({ timeout: 40_000 })
  for (const text of [`message ${limit + 1}.`, 'typed while waiting']) {
    await expect(chat.message(grace.name, text)).toContainText(/Sent|Read/) // she may be looking
  }

  const texts = [...Array.from({ length: limit + 1 }, (_, index) => `message ${index + 1}.`), 'typed while waiting']
  await expect(grace.chat.message(ada.name, 'typed while waiting')).toHaveCount(1)
  const { messages } = await (
    await grace.chat.page.request.get(`/api/chat/messages?roomId=${chat.page.url().split('/').at(-1)}&limit=100`)
  ).json()
  expect(messages.map(({ message }: { message: string }) => message)).toEqual(texts)
})

test('a client cannot choose the address that its attempts to sign in count for', async ({ page }) => {
  const account = newAccount('Ada')
  await register(page, account)
  const left = []
  for (const forged of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) {
    const answer = await page.request.post('/api/auth/login', {
      data: { email: account.email, password: 'a guess' },
      headers: { 'x-forwarded-for': forged, 'x-real-ip': forged },
    })
    expect(answer.status()).toBe(401)
    left.push(Number(answer.headers()['ratelimit-remaining']))
  }
  expect(left).toEqual([9_999, 9_998, 9_997])
})
