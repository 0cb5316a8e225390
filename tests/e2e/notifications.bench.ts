import { expect, type Page } from '@playwright/test'
import { UserData } from '@/contracts/auth'
import { withDatabase } from './support/database'
import { test } from './support/fixtures'
import { bell, live, panel } from './support/notifications'
import { newAccount, register } from './support/people'

// Recording the pages would slow them down.
test.use({ trace: 'off' })
test.setTimeout(300_000)

const total = 10_000
const requests = 50
/** A frame that takes longer than this is seen as a hitch, in milliseconds. */
const hitchMs = 50

/** Somebody new with so many notifications, of which only the oldest is unread; signed in in this page's browser. */
async function withMany(page: Page): Promise<void> {
  await register(page, newAccount('Busy'))
  const { user } = UserData.parse(await (await page.request.get('/api/auth/session')).json())
  await withDatabase(async (db) => {
    await db.query(
      `INSERT INTO notifications (id, user_id, version, title, message, type, status, created_at)
       SELECT $1 || '-' || n, $1, n, 'Number ' || n, 'Something of some length happened, as it does in a list that is read by people.',
         'info', CASE WHEN n = 1 THEN 'unread' ELSE 'read' END, now() - ($2 - n) * interval '1 minute'
       FROM generate_series(1, $2::int) n`,
      [user.id, total],
    )
    await db.query(
      `UPDATE users SET notification_version = $2, notification_unread = 1, notification_last_at = now() WHERE id = $1`,
      [user.id, total],
    )
  })
}

const at = (values: readonly number[], share: number) =>
  (values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN).toFixed(1)

test('a person with 10,000 notifications: the first page, and scrolling through all of them', async ({
  openBrowser,
}) => {
  const page = await openBrowser('Busy')
  await withMany(page)
  for (const query of ['limit=30', 'limit=30&status=unread']) {
    const millis: number[] = []
    for (let i = 0; i < requests; i += 1) {
      const begun = performance.now()
      const answer = await page.request.get(`/api/notifications?${query}`)
      expect(answer.ok()).toBe(true)
      millis.push(performance.now() - begun)
    }
    console.log(`GET /api/notifications?${query}: median ${at(millis, 0.5)} ms, p95 ${at(millis, 0.95)} ms`)
  }

  await page.goto('/chat')
  await live(page)
  await bell(page).click()
  await panel(page).getByRole('listitem').first().hover()
  const begun = performance.now()
  const found = await page.evaluate(scrollThrough, { hitchMs, last: 'Number 1' })
  console.log(
    [
      `${total} rows scrolled through in ${((performance.now() - begun) / 1_000).toFixed(1)} s:`,
      `${found.frames} frames, ${found.hitches.length} over ${hitchMs} ms (longest ${Math.round(Math.max(0, ...found.hitches))} ms),`,
      `${found.longTasks.length} long tasks (${Math.round(found.longTasks.reduce((a, b) => a + b, 0))} ms in all, longest ${Math.round(Math.max(0, ...found.longTasks))} ms),`,
      `at most ${found.mostRows} rows in the page`,
    ].join(' '),
  )
})

/** Runs in the page: scrolls the list as fast as a flick on a trackpad, a step each frame, until the last row is there. */
async function scrollThrough({ hitchMs, last }: { hitchMs: number; last: string }) {
  const longTasks: number[] = []
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTasks.push(duration)
  })
  observer.observe({ type: 'longtask' })
  const list = document.querySelector('[role=dialog] [data-virtuoso-scroller]')
  if (!list) throw new Error('There is no list.')
  const hitches: number[] = []
  let [frames, mostRows, before] = [0, 0, performance.now()]
  const isThere = () => [...list.querySelectorAll('li')].some((row) => row.textContent?.includes(`${last}Something`))
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
  await frame()
  before = performance.now()
  while (!isThere()) {
    list.scrollTop += 400
    const now = await frame()
    frames += 1
    if (now - before > hitchMs) hitches.push(now - before)
    before = now
    mostRows = Math.max(mostRows, list.querySelectorAll('li').length)
  }
  observer.disconnect()
  return { frames, hitches, longTasks, mostRows }
}
