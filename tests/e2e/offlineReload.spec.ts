import type { Page } from '@playwright/test'
import { ChatPage } from './support/chat'
import { expect, test } from './support/fixtures'
import { fillSignIn, newAccount, register } from './support/people'
import { twoPeople } from './support/twoPeople'

// While the network is away, and once a session is over, the browser itself reports every request that fails.
test.use({
  allowedComplaints: [/net::ERR_|status of 401/],
  contextOptions: { reducedMotion: 'reduce', serviceWorkers: 'allow' },
})

/** What this browser has kept of conversations: the texts of their messages. */
const keptTexts = (page: Page) =>
  page.evaluate(async () => {
    // Opening it would make it.
    if (!(await indexedDB.databases()).some(({ name }) => name === 'tandem-offline-copy')) return []
    return new Promise<string[]>((resolve, reject) => {
      const opening = indexedDB.open('tandem-offline-copy')
      opening.onerror = () => reject(opening.error)
      opening.onsuccess = () => {
        const database = opening.result
        const reading = database.transaction('rooms').objectStore('rooms').getAll()
        reading.onsuccess = () => {
          database.close()
          resolve(
            reading.result.flatMap(({ messages }: { messages: { message: string }[] }) =>
              messages.map(({ message }) => message),
            ),
          )
        }
      }
    })
  })

/** What is in the caches of this browser, as one text. */
const cached = (page: Page) =>
  page.evaluate(async () => {
    const names = await caches.keys()
    const answers = await Promise.all(
      names.map(async (name) => {
        const cache = await caches.open(name)
        return Promise.all(
          (await cache.keys()).map(async (request) => `${request.url}\n${await (await cache.match(request))?.text()}`),
        )
      }),
    )
    return answers.flat()
  })

/** The worker runs, and this text is kept. */
const untilKept = async (page: Page, text: string) => {
  await page.evaluate(() => navigator.serviceWorker.ready)
  await expect.poll(() => keptTexts(page), { timeout: 30_000 }).toContain(text)
}

test('a reload without a network shows the conversations, also one that was never opened, and what is written then arrives once', async ({
  openBrowser,
}) => {
  const { ada, grace } = await twoPeople((who) => openBrowser(who))
  await grace.chat.send(ada.name, 'written before')
  await grace.chat.expectDelivery(grace.chat.message(ada.name, 'written before'), /Sent|Read/)
  // Ada begins anew at the list: she opens no conversation.
  const { page } = ada.chat
  await page.goto('/chat')
  await untilKept(page, 'written before')

  await page.context().setOffline(true)
  await page.reload()
  await expect(ada.chat.connection('Offline').first()).toBeVisible()
  await ada.chat.conversation(grace.name).click()
  await expect(ada.chat.message(grace.name, 'written before')).toHaveCount(1)
  await ada.chat.send(grace.name, 'typed after the reload')
  await expect(ada.chat.connection('Offline — 1 waiting').first()).toBeVisible()
  await ada.chat.expectDelivery(ada.chat.message(grace.name, 'typed after the reload'), 'Waiting to be sent')

  // Once more, in the conversation itself: what waits is there, too.
  await page.reload()
  await expect(ada.chat.connection('Offline — 1 waiting').first()).toBeVisible()
  await expect(ada.chat.messages(grace.name)).toContainText(['written before', 'typed after the reload'])
  await grace.chat.send(ada.name, 'meanwhile, from Grace')
  await grace.chat.expectDelivery(grace.chat.message(ada.name, 'meanwhile'), 'Sent')

  await page.context().setOffline(false)
  await ada.chat.untilLive()
  const inOrder = ['written before', 'meanwhile, from Grace', 'typed after the reload']
  for (const messages of [ada.chat.messages(grace.name), grace.chat.messages(ada.name)]) {
    await expect(messages).toContainText(inOrder)
    await expect(messages).toHaveCount(inOrder.length)
  }
  await expect(ada.chat.message(grace.name, 'typed after')).not.toContainText('Waiting')

  // From there every other page is reached as ever.
  await page.getByRole('link', { name: 'Tandem, to your conversations' }).click()
  await page.goto('/account')
  await expect(page.getByRole('heading', { level: 1, name: 'Account' })).toBeVisible()
})

test('what opens later opens after such a reload, too, and another page says that it needs a connection', async ({
  openBrowser,
}) => {
  const { ada, grace } = await twoPeople((who) => openBrowser(who))
  const { page } = ada.chat
  await grace.chat.send(ada.name, 'hello there')
  await untilKept(page, 'hello there')
  await page.context().setOffline(true)
  await page.reload()

  await expect(ada.chat.message(grace.name, 'hello there')).toHaveCount(1)
  await page.getByRole('button', { name: grace.name }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: /Search/ })).toBeVisible()

  await page.goto('/account')
  await expect(page.getByRole('heading', { name: 'Tandem cannot be reached' })).toBeVisible()
  await page.getByRole('link', { name: 'To your conversations' }).click()
  await expect(ada.chat.conversation(grace.name)).toBeVisible()
})

