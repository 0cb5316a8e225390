import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import { expectWellMade, looks } from './support/accessibility'
import { withDatabase } from './support/database'
import { expect, test } from './support/fixtures'
import { newcomer, signInAs } from './support/people'

const newTopic = (word: string) => `${word}/${randomBytes(4).toString('hex')}`

/** A public topic, one that is granted to this person, and one that is open to nobody. */
async function makeTopics(userId: string) {
  const topics = {
    open: newTopic('news'),
    granted: newTopic('staff:a-department-with-a-long-name'),
    closed: newTopic('secret'),
  }
  await withDatabase(async (db) => {
    await db.query(
      'INSERT INTO topics (name, is_public) VALUES ($1, true), ($2, false), ($3, false)',
      Object.values(topics),
    )
    await db.query('INSERT INTO topic_access (user_id, topic) VALUES ($1, $2)', [userId, topics.granted])
  })
  return topics
}

const section = (page: Page) => page.getByRole('region', { name: 'Topics' })
const topicSwitch = (page: Page, topic: string) => section(page).getByRole('switch', { name: topic })

test('topics are followed and left by keyboard, and shown so in every browser of the person', async ({
  openBrowser,
}) => {
  const { page, id, account } = await newcomer(openBrowser, 'Ada')
  const { open, granted, closed } = await makeTopics(id)
  const elsewhere = await openBrowser('Ada elsewhere')
  await signInAs(elsewhere, account)
  for (const shown of [page, elsewhere]) {
    await shown.goto('/account')
    await expect(topicSwitch(shown, open)).not.toBeChecked()
    await expect(topicSwitch(shown, granted)).not.toBeChecked()
    await expect(topicSwitch(shown, closed)).toHaveCount(0)
  }

  await topicSwitch(page, open).focus()
  await page.keyboard.press('Space')
  await expect(topicSwitch(page, open)).toBeChecked()
  await expect(topicSwitch(page, open)).toBeFocused()
  await expect(topicSwitch(elsewhere, open)).toBeChecked()
  await topicSwitch(elsewhere, granted).click()
  await expect(topicSwitch(page, granted)).toBeChecked()
  await topicSwitch(elsewhere, open).click()
  await expect(topicSwitch(page, open)).not.toBeChecked()

  await withDatabase((db) => db.query('DELETE FROM topic_access WHERE user_id = $1', [id]))
  for (const shown of [page, elsewhere]) await expect(topicSwitch(shown, granted)).toHaveCount(0)
  expect(await (await page.request.get('/api/notifications/topics')).json()).toMatchObject({ topics: [] })
})

test.describe('a topic that is closed at that moment', () => {
  test.use({ allowedComplaints: [/403 \(Forbidden\)/] })

  test('is not followed, and the page says so', async ({ openBrowser }) => {
    const { page, id } = await newcomer(openBrowser, 'Ada')
    const { open } = await makeTopics(id)
    await page.goto('/account')
    await expect(topicSwitch(page, open)).not.toBeChecked()
    await withDatabase((db) => db.query('UPDATE topics SET is_public = false WHERE name = $1', [open]))
    await topicSwitch(page, open).click()
    await expect(section(page).getByRole('alert')).toContainText('There is no topic')
    // It may have left the list by then.
    await expect(section(page).getByRole('switch', { name: open, checked: true })).toHaveCount(0)
  })
})

for (const { colorScheme, width, browser } of looks) {
  test(`the topics pass axe and fit: ${colorScheme}, ${width} px`, async ({ openBrowser }) => {
    const { page, id } = await newcomer(openBrowser, 'Ada', browser)
    const { granted } = await makeTopics(id)
    await page.goto('/account')
    await topicSwitch(page, granted).click()
    await expect(topicSwitch(page, granted)).toBeChecked()
    await expectWellMade(page)
    await section(page).screenshot({ path: `reports/topics-${colorScheme}-${width}.png` })
  })
}
