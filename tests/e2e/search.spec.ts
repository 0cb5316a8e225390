import type { Page } from '@playwright/test'
import { expectWellMade, looks } from './support/accessibility'
import { withDatabase } from './support/database'
import { expect, test } from './support/fixtures'
import { twoPeople } from './support/twoPeople'

const field = (page: Page) => page.getByRole('combobox', { name: 'Search messages, conversations and people' })
const options = (page: Page, group: string) => page.getByRole('group', { name: group }).getByRole('option')
const roomIdOf = (page: Page) => new URL(page.url()).pathname.split('/').at(-1) ?? ''

/** Messages of before, by the one who is not `userId`. */
const history = (roomId: string, userId: string, count: number) =>
  withDatabase(async (db) => {
    await db.query(
      `WITH room AS (UPDATE rooms SET last_seq = $3, last_rev = $3, updated_at = now(), changed_at = now() WHERE id = $1 RETURNING id)
       INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message, created_at)
       SELECT gen_random_uuid(), $1, n, n, p.user_id, gen_random_uuid(),
         CASE WHEN n = 5 THEN 'Where the marmalade is kept: behind the jars' ELSE 'Message ' || n END, now() - ($3 - n) * interval '1 minute'
       FROM participants p, generate_series(1, $3) n WHERE p.room_id = $1 AND p.user_id <> $2`,
      [roomId, userId, count],
    )
  })

test('Ctrl+K finds a message of long ago, and goes there by keyboard alone', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const { page } = ada.chat
  await history(roomIdOf(page), ada.id, 400)
  // Said now, so that the search hears of the room.
  await grace.chat.send(ada.name, 'Mermaids, not marmalade')
  await expect(ada.chat.message(grace.name, 'Mermaids')).toHaveCount(1)

  await page.keyboard.press('Control+k')
  await expect(field(page)).toBeFocused()
  await expect(options(page, 'Conversations')).toContainText([grace.name])
  await expect(async () => {
    // Only words that others came before are asked anew.
    await field(page).fill('')
    await expect(options(page, 'Messages')).toHaveCount(0)
    await field(page).fill('marmal')
    await expect(options(page, 'Messages')).toHaveCount(2, { timeout: 2_000 })
  }).toPass()
  await expect(options(page, 'Messages').first()).toContainText('Mermaids, not marmalade')
  await expect(options(page, 'Messages').last().locator('mark')).toHaveText('marmalade')
  await page.keyboard.press('ArrowDown')
  await expect(options(page, 'Messages').last()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  const found = ada.chat.message(grace.name, 'behind the jars')
  await expect(found).toBeInViewport()
  await expect(found).toBeFocused()
  await expect(ada.chat.message(grace.name, 'Mermaids')).toHaveCount(0)
})

test('Escape gives the focus back; a name finds people that one has not written with yet', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const stranger = await twoPeople(openBrowser)
  const { page } = ada.chat
  const button = page.getByRole('button', { name: 'Search messages' })
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(field(page)).toBeFocused()
  await field(page).fill('no such words anywhere')
  await expect(page.getByRole('status').filter({ hasText: 'Nothing found' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(button).toBeFocused()

  await page.keyboard.press('Control+k')
  await field(page).fill(stranger.grace.name)
  await options(page, 'People').filter({ hasText: stranger.grace.name }).click()
  await expect(ada.chat.composer(stranger.grace.name)).toBeVisible()
  await page.keyboard.press('Control+k')
  await field(page).fill(grace.name)
  await expect(options(page, 'Conversations')).toContainText([grace.name])
  await page.keyboard.press('Enter')
  await expect(ada.chat.composer(grace.name)).toBeVisible()
})

for (const { colorScheme, width, browser } of looks) {
  test(`the search passes axe and fits: ${colorScheme}, ${width} px`, async ({ openBrowser }) => {
    const { ada, grace } = await twoPeople((who) => openBrowser(who, browser))
    const { page } = ada.chat
    for (const text of [
      'Shall we meet at the harbour on Friday? The ferry leaves at nine, and the lighthouse is open until four.',
      'The harbour it is.',
      `${'A long message in which one word matters. '.repeat(8)} Harbour! ${'And goes on. '.repeat(20)}`,
    ]) {
      await ada.chat.send(grace.name, text)
    }
    await expect(grace.chat.messages(ada.name)).toHaveCount(3)
    await page.keyboard.press('Control+k')
    await expect(options(page, 'Conversations')).toHaveCount(1)
    await expectWellMade(page)
    await expect(async () => {
      await field(page).fill('')
      await expect(options(page, 'Messages')).toHaveCount(0)
      await field(page).fill('harb')
      await expect(options(page, 'Messages')).toHaveCount(3, { timeout: 2_000 })
    }).toPass()
    await expectWellMade(page)
    await field(page).fill('nothing like it')
    await expect(page.getByRole('status').filter({ hasText: 'Nothing found' })).toBeVisible()
    await expectWellMade(page)
  })
}
