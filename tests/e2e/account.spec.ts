import type { Page } from '@playwright/test'
import { Secret, TOTP } from 'otpauth'
import { expectAccessible, expectWellMade, looks } from './support/accessibility'
import { expect, test } from './support/fixtures'
import { fillSignIn, newAccount, newcomer, register, setSecondFactor, signInAs } from './support/people'

const openAccount = async (page: Page) => {
  await page.goto('/account')
  await expect(page.getByRole('heading', { name: 'Where you are signed in' })).toBeVisible()
}
const enterByGoogle = async (page: Page) => {
  await page.goto('/login?next=/account')
  await page.getByRole('link', { name: 'Sign in with Google' }).click()
  await expect(page).toHaveURL(/\/account$/)
}
const section = (page: Page, name: string) => page.getByRole('region', { name })

// Wrong passwords and codes are answered with 4xx, which Chromium mentions.
// Sessions end here: their answers say so, and Chromium of a last word on a socket that is closing.
test.use({ allowedComplaints: [/status of 4\d\d|WebSocket is already in CLOSING or CLOSED state/] })

for (const { colorScheme, width, browser } of looks) {
  const look = `${colorScheme}-${width}`

  test(`the account page passes axe and fits: ${colorScheme}, ${width} px`, async ({ openBrowser }) => {
    const { page, account } = await newcomer(openBrowser, 'Ada', browser)
    const check = async (shown: Page, name: string) => {
      await expectWellMade(shown)
      await shown.screenshot({ path: `reports/${name}-${look}.png`, fullPage: true })
    }
    await openAccount(page)
    await check(page, 'account')
    await section(page, 'Second factor').getByRole('button', { name: 'Set up' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await check(page, 'account-set-up')

    await setSecondFactor(page, account)
    await openAccount(page)
    await section(page, 'Second factor').getByRole('button', { name: 'Remove it' }).click()
    await expect(page.getByRole('dialog').getByLabel('Code')).toBeVisible()
    await check(page, 'account-remove')

    const elsewhere = await openBrowser('Ada elsewhere', browser)
    await elsewhere.goto('/login')
    await check(elsewhere, 'login')
    await fillSignIn(elsewhere, account)
    await expect(elsewhere.getByLabel('Code')).toBeFocused()
    await expect(elsewhere.getByRole('button', { name: /^Continue as/ })).toHaveCount(0)
    await check(elsewhere, 'login-code')
  })

  test(`the account of who came by Google does: ${colorScheme}, ${width} px`, async ({ openBrowser }) => {
    const page = await openBrowser('Zoe', browser)
    await enterByGoogle(page)
    await expect(page.getByRole('button', { name: 'Set password' })).toBeVisible()
    await expectWellMade(page)
    await page.screenshot({ path: `reports/account-google-${look}.png`, fullPage: true })
    await page.getByRole('button', { name: 'Disable my account' }).click()
    await expect(page.getByRole('dialog').getByText('You have no password here.')).toBeVisible()
    await expectWellMade(page)
    await page.screenshot({ path: `reports/account-sign-in-again-${look}.png` })
  })
}

test('the way to it is under the avatar, by keyboard alone', async ({ page }) => {
  const ada = newAccount('Ada')
  await register(page, ada)
  await page.goto('/chat')
  await page.getByRole('button', { name: `Account of ${ada.name}` }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Account' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible()
})

test('a new name stands in one’s own header at once, and others see it', async ({ openBrowser }) => {
  const [page, grace] = [await openBrowser('Ada'), await openBrowser('Grace')]
  const ada = newAccount('Ada')
  await register(page, ada)
  await register(grace, newAccount('Grace'))
  await openAccount(page)
  const name = `${ada.name} Lovelace`
  await section(page, 'Profile').getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Save profile' }).click()
  await expect(page.getByRole('button', { name: `Account of ${name}` })).toBeVisible()

  await section(page, 'Profile').getByLabel('Picture').fill('javascript:alert(1)')
  await page.getByRole('button', { name: 'Save profile' }).click()
  await expect(page.getByText('Give the address of a picture')).toBeVisible()

  const { users } = await (await grace.request.get(`/api/users?query=${ada.email}`)).json()
  expect(users).toMatchObject([{ name }])
})

test('a changed password ends the other browser, which is led to the sign-in', async ({ openBrowser }) => {
  const [page, other] = [await openBrowser('Ada'), await openBrowser('Ada elsewhere')]
  const ada = newAccount('Ada')
  await register(page, ada)
  await signInAs(other, ada)
  await other.goto('/chat')
  await openAccount(page)
  await expect(section(page, 'Where you are signed in').getByText('This one')).toHaveCount(1)
  await expect(page.getByRole('button', { name: /^End the session of/ })).toHaveCount(1)

  await page.getByLabel('Current password').fill('not mine')
  await page.getByLabel('New password').fill('password1')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByText('This is not your password.')).toBeVisible()
  await page.getByLabel('Current password').fill(ada.password)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByText('easily guessed')).toBeVisible()
  await page.getByLabel('New password').fill('nine purple herons')
  await page.getByRole('button', { name: 'Change password' }).click()

  await expect(page.getByText('Your password is set')).toBeVisible()
  await expect(page.getByRole('button', { name: /^End the session of/ })).toHaveCount(0)
  await expect(other).toHaveURL(/\/login/)
})

test('a session is ended from the list', async ({ openBrowser }) => {
  const [page, other] = [await openBrowser('Ada'), await openBrowser('Ada elsewhere')]
  const ada = newAccount('Ada')
  await register(page, ada)
  await signInAs(other, ada)
  await other.goto('/chat')
  await openAccount(page)
  await page.getByRole('button', { name: /^End the session of/ }).click()
  await expect(other).toHaveURL(/\/login/)
  await expect(page.getByRole('button', { name: /^End the session of/ })).toHaveCount(0)
})

test('a second factor is set up, asked for, and replaced by a recovery code', async ({ openBrowser }) => {
  const page = await openBrowser('Ada')
  const ada = newAccount('Ada')
  await register(page, ada)
  await openAccount(page)
  await section(page, 'Second factor').getByRole('button', { name: 'Set up' }).click()
  await page.getByLabel('Your password').fill(ada.password)
  await page.getByRole('button', { name: 'Continue' }).click()

  const dialog = page.getByRole('dialog', { name: 'Scan this with your app' })
  await expect(dialog.getByRole('img', { name: 'QR code for an authenticator app' })).toBeVisible()
  await page.screenshot({ path: 'reports/account-qr.png' })
  const secret = Secret.fromBase32(((await dialog.locator('code').textContent()) ?? '').replaceAll(' ', ''))
  await dialog.getByLabel('Code').fill(new TOTP({ secret }).generate())
  await dialog.getByRole('button', { name: 'Turn on' }).click()
  const list = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
  await expect(list).toHaveCount(10)
  const codes = await list.allInnerTexts()
  await expectAccessible(page)
  await page.screenshot({ path: 'reports/account-codes.png', fullPage: true })
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await expect(page.getByText('10 recovery codes are left.')).toBeVisible()

  const phone = await openBrowser('Ada’s phone', { viewport: { width: 390, height: 844 } })
  await phone.goto('/login')
  await fillSignIn(phone, ada)
  await phone.getByLabel('Code').fill('000000')
  await phone.getByRole('button', { name: 'Continue', exact: true }).click()
  await expect(phone.getByText('This code is not right.')).toBeVisible()
  await expectAccessible(phone)
  await phone.getByLabel('Code').fill(codes[0] ?? '')
  await phone.getByRole('button', { name: 'Continue', exact: true }).click()
  await expect(phone).toHaveURL(/\/chat/)

  await section(page, 'Second factor').getByRole('button', { name: 'Remove it' }).click()
  const removal = page.getByRole('dialog', { name: 'Remove the second factor?' })
  await removal.getByLabel('Code').fill(codes[1] ?? '')
  await removal.getByRole('button', { name: 'Remove' }).click()
  await expect(removal.getByText('Give your password.')).toBeVisible()
  await removal.getByLabel('Your password').fill(ada.password)
  await removal.getByRole('button', { name: 'Remove' }).click()
  await expect(section(page, 'Second factor').getByRole('button', { name: 'Set up' })).toBeVisible()
})

test('a disabled account is closed for its owner as well', async ({ page }) => {
  const ada = newAccount('Ada')
  await register(page, ada)
  await openAccount(page)
  await page.getByRole('button', { name: 'Disable my account' }).click()
  await page.getByLabel('Your password').fill(ada.password)
  await page.getByRole('button', { name: 'Disable it' }).click()
  await expect(page).toHaveURL(/\/login/)
  await fillSignIn(page, ada)
  await expect(page.getByText('This account is disabled.')).toBeVisible()
})

test('Google signs somebody in who was never here, and who can set a password then', async ({ page }) => {
  await enterByGoogle(page)
  await expect(page.getByRole('button', { name: 'Account of Zoe at Google' })).toBeVisible()
  await expect(page.getByText(/^Linked with .*@google\.test\.$/)).toBeVisible()
  await expect(page.getByText('It is the only way into this account')).toBeVisible()
  await expect(page.getByLabel('Current password')).toHaveCount(0)
  await page.getByLabel('New password').fill('nine purple herons')
  await page.getByRole('button', { name: 'Set password' }).click()
  await expect(page.getByText('Your password is set')).toBeVisible()
  await page.getByRole('button', { name: 'Unlink' }).click()
  await page.getByLabel('Your password').fill('nine purple herons')
  await page.getByRole('button', { name: 'Unlink it' }).click()
  await expect(page.getByRole('button', { name: 'Link a Google account' })).toBeVisible()
})

test('Google is linked by who is signed in, and opens their account from then on', async ({ page }) => {
  const ada = newAccount('Ada')
  await register(page, ada)
  await openAccount(page)
  await page.getByRole('button', { name: 'Link a Google account' }).click()
  await page.getByLabel('Your password').fill(ada.password)
  await page.getByRole('button', { name: 'Continue to Google' }).click()
  await expect(page.getByText('Your Google account is linked.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Unlink' })).toBeVisible()
})

test('a sentence of somebody else’s making is not shown on the sign-in', async ({ page }) => {
  await page.goto('/login?problem=Call%20this%20number')
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible()
  await expect(page.getByText('Call this number')).toHaveCount(0)
  await page.goto('/login?problem=google-unverified')
  await expect(page.getByText('Google has not verified')).toBeVisible()
})
