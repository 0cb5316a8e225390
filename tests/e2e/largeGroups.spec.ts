import { randomUUID } from 'node:crypto'
import { ChatPage } from './support/chat'
import { withDatabase } from './support/database'
import { expect, test } from './support/fixtures'
import { newcomer } from './support/people'

/** As many as nobody's page names at once, there before everybody else. */
const CROWD = 120

test('in a group of more than a hundred everybody has a name, and who has seen a message is asked for', async ({
  openBrowser,
}) => {
  const [ada, grace, linus] = [
    await newcomer(openBrowser, 'Ada'),
    await newcomer(openBrowser, 'Grace'),
    await newcomer(openBrowser, 'Linus'),
  ]
  const participantIds = [grace.id, linus.id]
  const made = await ada.page.request.post('/api/chat/rooms', { data: { participantIds, name: 'Crowd' } })
  const { room } = await made.json()
  await withDatabase(async (db) => {
    const ids = Array.from({ length: CROWD }, () => randomUUID())
    await db.query(
      `INSERT INTO users (id, email, name) SELECT id, id || '@example.com', 'Person ' || n
       FROM unnest($1::text[]) WITH ORDINALITY AS p(id, n)`,
      [ids],
    )
    await db.query(
      `INSERT INTO participants (room_id, user_id, joined_at) SELECT $1, unnest($2::text[]), now() - interval '1 day'`,
      [room.id, ids],
    )
  })
  const post = async (by: typeof ada, data: object) => {
    const answer = await by.page.request.post('/api/chat/messages', {
      data: { roomId: room.id, clientId: randomUUID(), ...data },
    })
    expect(answer.status(), await answer.text()).toBe(201)
    return answer.json()
  }
  await post(linus, { message: 'written before leaving' })
  const left = await linus.page.request.delete(`/api/chat/rooms/${room.id}/participants/${linus.id}`)
  expect(left.ok()).toBe(true)
  const naming = await post(ada, { message: `Ask @${grace.account.name} about it`, mentions: [grace.id] })
  const reacted = await grace.page.request.put(`/api/chat/messages/${naming.id}/reactions`, {
    data: { emoji: '👍', on: true },
  })
  expect(reacted.ok()).toBe(true)

  const adas = new ChatPage(ada.page)
  await ada.page.goto(`/chat/${room.id}`)
  await adas.untilLive()
  await expect(adas.message('Crowd', 'written before leaving')).toContainText(`${linus.account.name}: `)
  const message = adas.message('Crowd', 'about it')
  await expect(message.getByRole('button', { name: `👍 1: ${grace.account.name}` })).toBeVisible()
  await expect(message.locator('[data-mention=other]')).toHaveText(`@${grace.account.name}`)
  // And stays named when something else in it is edited.
  await adas.composer('Crowd').press('ArrowUp')
  const editing = ada.page.getByRole('textbox', { name: 'Edit your message to Crowd' })
  await editing.pressSequentially(', please')
  await editing.press('Enter')
  await adas.expectDelivery(adas.message('Crowd', 'about it, please'), 'Sent')
  const { messages } = await (await ada.page.request.get(`/api/chat/messages?roomId=${room.id}`)).json()
  expect(messages.find(({ id }: { id: string }) => id === naming.id)).toMatchObject({
    message: `Ask @${grace.account.name} about it, please`,
    mentions: [grace.id],
  })
  // Whom the page does not know can be named all the same.
  await adas.composer('Crowd').pressSequentially(`Hello @${grace.account.name.slice(0, 8)}`)
  await ada.page
    .getByRole('listbox', { name: 'People to mention' })
    .getByRole('option', { name: grace.account.name })
    .click()
  await adas.composer('Crowd').press('Enter')
  await expect(adas.message('Crowd', 'Hello @').locator('[data-mention=other]')).toHaveText(`@${grace.account.name}`)
  // Of so many nobody knows whether all have read it.
  await adas.expectDelivery(message, 'Sent')

  const options = async () => {
    await message.getByText('about it').click({ button: 'right' })
    await ada.page.getByRole('menuitem', { name: 'Seen by' }).click()
  }
  await options()
  const seen = ada.page.getByRole('dialog', { name: /^Seen by 0 of 121/ })
  await expect(seen).toContainText('Nobody has seen it yet.')
  const graces = new ChatPage(grace.page)
  await grace.page.goto(`/chat/${room.id}`)
  await expect(graces.message('Crowd', 'about it').locator('[data-mention=me]')).toHaveText(`@${grace.account.name}`)
  await expect(graces.conversation('Crowd')).not.toContainText('unread')
  await seen.getByRole('button', { name: 'Ask again' }).click()
  await expect(ada.page.getByRole('dialog', { name: 'Seen by 1 of 121' })).toContainText(grace.account.name)
  await expect(ada.page.getByRole('dialog')).toContainText('it does not change by itself')
})
