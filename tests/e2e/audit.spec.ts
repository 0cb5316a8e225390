import { expectAccessible, looks } from './support/accessibility'
import { expect, test } from './support/fixtures'
import { newAccount, register, signInAsAdmin } from './support/people'

for (const { colorScheme, width, browser } of looks) {
  test(`the audit log can be read, searched and opened: ${colorScheme}, ${width} px`, async ({ openBrowser }) => {
    const account = newAccount('Ida')
    await register(await openBrowser('Ida'), account)
    const page = await openBrowser('admin', browser)
    await signInAsAdmin(page)
    await page.goto('/system/audit')
    const entries = page.getByRole('list', { name: 'Entries, newest first' }).getByRole('listitem')
    await expect(entries.first()).toBeVisible()
    await expectAccessible(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)

    // By keyboard: from the filter to the entry it leaves, and open.
    await page.getByRole('textbox', { name: 'Who' }).fill(account.name)
    await expect(entries).toHaveCount(1)
    const entry = entries.getByRole('button')
    await expect(entry).toContainText(`${account.name} made an account`)
    await entry.focus()
    await page.keyboard.press('Enter')
    await expect(entries.getByText('Correlation id')).toBeVisible()
    await expectAccessible(page)
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/audit-${width}.png` })

    await page.getByRole('combobox', { name: 'What' }).click()
    await page.getByRole('option', { name: 'Signed out' }).click()
    await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Clear the filter' }).click()
    await expect(entries.first()).toBeVisible()
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/audit-all-${width}.png` })
  })
}

test('the export is what the filter leaves', async ({ page, openBrowser }) => {
  const account = newAccount('Iris')
  await register(await openBrowser('Iris'), account)
  await signInAsAdmin(page)
  await page.goto('/system/audit')
  await page.getByRole('textbox', { name: 'Who' }).fill(account.name)
  await expect(page.getByRole('list', { name: 'Entries, newest first' }).getByRole('listitem')).toHaveCount(1)
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export as CSV' }).click()
  const stream = await (await download).createReadStream()
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  const lines = Buffer.concat(chunks).toString('utf8').trimEnd().split('\r\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain(`"register","ok","${account.name}"`)
})

test.describe('somebody who is no admin', () => {
  test.use({ allowedComplaints: [/404/] })

  test('finds no such page', async ({ page }) => {
    await register(page, newAccount('Ida'))
    expect((await page.goto('/system/audit'))?.status()).toBe(404)
  })
})
