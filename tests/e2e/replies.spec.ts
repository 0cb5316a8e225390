import { randomUUID } from 'node:crypto'
import { expectWellMade, looks } from './support/accessibility'
import type { ChatPage } from './support/chat'
import { withDatabase } from './support/database'
import { expect, test } from './support/fixtures'
import { twoPeople } from './support/twoPeople'

const roomIdOf = (chat: ChatPage) => new URL(chat.page.url()).pathname.split('/').at(-1) ?? ''

/** Enough that the first is not loaded at first; pages find out with the next message. */
async function fill(chat: ChatPage, senderId: string, count: number): Promise<void> {
  await withDatabase((db) =>
    db.query(
      `SELECT count(*) FROM generate_series(1, $3) AS n CROSS JOIN LATERAL insert_messages_batch(
         ARRAY[gen_random_uuid()::text], ARRAY[$1], ARRAY[$2], ARRAY[$4 || n], ARRAY['Filling ' || n], NULL)`,
      [roomIdOf(chat), senderId, count, randomUUID()],
    ),
  )
}

test('a message is answered by the menu or the keyboard, and the quote leads to it', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const { page } = grace.chat
  const field = grace.chat.composer(ada.name)
  await ada.chat.send(grace.name, 'Tea at five?')
  await grace.chat.message(ada.name, 'Tea at five?').getByText('Tea at five?').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Reply' }).click()
  await expect(field).toBeFocused()
  await expect(page.getByText(`Reply to ${ada.name}:`)).toBeVisible()
  await field.press('Escape')
  await expect(page.getByText(`Reply to ${ada.name}:`)).toHaveCount(0)
  await expect(field).toBeFocused()

  // By keyboard: the last message is one Tab before the composer.
  await page.getByRole('button', { name: 'Message options' }).last().focus()
  await page.keyboard.press('r')
  await expect(field).toBeFocused()
  await grace.chat.send(ada.name, 'With pleasure')
  await expect(page.getByText(`Reply to ${ada.name}:`)).toHaveCount(0)
  const answer = ada.chat.message(grace.name, 'With pleasure')
  const quote = answer.getByRole('button', { name: 'In reply to You' })
  await expect(quote).toContainText('Tea at five?')

  // What is quoted is what the message says now.
  await ada.chat.composer(grace.name).press('ArrowUp')
  await ada.chat.composer(grace.name).fill('Tea at six?')
  await ada.chat.composer(grace.name).press('Enter')
  await expect(quote).toContainText('Tea at six?')
  await expect(grace.chat.message(ada.name, 'With pleasure')).toContainText('Tea at six?')
})

test('the way to a message far back, and from there to the newest', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const { page } = grace.chat
  await ada.chat.send(grace.name, 'Where it began')
  await grace.chat.message(ada.name, 'Where it began').hover()
  await page.getByRole('button', { name: 'Message options' }).last().focus()
  await page.keyboard.press('r')
  await fill(ada.chat, ada.id, 180)
  await grace.chat.send(ada.name, 'An answer')
  await grace.chat.expectDelivery(grace.chat.message(ada.name, 'An answer'), /Sent|Read/)
  await page.reload()
  await grace.chat.untilLive()

  const quote = grace.chat.message(ada.name, 'An answer').getByRole('button', { name: /In reply to/ })
  await quote.focus()
  await page.keyboard.press('Enter')
  const first = grace.chat.message(ada.name, 'Where it began').first()
  await expect(first).toBeInViewport()
  await expect(first).toBeFocused()
  await expect(grace.chat.message(ada.name, 'An answer')).toHaveCount(0)
  // Whoever writes is shown what they write.
  await ada.chat.send(grace.name, 'Something new')
  await page.getByRole('button', { name: /To the newest message|1 new message/ }).click()
  await expect(grace.chat.message(ada.name, 'Something new')).toBeInViewport()

  // An address may name it as well.
  await page.goto(`/chat/${roomIdOf(grace.chat)}?at=1`)
  await expect(grace.chat.message(ada.name, 'Where it began').first()).toBeFocused()
  await expect(page).toHaveURL(/\/chat\/[^?]+$/)
  // One reads on from there until the newest are met.
  for (let i = 0; i < 30; i += 1) {
    await page.getByRole('region', { name: `Messages with ${ada.name}` }).evaluate((list) => {
      list.scrollTop = list.scrollHeight
    })
    if (await grace.chat.message(ada.name, 'Something new').isVisible()) break
    await page.waitForLoadState('networkidle')
  }
  await expect(grace.chat.message(ada.name, 'Something new')).toBeInViewport()
})

test('whoever opens a conversation at a message has not read the newest ones yet', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const { page } = grace.chat
  await ada.chat.send(grace.name, 'Where it began')
  await expect(grace.chat.message(ada.name, 'Where it began')).toBeVisible()
  const address = `/chat/${roomIdOf(grace.chat)}`
  await page.goto('/account')
  await fill(ada.chat, ada.id, 40)
  const unread = page.getByRole('region', { name: 'Conversations' }).getByText('40 unread')

  await page.goto(`${address}?at=1`)
  await expect(grace.chat.message(ada.name, 'Where it began').first()).toBeFocused()
  await expect(unread).toHaveCount(1)
  await page.getByRole('button', { name: /new message|To the newest message/ }).click()
  await expect(unread).toHaveCount(0)
})

for (const { colorScheme, width, browser } of looks) {
  test(`answers pass axe and fit: ${colorScheme}, ${width} px`, async ({ openBrowser }) => {
    const { ada, grace } = await twoPeople((who) => openBrowser(who, browser))
    const { page } = ada.chat
    await ada.chat.send(
      grace.name,
      'Shall we meet for tea at five, at the old place by the river, or is that too late for you?',
    )
    await grace.chat.page.getByRole('button', { name: 'Message options' }).last().focus()
    await grace.chat.page.keyboard.press('r')
    await grace.chat.send(ada.name, 'Five is fine!')
    await expect(ada.chat.message(grace.name, 'Five is fine!')).toBeVisible()
    await page.getByRole('button', { name: 'Message options' }).last().focus()
    await page.keyboard.press('r')
    await ada.chat.send(grace.name, 'Then I bring the cake')
    await expect(grace.chat.message(ada.name, 'Then I bring the cake')).toBeVisible()
    await page.getByRole('button', { name: 'Message options' }).last().focus()
    await page.keyboard.press('r')
    await expect(page.getByText('Reply to yourself:')).toBeVisible()
    await page.screenshot({ path: test.info().outputPath(`replies-${colorScheme}-${width}.png`) })
    await expectWellMade(page)
  })
}
