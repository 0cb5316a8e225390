import { expectAccessible, looks } from './support/accessibility'
import { withDatabase } from './support/database'
import { expect, test } from './support/fixtures'
import { newAccount, register, signInAsAdmin } from './support/people'

test.use({ allowedComplaints: [/400/] })

for (const { colorScheme, width, browser } of looks) {
  test(`a webhook is made, looked into and deleted: ${colorScheme}, ${width} px`, async ({ openBrowser }) => {
    const page = await openBrowser('admin', browser)
    await signInAsAdmin(page)
    await page.goto('/system/webhooks')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Webhooks')
    await page.getByRole('button', { name: 'New webhook' }).click()
    const making = page.getByRole('dialog', { name: 'New webhook' })
    await making.getByRole('textbox', { name: 'Address' }).fill('http://127.0.0.1:9/hook')
    await making.getByRole('checkbox', { name: 'room.created' }).check()
    await expectAccessible(page)
    await making.getByRole('button', { name: 'Make webhook' }).click()
    await expect(making.getByText(/address of a private network/)).toBeVisible()

    const address = `https://webhook-${width}-${colorScheme}.invalid/hook`
    await making.getByRole('textbox', { name: 'Address' }).fill(address)
    await making.getByRole('button', { name: 'Make webhook' }).click()
    await expect(making.getByRole('textbox', { name: 'Secret' })).toHaveValue(/^whsec_/)
    await expectAccessible(page)
    await making.getByRole('button', { name: 'Done' }).click()
    await expect(making).toBeHidden()

    // Something happens, of which nobody can be told there.
    const other = newAccount('Grace')
    const registered = await (await openBrowser('Grace')).request.post('/api/auth/register', { data: other })
    const { user } = await registered.json()
    await page.request.post('/api/chat/rooms', { data: { participantId: user.id } })
    const row = page.getByRole('list', { name: 'Webhooks' }).getByRole('listitem').filter({ hasText: address })
    await row.getByRole('button', { name: 'Open' }).click()
    const dialog = page.getByRole('dialog', { name: new RegExp(address) })
    const entry = dialog.getByRole('list', { name: 'Deliveries, newest first' }).getByRole('button').first()
    await expect(async () => {
      await dialog.getByRole('button', { name: 'Refresh the deliveries' }).click()
      await expect(entry).toContainText('Failed', { timeout: 1_000 })
    }).toPass()
    await entry.click()
    await expect(dialog.getByText('"type":"room.created"')).toBeVisible()
    await expect(dialog.getByText('No answer')).toBeVisible()
    await expectAccessible(page)
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/webhooks-${width}.png` })

    // As after a day.
    await withDatabase((db) =>
      db.query(
        `UPDATE webhook_deliveries d SET status = 'dead' FROM webhook_endpoints e WHERE e.id = d.endpoint_id AND e.url = $1`,
        [address],
      ),
    )
    await dialog.getByRole('button', { name: 'Refresh the deliveries' }).click()
    await expect(entry).toContainText('Given up')
    const again = dialog.getByRole('form', { name: 'Send a time again' })
    const [from, until] = [again.getByLabel('From'), again.getByLabel('Until')]
    await until.fill(await from.inputValue())
    await expect(again.getByText('This is not after “From”.')).toBeVisible()
    await expect(again.getByRole('button', { name: 'Send all again' })).toBeDisabled()
    await expectAccessible(page)
    await until.fill('2099-01-01T00:00')
    await again.getByRole('button', { name: 'Send all again' }).click()
    await expect(again.getByRole('status')).toHaveText(/One event goes out again|events go out again/)
    await expect(entry).not.toContainText('Given up')
    await expectAccessible(page)

    await dialog.getByRole('button', { name: 'Switch off' }).click()
    await expect(again).toBeHidden()
    await expect(dialog.getByText('It is switched off: nothing that happens is told.')).toBeVisible()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog', { name: 'Delete this webhook?' }).getByRole('button', { name: 'Delete' }).click()
    await expect(dialog).toBeHidden()
    await expect(row).toBeHidden()
  })
}

test.describe('somebody who is no admin', () => {
  test.use({ allowedComplaints: [/404/] })

  test('finds no such page', async ({ page }) => {
    await register(page, newAccount('Ida'))
    expect((await page.goto('/system/webhooks'))?.status()).toBe(404)
  })
})
