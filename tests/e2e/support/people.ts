import { randomBytes } from 'node:crypto'
import { expect, type Page } from '@playwright/test'
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
export async function register(page: Page, account: RegisterInput): Promise<void> {
  const response = await page.request.post('/api/auth/register', { data: account })
  expect(response.status(), await response.text()).toBe(201)
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
