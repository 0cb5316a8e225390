import type { Page } from '@playwright/test'
import { expectAccessible, expectWellMade, looks } from './support/accessibility'
import { expect, test } from './support/fixtures'
import { fillSignIn, newcomer, signInAsAdmin } from './support/people'
import { twoPeople } from './support/twoPeople'

/** The page of people as an admin finds their way through it. */
class PeoplePage {
  constructor(readonly page: Page) {}

  row = (name: string) =>
    this.page.getByRole('list', { name: 'People' }).getByRole('listitem').filter({ hasText: name })
  dialog = (name: string) => this.page.getByRole('dialog', { name: new RegExp(name) })
  permission = (label: string) => this.page.getByRole('switch', { name: label, exact: true })

  async open() {
    await signInAsAdmin(this.page)
    await this.page.goto('/system/people')
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText('People')
  }

  async find(name: string) {
    await this.page.getByRole('searchbox', { name: 'Search people' }).fill(name)
    await expect(this.row(name)).toHaveCount(1)
    // Only then were the others left out.
    await expect(this.page.getByRole('list', { name: 'People' }).getByRole('listitem')).toHaveCount(1)
  }

  async change(name: string) {
    await this.row(name)
      .getByRole('button', { name: `Change ${name}` })
      .click()
    await expect(this.dialog(name)).toBeVisible()
  }

  async save(name: string) {
    await this.dialog(name).getByRole('button', { name: 'Save' }).click()
    await expect(this.dialog(name)).toBeHidden()
  }

  async switchOff(name: string, ...labels: string[]) {
    await this.change(name)
    for (const label of labels) {
      await this.permission(label).uncheck()
      await expect(this.permission(label)).toHaveAccessibleDescription('removed')
    }
    await this.save(name)
  }

  async switchOn(name: string, ...labels: string[]) {
    await this.change(name)
    for (const label of labels) {
      await this.permission(label).check()
      await expect(this.permission(label)).toHaveAccessibleDescription('by role')
    }
    await this.save(name)
  }
}

/** What is promised, with what a busy machine takes. */
const SOON = { timeout: 6_500 }

test('who loses the right to write sees it within 5 s, without a reload, and keeps what they had begun', async ({
  page,
  openBrowser,
}) => {
  const people = new PeoplePage(page)
  const { ada, grace } = await twoPeople(openBrowser)
  await people.open()
  await people.find(ada.name)
  await ada.chat.composer(grace.name).fill('Half a thought')
  await ada.chat.page.evaluate(() => Object.assign(window, { neverReloaded: true }))
  const notice = ada.chat.page.getByText('You can read here. Your account may not write messages.')

  await people.switchOff(ada.name, 'Write messages')
  await expect(people.row(ada.name)).toContainText('1 removed')
  await expect(notice).toBeVisible(SOON)
  await expect(ada.chat.composer(grace.name)).toHaveCount(0)
  await grace.chat.send(ada.name, 'You can still read')
  await expect(ada.chat.message(grace.name, 'You can still read')).toHaveCount(1)

  await people.switchOn(ada.name, 'Write messages')
  await expect(ada.chat.composer(grace.name)).toHaveValue('Half a thought', SOON)
  await expect(notice).toHaveCount(0)
  await ada.chat.composer(grace.name).press('Enter')
  await expect(grace.chat.message(ada.name, 'Half a thought')).toHaveCount(1)
  expect(await ada.chat.page.evaluate(() => 'neverReloaded' in window)).toBe(true)
})

test('what a person may not do is not offered, and comes back when they may', async ({ page, openBrowser }) => {
  const people = new PeoplePage(page)
  const { account, page: theirs } = await newcomer(openBrowser, 'Ada')
  await theirs.goto('/chat')
  const bell = theirs.getByRole('button', { name: /^Notifications/ })
  const begin = theirs.getByRole('button', { name: 'New conversation' })
  await expect(begin.first()).toBeVisible()
  await people.open()
  await people.find(account.name)

  await people.switchOff(account.name, 'Begin conversations', 'Get notifications')
  await expect(bell).toHaveCount(0, SOON)
  await expect(begin).toHaveCount(0)
  await theirs.goto('/notifications')
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('Notifications are closed to you')
  await expectAccessible(theirs)

  await people.switchOn(account.name, 'Begin conversations', 'Get notifications')
  await expect(bell).toBeVisible(SOON)

  await people.switchOff(account.name, 'Read chats')
  await theirs.goto('/chat')
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('Chats are closed to you')
  await people.switchOn(account.name, 'Read chats')
  await expect(begin.first()).toBeVisible(SOON)
})

test('somebody who may read nothing is told so, and can ask again', async ({ page, openBrowser }) => {
  const people = new PeoplePage(page)
  const { account, page: theirs } = await newcomer(openBrowser, 'Ada')
  await theirs.goto('/chat')
  await expect(theirs.getByRole('button', { name: 'New conversation' }).first()).toBeVisible()
  await people.open()
  await people.find(account.name)
  await people.switchOff(account.name, 'Read chats', 'Get notifications')
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('Chats are closed to you', SOON)
  await people.switchOn(account.name, 'Read chats', 'Get notifications')
  await theirs.getByRole('button', { name: 'Check again' }).click()
  await expect(theirs.getByRole('button', { name: 'New conversation' }).first()).toBeVisible()
})