test('whoever signs out leaves nothing behind, and nobody else finds any of it', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople((who) => openBrowser(who))
  const { page } = ada.chat
  await grace.chat.send(ada.name, 'for Ada alone')
  await untilKept(page, 'for Ada alone')
  // The caches hold what is the same for everybody.
  for (const file of await cached(page)) {
    expect(file).not.toContain(ada.name)
    expect(file).not.toContain(grace.name)
    expect(file).toMatch(/^http:\/\/[^/]+\/(shell$|_next\/static\/)/m)
  }

  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page).toHaveURL('/')
  await expect.poll(() => keptTexts(page)).toEqual([])
  await page.context().setOffline(true)
  await page.goto('/chat')
  await expect(page.getByRole('heading', { name: 'Tandem cannot be reached' })).toBeVisible()
  await expect(page.getByText(grace.name)).toHaveCount(0)

  await page.context().setOffline(false)
  const mallory = newAccount('Mallory')
  await register(page, mallory)
  await page.goto('/chat')
  await expect(page.getByText('No conversations yet')).toBeVisible()
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
  expect(await keptTexts(page)).toEqual([])
})

test('who signs out without a network leaves nothing behind either, is told that the session goes on, and ends it later', async ({
  openBrowser,
}) => {
  const { ada, grace } = await twoPeople((who) => openBrowser(who))
  const { page } = ada.chat
  await grace.chat.send(ada.name, 'for Ada alone')
  await untilKept(page, 'for Ada alone')
  await page.context().setOffline(true)
  await page.reload()
  await expect(ada.chat.message(grace.name, 'for Ada alone')).toHaveCount(1)

  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'You are still signed in' })).toBeVisible()
  await expect(page.getByText(grace.name)).toHaveCount(0)
  await expect.poll(() => keptTexts(page)).toEqual([])
  const other = await page.context().newPage()
  await other.goto('/chat')
  await expect(other.getByRole('heading', { name: 'Tandem cannot be reached' })).toBeVisible()
  await other.close()

  await page.context().setOffline(false)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page).toHaveURL(/\/$/)
  await page.goto('/chat')
  await expect(page).toHaveURL(/\/login/)
})

test('where the session ended meanwhile the next page forgets what was kept', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople((who) => openBrowser(who))
  const { page } = ada.chat
  await grace.chat.send(ada.name, 'before the end')
  await untilKept(page, 'before the end')
  await page.context().setOffline(true)
  await page.reload()
  await expect(ada.chat.message(grace.name, 'before the end')).toHaveCount(1)
  // Elsewhere all of Ada's sessions are ended: this browser cannot know it yet.
  await page.context().clearCookies()

  await page.context().setOffline(false)
  await expect(page).toHaveURL(/\/login/)
  await expect.poll(() => keptTexts(page)).toEqual([])
  await fillSignIn(page, ada)
  await ada.chat.untilLive()
  await expect(ada.chat.message(grace.name, 'before the end')).toHaveCount(1)
})

test('online every page is the one the server has now, and no answer of the API passes the worker', async ({
  openBrowser,
}) => {
  const { ada } = await twoPeople((who) => openBrowser(who))
  const { page } = ada.chat
  await page.evaluate(() => navigator.serviceWorker.ready)
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
  const policies = new Set<string>()
  for (const path of ['/chat', '/chat', '/account']) {
    const response = await page.goto(path)
    expect(response?.headers()['cache-control'], path).toContain('no-store')
    policies.add(response?.headers()['content-security-policy'] ?? '')
  }
  // Each has a nonce of its own, and all may connect to the same as the shell, which is kept anew when they may not.
  expect(policies.size).toBe(3)
  const ofShell = await page.evaluate(async () =>
    (await caches.match('/shell'))?.headers.get('content-security-policy'),
  )
  const connections = [...policies, ofShell].map((policy) => /connect-src [^;]*/.exec(policy ?? '')?.[0])
  expect(connections[0]).toContain('ws')
  expect(new Set(connections).size).toBe(1)
  // Whose page it is nobody can take away by a header of their own.
  const asShell = await page.request.get('/chat', { headers: { 'x-shell': 'yes' } })
  expect(await asShell.text()).toContain(ada.name)
  // Answers of the API never pass the worker.
  const viaWorker = page.waitForResponse(/\/api\/chat\/rooms/)
  await page.evaluate(() => fetch('/api/chat/rooms').then((answer) => answer.text()))
  expect((await viaWorker).fromServiceWorker()).toBe(false)
  expect(await page.evaluate(async () => (await caches.keys()).length)).toBe(1)
  const other = new ChatPage(await page.context().newPage())
  await other.goto()
})
