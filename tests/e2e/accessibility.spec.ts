import { expectAccessible, expectWellMade, looks } from './support/accessibility'
import { ChatPage } from './support/chat'
import { expect, test } from './support/fixtures'
import { newAccount, register } from './support/people'

for (const { colorScheme, width, browser } of looks) {
  test(`every page passes axe and fits: ${colorScheme}, ${width} px`, async ({ openBrowser }) => {
    const page = await openBrowser('Ada', browser)
    const check = () => expectWellMade(page)

    for (const path of ['/', '/login', '/register']) {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await check()
    }
    await page.goto('/login')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(page.getByText('Give your password.')).toBeVisible()
    await check()

    const grace = newAccount('Grace')
    await register(await openBrowser('Grace'), grace)
    await register(page, newAccount('Ada'))
    const chat = new ChatPage(page)
    await chat.goto()
    await expect(page.getByText('No conversations yet')).toBeVisible()
    await check()

    await page.getByRole('button', { name: 'New conversation' }).first().click()
    await expect(page.getByRole('option').first()).toBeVisible()
    await check()
    await page.keyboard.press('Escape')

    await chat.startConversation(grace.name)
    await check()
    await chat.send(grace.name, 'Hello Grace, see https://example.com')
    await chat.expectDelivery(chat.message(grace.name, 'Hello Grace'), 'Sent')
    await check()
  })
}

test.describe('a page that does not exist', () => {
  test.use({ allowedComplaints: [/the server responded with a status of 404/] })

  test('says so and passes axe', async ({ page }) => {
    await page.goto('/nothing/here')
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expectAccessible(page)
  })

  test('stands below the page’s own header for who is signed in and may not know of it', async ({ page }) => {
    await register(page, newAccount('Ada'))
    await page.goto('/system/people')
    await expect(page.getByRole('heading', { level: 1, name: 'There is nothing at this address' })).toBeVisible()
    await expect(page.getByRole('banner')).toHaveCount(1)
    await expect(page.getByRole('main')).toHaveCount(1)
    await expect(page).toHaveTitle(/Not found/)
    await expectAccessible(page)
  })
})
