import { expect, test } from './support/fixtures'
import { withWebProcess } from './support/webProcess'

/** As an operator configures it behind one proxy that speaks https. */
const env = {
  PUBLIC_URL: 'https://chat.example.com',
  TRUSTED_PROXY_HOPS: '1',
  ADMIN_ALLOWED_IPS: '203.0.113.0/24',
}
const listed = '203.0.113.7'
const elsewhere = '198.51.100.1'
const adminPages = ['health', 'health/realtime', 'people', 'audit', 'notifications'].map((page) => `/system/${page}`)

test('behind a proxy with https: admins’ pages are there for listed addresses alone, and nothing comes by http again', async () => {
  await withWebProcess(env, async ({ url }) => {
    const signedIn = await fetch(`${url}/api/auth/demo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ada@example.com' }),
    })
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    expect(cookie).toMatch(/^__Host-auth_session=./)
    const status = async (path: string, forwardedFor?: string) => {
      const from = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }
      return (await fetch(url + path, { headers: { cookie, ...from }, redirect: 'manual' })).status
    }
    for (const page of adminPages) {
      expect(await status(page, listed), page).toBe(200)
      expect(await status(page, `${elsewhere}, ${listed}`), page).toBe(200)
      // Our proxy's own word stands at the end; without it the address is the proxy's.
      for (const from of [elsewhere, `${listed}, ${elsewhere}`, 'nonsense', '', undefined]) {
        expect(await status(page, from), `${page} from ${from}`).toBe(404)
      }
    }
    expect(await status('/chat', elsewhere)).toBe(200)
    // Another host of the same domain can set a cookie without the prefix.
    const planted = { cookie: cookie.replace('__Host-', '') }
    expect((await fetch(`${url}/chat`, { headers: planted, redirect: 'manual' })).status).toBe(307)
    expect((await fetch(`${url}/api/auth/session`, { headers: planted })).status).toBe(401)
    expect(await status('/_next/image?url=%2Ficon.svg&w=64&q=75')).toBe(404)

    const chunk = /\/_next\/static\/[^"]+\.js/.exec(await (await fetch(`${url}/login`)).text())?.[0] ?? ''
    for (const path of [
      '/login',
      '/nothing/here',
      '/api/auth/session',
      '/api/nothing',
      chunk,
      '/manifest.webmanifest',
    ]) {
      const { headers } = await fetch(url + path)
      expect(headers.get('strict-transport-security'), path).toBe('max-age=31536000; includeSubDomains')
    }
  })
})
