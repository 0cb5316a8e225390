import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { ChatPage } from '../e2e/support/chat'
import { collectComplaints } from '../e2e/support/complaints'
import { readBlocks } from './guide'
import { inProduction, productionScripts } from './production'

const { ADOPTION_DIR: app = '', ADOPTION_PORT: port = '', ADOPTION_CHANGED: changed = '[]' } = process.env
const run = promisify(execFile)

/** In a browser of their own, signed in as people of this app are. */
async function signIn(browser: Browser, who: string) {
  const context = await browser.newContext({ baseURL: `http://localhost:${port}`, reducedMotion: 'reduce' })
  const complaints = collectComplaints(context, who)
  const page = await context.newPage()
  await context.request.get(`/sign-in?as=${who}`, { maxRedirects: 0 })
  return { page, chat: new ChatPage(page), complaints }
}

const bell = (page: Page, unread: number) => page.getByRole('button', { name: `Notifications, ${unread} unread` })

test('the guide makes or changes at most 15 files of the app', () => {
  const files: unknown = JSON.parse(changed)
  expect(files).toContain('src/identity.ts')
  expect((files as string[]).length, changed).toBeLessThanOrEqual(15) // a list of names: adoptedApp.ts wrote it
})

test('two people of the app chat, hear the bell from its code and from curl, and sign out', async ({ browser }) => {
  const ada = await signIn(browser, 'ada')
  const grace = await signIn(browser, 'grace')

  await ada.chat.goto()
  await ada.chat.startConversation('Grace Hopper')
  await ada.chat.send('Grace Hopper', 'Hello from our own app')
  await grace.chat.goto()
  await grace.chat.conversation('Ada Lovelace').click()
  await expect(grace.chat.message('Ada Lovelace', 'Hello from our own app')).toBeVisible()
  await grace.chat.send('Ada Lovelace', 'I hear you')
  await expect(ada.chat.message('Grace Hopper', 'I hear you')).toBeVisible()

  const ordered = await grace.page.request.post('/orders', { data: { buyerId: 'grace', number: 7 } })
  expect(ordered.status()).toBe(204)
  await bell(grace.page, 1).click()
  await expect(grace.page.getByText('Order 7 is on its way.').first()).toBeVisible()
  await grace.page.keyboard.press('Escape')
  await run('sh', ['-c', await curlOfTheGuide()], { cwd: app })
  await expect(bell(grace.page, 2)).toBeVisible()
  expect(await grace.page.content(), 'the look of the guide').toContain('#4527a0')
  await grace.page.goto('/notifications')
  await expect(grace.page.getByText('Order 7 is packed.').first()).toBeVisible()

  expect([...ada.complaints, ...grace.complaints]).toEqual([])

  await ada.page.getByRole('button', { name: 'Sign out' }).click()
  await expect(ada.page.getByRole('heading', { name: 'Example' })).toBeVisible()
  expect((await ada.page.request.get('/tandem/api/auth/session')).status()).toBe(401)
  // Her sockets closed at once, and the page that she left may have asked why.
  expect(ada.complaints.filter((text) => !text.includes('status of 401'))).toEqual([])
})

test('Tandem has no sign-in of its own there, and shows nothing to who is not signed in', async ({ page }) => {
  const account = { email: 'a@example.com', password: 'a long password', name: 'A' }
  for (const way of ['login', 'register', 'demo']) {
    expect((await page.request.post(`/tandem/api/auth/${way}`, { data: account })).status()).toBe(404)
  }
  expect((await page.request.get('/tandem/api/chat/rooms')).status()).toBe(401)
  await page.goto('/chat')
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
  await expect(page.getByRole('status')).toHaveCount(0)
})

test('the app type-checks with Tandem in it, every block of the guide included', async () => {
  const compiler = createRequire(import.meta.url).resolve('typescript-7/package.json')
  const { stdout } = await run(process.execPath, [path.join(path.dirname(compiler), 'bin/tsc'), '--noEmit', '-p', app])
  expect(stdout).toBe('')
})

test('with the commands of production it is built, and both processes serve', async ({ request }) => {
  expect(productionScripts()).toEqual(['build', 'db:migrate', 'start:web', 'start:socket'])
  await inProduction(app, async ({ web, socket }) => {
    await request.get(`${web}/sign-in?as=ada`, { maxRedirects: 0 })
    const page = await request.get(`${web}/chat`)
    expect([page.status(), await page.text()]).toEqual([200, expect.stringContaining('Sign out')])
    expect((await request.get(`${web}/tandem/api/chat/rooms`)).status()).toBe(200)
    expect((await request.get(`${socket}/socket.io/?EIO=4&transport=polling`)).status()).toBe(200)
  })
})

/** With the port that the app has here. */
async function curlOfTheGuide(): Promise<string> {
  const guide = await readFile(path.join(import.meta.dirname, '../../docs/adopt.md'), 'utf8')
  const block = readBlocks(guide).find(({ title, text }) => title === undefined && text.startsWith('curl '))
  if (!block?.text.includes('localhost:3000')) throw new Error('The guide has no curl any more.')
  return block.text.replaceAll('localhost:3000', `localhost:${port}`).replace('curl ', 'curl --fail-with-body -sS ')
}
