import { expect, type Page } from '@playwright/test'
import { ChatPage } from './chat'
import { newAccount, register } from './people'

type OpenBrowser = (who: string) => Promise<Page>

/** Two new people, each in a browser of their own, each with the conversation with the other open. */
export async function twoPeople(openBrowser: OpenBrowser) {
  const [ada, grace] = await Promise.all(
    ['Ada', 'Grace'].map(async (firstName) => {
      const account = newAccount(firstName)
      const page = await openBrowser(firstName)
      const { id } = await register(page, account)
      return { ...account, id, chat: new ChatPage(page) }
    }),
  )
  if (!ada || !grace) throw new Error('Two were asked for.')
  const made = await ada.chat.page.request.post('/api/chat/rooms', { data: { participantId: grace.id } })
  expect(made.status(), await made.text()).toBe(201)
  const { room } = await made.json()
  for (const { chat } of [ada, grace]) {
    await chat.page.goto(`/chat/${room.id}`)
    await chat.untilLive()
  }
  await expect(ada.chat.composer(grace.name)).toBeVisible()
  return { ada, grace }
}
