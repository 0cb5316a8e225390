import { randomBytes } from 'node:crypto'
import { type BrowserContextOptions, expect, type Page } from '@playwright/test'
import { Secret, TOTP } from 'otpauth'
import type { LoginInput, RegisterInput } from '@/contracts/auth'
import { noteSecret } from '../../support/servers/secrets'

/** A person nobody else in the run is called like. */
export function newAccount(firstName: string): RegisterInput & { name: string } {
  const tag = randomBytes(4).toString('hex')
  const password = 'a long enough password'
  noteSecret('a password', password)
  return {
    name: `${firstName} ${tag}`,
    email: `${firstName.toLowerCase()}.${tag}@example.com`,
    password,
  }
}

/** Makes the account and signs the page's browser in, without going through the pages. */
export async function register(page: Page, account: RegisterInput): Promise<{ id: string }> {
  const response = await page.request.post('/api/auth/register', { data: account })
  expect(response.status(), await response.text()).toBe(201)
  return (await response.json()).user
}

/** Somebody new, signed in to a browser of their own. */
export async function newcomer(
  openBrowser: (who: string, options?: BrowserContextOptions) => Promise<Page>,
  firstName: string,
  options?: BrowserContextOptions,
) {
  const account = newAccount(firstName)
  const page = await openBrowser(firstName, options)
  const { id } = await register(page, account)
  return { account, id, page }
}

/** Fills in the form of `/login`, which the page shows, and sends it. */
export async function fillSignIn(page: Page, { email, password }: LoginInput): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Gives the page's account a second factor, without going through the pages. */
export async function setSecondFactor(page: Page, { password }: LoginInput): Promise<{ recoveryCodes: string[] }> {
  const { secret } = await (await page.request.post('/api/auth/totp', { data: { password } })).json()
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
  const confirmed = await page.request.post('/api/auth/totp/confirm', { data: { code } })
  expect(confirmed.status(), await confirmed.text()).toBe(200)
  return confirmed.json()
}

/** Signs the page's browser in as the demo's admin. */
export async function signInAsAdmin(page: Page): Promise<void> {
  const response = await page.request.post('/api/auth/demo', { data: { email: 'ada@example.com' } })
  expect(response.status(), await response.text()).toBe(200)
}

/** Signs the page's browser in, without going through the pages. */
export async function signInAs(page: Page, { email, password }: LoginInput): Promise<void> {
  const response = await page.request.post('/api/auth/login', { data: { email, password } })
  expect(response.status(), await response.text()).toBe(200)
}
