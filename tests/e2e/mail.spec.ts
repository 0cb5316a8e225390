import { expectWellMade, looks } from './support/accessibility'
import { expect, test } from './support/fixtures'
import { mailedLink } from './support/mailbox'
import { newAccount, newcomer, register, signInAsAdmin } from './support/people'

for (const { colorScheme, width, browser } of looks) {
  test(`whoever forgot their password chooses another one by keyboard: ${colorScheme}, ${width} px`, async ({
    openBrowser,
  }) => {
    const account = newAccount('Zoe')
    await register(await openBrowser('elsewhere'), account)
    const page = await openBrowser('Zoe', browser)
    await page.goto('/login')
    await page.getByRole('link', { name: 'Forgot password?' }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Forgot password?')
    await expect(page.getByLabel('E-mail')).toBeFocused()
    await page.keyboard.type('nobody')
    await page.keyboard.press('Enter')
    await expect(page.getByText('This does not look like an e-mail address.')).toBeVisible()
    await expectWellMade(page)
    await page.getByLabel('E-mail').fill(account.email)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('status')).toContainText(`If there is an account for ${account.email}`)
    await expectWellMade(page)
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/forgot-${width}.png` })

    await page.goto(await mailedLink(account.email, '/reset#'))
    await expect(page.getByLabel('New password')).toBeFocused()
    // Nobody who looks at the address, or gets it from the history, has the link.
    await expect(page).toHaveURL(/\/reset$/)
    await page.keyboard.type('nine purple herons')
    await expectWellMade(page)
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/reset-${width}.png` })
    await page.keyboard.press('Enter')
    await expect(page.getByRole('status')).toContainText('Your password is set.')
    await expectWellMade(page)
    await page.getByRole('link', { name: 'Sign in', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('E-mail').fill(account.email)
    await page.getByLabel('Password', { exact: true }).fill('nine purple herons')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/chat/)
  })
}

test('an administrator invites whom they looked for and did not find; anybody else is not offered that', async ({
  openBrowser,
}) => {
  const { email } = newAccount('Wanted')
  const search = async (who: string) => {
    const page = await openBrowser(who)
    if (who === 'admin') await signInAsAdmin(page)
    else await register(page, newAccount(who))
    await page.goto('/chat')
    await page.getByRole('button', { name: 'New conversation' }).first().click()
    await page.getByRole('combobox', { name: 'Search people' }).fill(email)
    await expect(page.getByText(`Nobody called “${email}” is here.`)).toBeVisible()
    return page
  }
  await expect((await search('Grace')).getByRole('button', { name: /^Invite/ })).toHaveCount(0)

  const page = await search('admin')
  await page.getByRole('button', { name: `Invite ${email}` }).click()
  await expect(page.getByText(`An invite is on its way to ${email}.`)).toBeVisible()
  await expectWellMade(page)

  const invited = await openBrowser('invited')
  await invited.goto(await mailedLink(email, '/register?invite='))
  await expect(invited.getByRole('heading', { level: 1 })).toHaveText('Welcome')
})

test('how soon what is unread is mailed is a preference, and a mail’s link ends it with a button', async ({
  openBrowser,
}) => {
  const { page } = await newcomer(openBrowser, 'Ada')
  const openPreferences = async () => {
    await page.goto('/account')
    await page.getByRole('region', { name: 'Notifications' }).getByRole('button', { name: 'Preferences' }).click()
    return page.getByRole('dialog', { name: 'Preferences' }).getByLabel('Mail me what I have not read')
  }
  const choice = await openPreferences()
  await expect(choice).toHaveValue('day')
  await choice.selectOption('After an hour')
  await page.getByRole('button', { name: 'Choose what is mailed' }).click()
  await expectWellMade(page)
  await expect(await openPreferences()).toHaveValue('hour')

  await page.goto('/unsubscribe#token=none')
  await expect(page.getByRole('button', { name: 'No more of these mails' })).toBeVisible()
  await expectWellMade(page)
})
