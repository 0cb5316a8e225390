import type { Page } from '@playwright/test'
import { ChatPage } from './support/chat'
import { expect, test } from './support/fixtures'
import { newAccount, register, signInAsAdmin } from './support/people'
import { payloads } from './support/xss'

/** What a page would have once a payload ran in it. */
type Window = typeof globalThis & { xss?: () => void; ran?: boolean }

/** From now on the page remembers when a payload ran. */
async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const own: Window = globalThis
    own.xss = () => {
      own.ran = true
    }
  })
}

/** Nothing ran, and nothing waits to be clicked; the page is what it was. */
async function expectUnharmed(page: Page): Promise<void> {
  expect(await page.evaluate(() => (globalThis as Window).ran)).toBeUndefined() // put there by `watch`
  const dangerous = page.locator('a:is([href^="javascript:" i], [href^="data:" i], [href^="vbscript:" i])')
  await expect(dangerous).toHaveCount(0)
  await expect(page.locator('main iframe, main object, main embed, main base, main form[action]')).toHaveCount(0)
  await expect(page.locator('[onerror], [onload], [onmouseover], [onfocus], [ontoggle]')).toHaveCount(0)
}

test('as names and messages of others they are text, to the letter', async ({ openBrowser }) => {
  test.slow()
  const page = await openBrowser('Ada')
  await watch(page)
  const ada = newAccount('Ada')
  await register(page, ada)
  const { user } = await (await page.request.get('/api/auth/session')).json()
  const sender = await openBrowser('senders')
  const names = payloads.map((payload) => payload.replaceAll('\u2028', '').slice(0, 80))
  for (const [i, name] of names.entries()) {
    await register(sender, { ...newAccount('X'), name })
    const opened = await sender.request.post('/api/chat/rooms', { data: { participantId: user.id } })
    const { room } = await opened.json()
    const data = { roomId: room.id, message: payloads[i], clientId: `xss-${i}` }
    expect((await sender.request.post('/api/chat/messages', { data })).status()).toBe(201)
  }
  const chat = new ChatPage(page)
  await chat.goto()
  for (const [i, name] of names.entries()) {
    await chat.conversations().getByRole('searchbox').fill(name)
    const link = chat.conversations().getByRole('link')
    await link
      .filter({ has: page.getByText(name, { exact: true }) })
      .first()
      .click()
    const messages = page.getByRole('region', { name: `Messages with ${name}`, exact: true })
    await expect(messages.getByText(payloads[i]?.trim() ?? '').first()).toBeVisible()
    for (const found of await messages.getByRole('link').all()) {
      expect(await found.getAttribute('href')).toMatch(/^https:\/\/example\.com/)
      await found.hover()
    }
    await expectUnharmed(page)
  }
})

test('as messages of one’s own they are text from the field on', async ({ openBrowser }) => {
  const [page, other] = [await openBrowser('Ada'), await openBrowser('Grace')]
  await watch(page)
  const grace = newAccount('Grace')
  await register(other, grace)
  await register(page, newAccount('Ada'))
  const chat = new ChatPage(page)
  await chat.goto()
  await chat.startConversation(grace.name)
  for (const payload of payloads.slice(0, 10)) {
    await chat.send(grace.name, payload)
    await expect(chat.message(grace.name, payload).last()).toContainText('Sent')
  }
  await expectUnharmed(page)
})

test('as one’s own name they are text in the header and its menu', async ({ openBrowser }) => {
  const page = await openBrowser('Ada')
  await watch(page)
  const name = '"><img src=x onerror=xss()><script>xss()</script>'
  await register(page, { ...newAccount('Ada'), name })
  await page.goto('/chat')
  await page.getByRole('button', { name: `Account of ${name}` }).click()
  await expect(page.getByText(name, { exact: true }).first()).toBeVisible()
  await expectUnharmed(page)
})

test.describe('in every field of a notification', () => {
  // Pictures may be anywhere, and nothing answers there.
  test.use({ allowedComplaints: [/Failed to load resource: net::ERR_\w+ \(https:\/\/example\.com\//] })

  test('they are text, and no address but a picture’s is asked for', async ({ openBrowser }) => {
    const page = await openBrowser('admin')
    await watch(page)
    await signInAsAdmin(page)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto('/notifications')
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    for (const payload of payloads) {
      const line = payload.replaceAll('\u2028', '')
      const response = await page.request.post('/api/system/notifications', {
        data: {
          title: line,
          message: payload,
          link: payload,
          avatarImage: payload,
          avatarIcon: line.slice(0, 64),
          avatarColor: line.slice(0, 32),
        },
      })
      expect(response.status(), await response.text()).toBe(201)
    }
    const newest = payloads.at(-1)?.trim() ?? ''
    await expect(page.getByText(newest).first()).toBeVisible()
    await expectUnharmed(page)
    await page.reload()
    await expect(page.getByText(newest).first()).toBeVisible()
    await page.getByText(newest).first().click()
    await expectUnharmed(page)
    const elsewhere = asked.filter((url) => !/^(https?|wss?):\/\/(localhost|127\.0\.0\.1):/.test(url))
    // What is a plain address of a picture is one; whatever stood behind it in the text is part of that address.
    for (const url of elsewhere) expect(url).toMatch(/^https:\/\/example\.com\//)
  })
})
