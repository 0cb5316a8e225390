import { ChatPage } from './support/chat'
import { expect, test } from './support/fixtures'
import { twoPeople } from './support/twoPeople'

const three = ['first, typed offline', 'second, typed offline', 'third, typed offline']

// While the network is away the browser itself reports every request that fails.
test.use({ allowedComplaints: [/net::ERR_INTERNET_DISCONNECTED/] })

test('what is typed offline arrives once, in order, in both browsers and in a second tab', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const secondTab = new ChatPage(await ada.chat.page.context().newPage())
  await secondTab.page.goto(ada.chat.page.url())
  await secondTab.untilLive()
  await ada.chat.page.bringToFront()

  await ada.chat.page.context().setOffline(true)
  for (const text of three) await ada.chat.send(grace.name, text)
  await expect(ada.chat.connection('Offline — 3 waiting').first()).toBeVisible()
  for (const text of three) await ada.chat.expectDelivery(ada.chat.message(grace.name, text), 'Waiting to be sent')
  await grace.chat.send(ada.name, 'meanwhile, from Grace')
  await grace.chat.expectDelivery(grace.chat.message(ada.name, 'meanwhile'), 'Sent')

  await ada.chat.page.context().setOffline(false)
  await ada.chat.untilLive()
  const inOrder = ['meanwhile, from Grace', ...three]
  await expect(grace.chat.messages(ada.name)).toContainText(inOrder)
  await expect(ada.chat.messages(grace.name)).toContainText(inOrder)
  await expect(secondTab.messages(grace.name)).toContainText(inOrder)
  for (const text of three) await expect(ada.chat.message(grace.name, text)).not.toContainText('Waiting')

  // What the database has is what a page that knows nothing shows.
  for (const chat of [ada.chat, grace.chat]) await chat.page.reload()
  for (const messages of [ada.chat.messages(grace.name), grace.chat.messages(ada.name)]) {
    await expect(messages).toContainText(inOrder)
    await expect(messages).toHaveCount(inOrder.length)
  }
})

test('what was typed offline survives a reload', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const context = ada.chat.page.context()
  await context.setOffline(true)
  await ada.chat.send(grace.name, 'kept in the browser')
  await ada.chat.expectDelivery(ada.chat.message(grace.name, 'kept in the browser'), 'Waiting to be sent')
  const url = ada.chat.page.url()
  await ada.chat.page.close()

  await context.setOffline(false)
  const again = new ChatPage(await context.newPage())
  await again.page.goto(url)
  await expect(grace.chat.message(ada.name, 'kept in the browser')).toHaveCount(1)
  await expect(again.message(grace.name, 'kept in the browser')).not.toContainText('Waiting')
  await expect(again.message(grace.name, 'kept in the browser')).toHaveCount(1)
})

test('a recent conversation opens offline, also one that was not opened before', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  await grace.chat.send(ada.name, 'written before')
  await grace.chat.expectDelivery(grace.chat.message(ada.name, 'written before'), /Sent|Read/)
  const page = await ada.chat.page.context().newPage()
  const chat = new ChatPage(page)
  const isThere = new Promise<void>((resolve) => {
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => {
        if (String(payload).includes('written before')) resolve()
      })
    })
  })
  await page.goto('/chat')
  await isThere
  await page.context().setOffline(true)
  await chat.conversation(grace.name).click()
  await expect(chat.message(grace.name, 'written before')).toHaveCount(1)
  await chat.send(grace.name, 'answered offline')
  await chat.expectDelivery(chat.message(grace.name, 'answered offline'), 'Waiting to be sent')
})

test('offline a phone says so for itself, shows in the list what waits, and says of nobody that they are here', async ({
  openBrowser,
}) => {
  const { ada, grace } = await twoPeople((who) => openBrowser(who, { viewport: { width: 390, height: 844 } }))
  const { page } = ada.chat
  await grace.chat.send(ada.name, 'Hello')
  await ada.chat.send(grace.name, 'Hi')
  const header = page.locator('main header')
  await expect(header.getByText('Online', { exact: true })).toBeVisible()
  // There only for who listens: it is not of the other.
  expect((await header.getByRole('status').boundingBox())?.height).toBeLessThanOrEqual(1)

  await page.context().setOffline(true)
  await ada.chat.send(grace.name, 'typed offline')
  await expect(ada.chat.connection('Offline — 1 waiting').first()).toBeVisible()
  expect((await header.getByRole('status').boundingBox())?.height).toBeGreaterThan(20)
  await expect(header.getByText('Online', { exact: true })).toHaveCount(0)

  await page.getByRole('button', { name: 'Back to conversations' }).click()
  await expect(ada.chat.conversation(grace.name)).toContainText('You: typed offline')
  await expect(ada.chat.conversation(grace.name)).toContainText('Waiting to be sent')
  await expect(ada.chat.conversation(grace.name)).not.toContainText('Online')
})
