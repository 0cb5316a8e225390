import type { RegisterInput } from '@/contracts/auth'
import { ChatPage } from './support/chat'
import { expect, test } from './support/fixtures'
import { newAccount } from './support/people'

test('signing in and chatting work over plain http under a name that is not localhost', async ({ openBrowser }) => {
  const people = await Promise.all(
    ['Ada', 'Grace'].map(async (firstName) => {
      const account = newAccount(firstName)
      const chat = new ChatPage(await openBrowser(firstName))
      await registerOnThePage(chat, account)
      return { ...account, chat }
    }),
  )
  const [ada, grace] = people
  if (!ada || !grace) throw new Error('Two were asked for.')

  // Else this would test what the other tests test.
  expect(await ada.chat.page.evaluate(() => [isSecureContext, 'randomUUID' in crypto, 'locks' in navigator])).toEqual([
    false,
    false,
    false,
  ])

  await ada.chat.startConversation(grace.name)
  await ada.chat.send(grace.name, 'Hello over plain http')
  await grace.chat.conversation(ada.name).click()
  await expect(grace.chat.message(ada.name, 'Hello over plain http')).toHaveCount(1)
  await ada.chat.expectDelivery(ada.chat.message(grace.name, 'Hello over plain http'), 'Read')
  await grace.chat.send(ada.name, 'And back')
  await expect(ada.chat.message(grace.name, 'And back')).toHaveCount(1)
})

async function registerOnThePage({ page, untilLive }: ChatPage, { name, email, password }: RegisterInput) {
  await page.goto('/register')
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await untilLive()
}
