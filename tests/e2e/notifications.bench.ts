import { expect, type Page } from '@playwright/test'
import { UserData } from '@/contracts/auth'
import { withDatabase } from './support/database'
import { test } from './support/fixtures'
import { describeFrames, recordFrames } from './support/mainThread'
import { bell, live, panel } from './support/notifications'
import { newAccount, register } from './support/people'

// Recording the pages would slow them down. Most people have not asked for less motion.
test.use({ trace: 'off', contextOptions: { reducedMotion: process.env.REDUCED_MOTION ? 'reduce' : 'no-preference' } })
test.setTimeout(300_000)

const total = 10_000
const requests = 50
/** Somebody flicks a wheel: pixels a second, pixels in one go, and how often. */
const flick = { speed: 5_000, distance: 25_000, times: 4 }

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

  // The same gesture over plain text tells what the browser itself costs on this machine.
  await page.setContent(
    `<div id="list" style="height: 600px; overflow: auto">${'<p>Something of some length happened.</p>'.repeat(5_000)}</div>`,
  )
  const control = await recordFrames(page, () => scrollByWheel(page, '#list'))
  console.log(`Control, plain text by wheel: ${describeFrames(control)}`)

  await page.goto('/chat')
  await live(page)
  await bell(page).click()
  await panel(page).getByRole('listitem').first().hover()
  const wheel = await recordFrames(page, () => scrollByWheel(page, list))
  console.log(`By wheel, ${flick.speed} pixels a second: ${describeFrames(wheel)}`)

  let mostRows = 0
  const begun = performance.now()
  const drag = await recordFrames(page, async () => {
    mostRows = await page.evaluate(dragToEnd, { list, last: 'Number 1' })
  })
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1)
  console.log(
    `Dragged to the last of ${total} in ${seconds} s: ${describeFrames(drag)}; at most ${mostRows} rows in the page`,
  )
})

const list = '[role=dialog] [data-virtuoso-scroller]'

async function scrollByWheel(page: Page, selector: string): Promise<void> {
  const box = await page.locator(selector).boundingBox()
  if (!box) throw new Error(`There is no ${selector}.`)
  const cdp = await page.context().newCDPSession(page)
  for (let i = 0; i < flick.times; i += 1) {
    await cdp.send('Input.synthesizeScrollGesture', {
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
      yDistance: -flick.distance,
      speed: flick.speed,
      gestureSourceType: 'mouse',
    })
  }
}

/** Runs in the page: 2,000 pixels a frame, as the bar is dragged, until the last row is there. Resolves to the most rows. */
async function dragToEnd({ list, last }: { list: string; last: string }): Promise<number> {
  const scroller = document.querySelector(list)
  if (!scroller) throw new Error('There is no list.')
  let mostRows = 0
  for (let found = false; !found; ) {
    scroller.scrollTop += 2_000
    await new Promise((resolve) => requestAnimationFrame(resolve))
    const rows = [...scroller.querySelectorAll('li')]
    mostRows = Math.max(mostRows, rows.length)
    found = rows.at(-1)?.textContent?.includes(`${last}Something`) ?? false
  }
  return mostRows
}
