import type { Page } from '@playwright/test'
import { ChatPage } from './chat'
import { newAccount, register } from './people'

type OpenBrowser = (who: string) => Promise<Page>

/** Two new people, each in a browser of their own, each with the conversation with the other open. */
export async function twoPeople(openBrowser: OpenBrowser) {
  const [ada, grace] = await Promise.all(
    ['Ada', 'Grace'].map(async (firstName) => {
      const account = newAccount(firstName)
      const page = await openBrowser(firstName)
      await register(page, account)
      return { ...account, chat: new ChatPage(page) }
    }),
  )
  if (!ada || !grace) throw new Error('Two were asked for.')
  await ada.chat.goto()
  await ada.chat.startConversation(grace.name)
  await grace.chat.page.goto(ada.chat.page.url())
  await grace.chat.untilLive()
  return { ada, grace }
}
