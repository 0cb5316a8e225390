import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@playwright/test'
import { pagePolicy } from '@/lib/http/pagePolicy'
import { viewApi } from '@/server/development/viewApi'
import { NONCE_HEADER } from '@/server/web/pageHeaders'

test('where it runs for people there is no viewer', async ({ request }) => {
  for (const path of ['/api-docs', '/api-docs/openapi.json', '/api-docs/swagger-ui-bundle.js']) {
    expect((await request.get(path)).status(), path).toBe(404)
  }
})

test('where one develops it shows every operation, under the policy that pages have for people', async ({ page }) => {
  const nonce = 'bm9uY2U'
  const policy = pagePolicy({ nonce, connectTo: [], isSecure: false, isDevelopment: false })
  const server = createServer(async (incoming, outgoing) => {
    const request = new Request(`http://localhost${incoming.url}`, { headers: { [NONCE_HEADER]: nonce } })
    const response = await viewApi(request)
    outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), 'Content-Security-Policy': policy })
    outgoing.end(await response.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server's address is always this
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  const elsewhere: string[] = []
  page.on('request', (request) => {
    const { protocol, port: asked } = new URL(request.url())
    if (protocol.startsWith('http') && asked !== String(port)) elsewhere.push(request.url())
  })
  try {
    await page.goto(`http://127.0.0.1:${port}/api-docs`)
    await page.getByText('One message. The same').click()
    await expect(page.getByText('Shall we meet at ten?').first()).toBeVisible()
    expect(elsewhere).toEqual([])
    expect(complaints.filter((text) => !text.includes('favicon'))).toEqual([])
    if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT })
  } finally {
    server.close()
  }
})
