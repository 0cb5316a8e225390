import type { Page } from '@playwright/test'
import { ChatPage } from './support/chat'
import { expect, test } from './support/fixtures'
import { newAccount, register, signInAsAdmin } from './support/people'

const { E2E_PORT, E2E_SOCKET_PORT } = process.env

const publicPages = ['/', '/login', '/register']
const memberPages = ['/chat', '/notifications']
const adminPages = ['/system/health', '/system/health/realtime', '/system/audit', '/system/notifications']

/** The directives of a page's policy. */
async function policyOf(page: Page, path: string): Promise<Map<string, string[]>> {
  const response = await page.goto(path)
  const policy = response?.headers()['content-security-policy'] ?? ''
  return new Map(policy.split('; ').map((directive) => [directive.split(' ')[0] ?? '', directive.split(' ').slice(1)]))
}

test('every page has a policy with a nonce of its own, and nobody keeps a copy of it', async ({ page }) => {
  await register(page, newAccount('Ada'))
  const nonces = new Set<string>()
  for (const path of [...publicPages, ...memberPages, '/nothing/here']) {
    const response = await page.request.get(path, { maxRedirects: 0 })
    const headers = response.headers()
    expect(headers, path).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    })
    expect(headers['permissions-policy'], path).toContain('camera=()')
    expect(headers['cache-control'], path).toMatch(/no-store/)
    expect(headers['x-powered-by'], path).toBeUndefined()
    // Served by plain http here.
    expect(headers['strict-transport-security'], path).toBeUndefined()
    const nonce = /script-src [^;]*'nonce-([^']+)'/.exec(headers['content-security-policy'] ?? '')?.[1] ?? ''
    expect(nonce.length, path).toBeGreaterThanOrEqual(22)
    nonces.add(nonce)
  }
  expect(nonces.size).toBe(6)
})

test('a page connects to its own address and to the socket server, and to nothing else', async ({ page }) => {
  const policy = await policyOf(page, '/login')
  expect(policy.get('connect-src')).toEqual([
    "'self'",
    `http://localhost:${E2E_PORT}`,
    `ws://localhost:${E2E_PORT}`,
    `http://localhost:${E2E_SOCKET_PORT}`,
    `ws://localhost:${E2E_SOCKET_PORT}`,
  ])
  expect(policy.get('object-src')).toEqual(["'none'"])
  expect(policy.get('base-uri')).toEqual(["'none'"])
  expect(policy.get('form-action')).toEqual(["'self'"])
  expect(policy.get('frame-ancestors')).toEqual(["'none'"])
  expect([...policy.values()].flat()).not.toContain("'unsafe-eval'")
  expect([...(policy.get('script-src') ?? []), ...(policy.get('style-src') ?? [])]).not.toContain("'unsafe-inline'")

  // By another name the same socket server has another address.
  const byAddress = await page.request.get(`http://127.0.0.1:${E2E_PORT}/login`)
  expect(byAddress.headers()['content-security-policy']).toContain(` ws://127.0.0.1:${E2E_SOCKET_PORT};`)
})

test('a forged Host header adds nothing to the policy', async () => {
  const { request } = await import('node:http')
  const policy = await new Promise<string>((resolve, reject) => {
    const host = 'a;script-src-elem*'
    request({ host: '127.0.0.1', port: E2E_PORT, path: '/login', headers: { host } }, (response) => {
      response.resume()
      resolve(String(response.headers['content-security-policy']))
    })
      .on('error', reject)
      .end()
  })
  expect(policy).not.toContain('script-src-elem')
})

test('answers of the API are kept by nobody and shown by nobody', async ({ page }) => {
  await register(page, newAccount('Ada'))
  const addresses = [
    `http://localhost:${E2E_PORT}/api/auth/session`,
    `http://localhost:${E2E_PORT}/api/chat/rooms`,
    `http://localhost:${E2E_PORT}/api/users?query=`,
    `http://localhost:${E2E_PORT}/api/health`,
    `http://localhost:${E2E_SOCKET_PORT}/users/online`,
    `http://localhost:${E2E_SOCKET_PORT}/health`,
    `http://localhost:${E2E_SOCKET_PORT}/socket.io/?EIO=4&transport=polling`,
  ]
  for (const address of addresses) {
    expect((await page.request.get(address)).headers(), address).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
  }
})

test('the page that says that there is nothing below /api may do nothing', async ({ page }) => {
  const answer = await page.request.get('/api/nothing')
  expect(answer.status()).toBe(404)
  expect(answer.headers()['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'")
})

test('in ordinary use no page does what its policy forbids', async ({ openBrowser }) => {
  const page = await openBrowser('Ada')
  for (const path of publicPages) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }
  const grace = newAccount('Grace')
  await register(await openBrowser('Grace'), grace)
  await register(page, newAccount('Ada'))
  const chat = new ChatPage(page)
  await chat.goto()
  await chat.startConversation(grace.name)
  await chat.send(grace.name, 'Hello Grace, see https://example.com')
  await chat.expectDelivery(chat.message(grace.name, 'Hello Grace'), 'Sent')
  await page.goto('/notifications')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()

  const admin = await openBrowser('admin')
  await signInAsAdmin(admin)
  for (const path of adminPages) {
    await admin.goto(path)
    await expect(admin.getByRole('heading', { level: 1 })).toBeVisible()
  }
  await admin.goto('/system/health/realtime')
  // Tables come with the first sign of a person, once there is something to show.
  await expect(admin.getByRole('region', { name: 'Verdict' })).toBeVisible()
  await admin.mouse.move(10, 10)
  await expect(admin.getByRole('grid').first()).toBeVisible()
})

test.describe('a script that somebody smuggled into the page', () => {
  test.use({ allowedComplaints: [/policy/i] })

  test('does not run, wherever it comes from', async ({ page }) => {
    await page.goto('/login')
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    const violations = await page.evaluate(async () => {
      const forbidden: string[] = []
      document.addEventListener('securitypolicyviolation', (event) => forbidden.push(event.effectiveDirective))
      document.body.insertAdjacentHTML(
        'beforeend',
        `<img src="data:," onerror="window.smuggled = true">
         <a id="bad" href="javascript:window.smuggled = true">x</a>
         <iframe src="https://evil.example"></iframe><object data="data:text/html,x"></object>
         <form id="form" action="https://evil.example" method="post"></form>`,
      )
      document.getElementById('bad')?.click()
      const form = document.getElementById('form')
      if (form instanceof HTMLFormElement) form.submit()
      await fetch('https://evil.example').catch(() => {})
      const wanted = ['script-src-attr', 'script-src-elem', 'frame-src', 'object-src', 'form-action', 'connect-src']
      while (!wanted.every((directive) => forbidden.includes(directive)))
        await new Promise((resolve) => requestAnimationFrame(resolve))
      return forbidden
    })
    expect(violations).toContain('script-src-attr')
    expect(await page.evaluate(() => 'smuggled' in window)).toBe(false)
  })
})