test.describe('a session that ends', () => {
  test.use({ allowedComplaints: [/the server responded with a status of (401|403)/] })

  test('an account that is disabled leaves the page within 5 s and cannot sign in until it is enabled', async ({
    page,
    openBrowser,
  }) => {
    const people = new PeoplePage(page)
    const { account, page: theirs } = await newcomer(openBrowser, 'Ada')
    await theirs.goto('/chat')
    await expect(theirs.getByRole('button', { name: 'New conversation' }).first()).toBeVisible()
    await people.open()
    await people.find(account.name)
    await people.change(account.name)
    await page.getByRole('button', { name: 'Disable account' }).click()
    await page
      .getByRole('dialog', { name: /^Disable the account/ })
      .getByRole('button', { name: 'Disable' })
      .click()
    await expect(people.dialog(account.name)).toContainText('Disabled: this person cannot sign in.')
    await expect(theirs).toHaveURL(/\/login/, SOON)
    await fillSignIn(theirs, account)
    await expect(theirs.getByText('This account is disabled. An administrator can open it again.')).toBeVisible()

    await page.getByRole('button', { name: 'Enable account' }).click()
    await expect(people.dialog(account.name)).toContainText('Open: this person can sign in.')
    await theirs.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(theirs).toHaveURL(/\/chat/)
  })

  test('signing somebody out everywhere ends their sessions', async ({ page, openBrowser }) => {
    const people = new PeoplePage(page)
    const { account, page: theirs } = await newcomer(openBrowser, 'Ada')
    await theirs.goto('/chat')
    await expect(theirs.getByRole('button', { name: 'New conversation' }).first()).toBeVisible()
    await people.open()
    await people.find(account.name)
    await expect(people.row(account.name)).toContainText('Signed in with 1 browser')
    await people.change(account.name)
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page
      .getByRole('dialog', { name: /out everywhere\?$/ })
      .getByRole('button', { name: 'Sign out' })
      .click()
    await expect(people.dialog(account.name)).toContainText('Not signed in')
    await expect(theirs).toHaveURL(/\/login/, SOON)
  })
})

test('one’s own rights cannot be taken away here, and the keyboard is enough', async ({ page }) => {
  const people = new PeoplePage(page)
  await people.open()
  await people.find('Ada Lovelace')
  await page.getByRole('searchbox', { name: 'Search people' }).focus()
  await page.keyboard.press('Tab')
  await expect(people.row('Ada Lovelace').getByRole('button')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(people.dialog('Ada Lovelace')).toContainText('This is your own account')
  await expect(page.getByRole('radio', { name: 'User' })).toBeDisabled()
  await expect(people.permission('Manage people')).toBeDisabled()
  await expect(page.getByRole('button', { name: 'Disable account' })).toBeDisabled()
  await expect(people.permission('Write messages')).toBeEnabled()
  await page.keyboard.press('Escape')
  await expect(people.dialog('Ada Lovelace')).toBeHidden()
})

test.describe('to somebody without the permission', () => {
  test.use({ allowedComplaints: [/the server responded with a status of 404/] })

  test('the page does not exist; who is only allowed to manage people finds it and nothing else', async ({
    page,
    openBrowser,
  }) => {
    const people = new PeoplePage(page)
    const { account, page: theirs } = await newcomer(openBrowser, 'Clerk')
    expect((await theirs.goto('/system/people'))?.status()).toBe(404)
    await people.open()
    await people.find(account.name)
    await people.change(account.name)
    await people.permission('Manage people').check()
    await expect(people.permission('Manage people')).toHaveAccessibleDescription('added')
    await people.save(account.name)
    await expect(people.row(account.name)).toContainText('1 added')

    await theirs.goto('/chat')
    await theirs.getByRole('link', { name: 'System' }).click()
    await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('People')
    await expect(theirs.getByRole('navigation', { name: 'System' }).getByRole('link')).toHaveText(['People'])
    expect((await theirs.goto('/system/health'))?.status()).toBe(404)
  })
})

for (const { colorScheme, width, browser } of looks) {
  test(`the page, the dialog and the notices pass axe and fit: ${colorScheme}, ${width} px`, async ({
    openBrowser,
  }) => {
    const page = await openBrowser('admin', browser)
    const people = new PeoplePage(page)
    const { ada } = await twoPeople((who) => openBrowser(who, browser))
    await people.open()
    await expect(page.getByRole('button', { name: /^Change / }).first()).toBeVisible()
    await expectWellMade(page)
    await people.find(ada.name)
    await people.switchOff(ada.name, 'Write messages')
    await expect(ada.chat.page.getByText('You can read here.')).toBeVisible(SOON)
    await expectWellMade(ada.chat.page)
    await people.change(ada.name)
    await people.permission('Read the audit log').check()
    await expectWellMade(page)
    await page.getByRole('button', { name: 'Disable account' }).click()
    await expect(page.getByRole('dialog', { name: /^Disable the account/ })).toBeVisible()
    await expectWellMade(page)
  })
}
