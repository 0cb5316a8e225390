import { randomUUID } from 'node:crypto'
import { expect, type Page } from '@playwright/test'
import { withDatabase } from './support/database'
import { test } from './support/fixtures'
import { twoPeople } from './support/twoPeople'

// Recording the pages would slow them down.
test.use({ trace: 'off' })

const loaded = 50
const burst = 200

/** So many messages of one person, past the app, whose process hears of each as of another's. */
const insert = (roomId: string, senderId: string, text: string, count: number) =>
  withDatabase((db) =>
    db.query(
      `SELECT count(*) FROM generate_series(1, $3) AS n CROSS JOIN LATERAL insert_messages_batch(
         ARRAY[gen_random_uuid()::text], ARRAY[$1], ARRAY[$2], ARRAY[$4 || n], ARRAY[$5 || ' ' || n], 'somebody else')`,
      [roomId, senderId, count, randomUUID(), text],
    ),
  )

interface Figures {
  /** Of React: each draws whatever changed. */
  commits: number
  /** From a key to the frame that shows its letter, in milliseconds. */
  keys: number[]
}

/** React tells its developers' tools of every commit, also where it was built for production. */
const observe = (page: Page) =>
  page.addInitScript(() => {
    const figures: Figures = { commits: 0, keys: [] }
    const nothing = () => {}
    Object.assign(window, {
      figures,
      __REACT_DEVTOOLS_GLOBAL_HOOK__: {
        ...{ supportsFiber: true, inject: () => 1, checkDCE: nothing, onCommitFiberUnmount: nothing },
        ...{ onPostCommitFiberRoot: nothing, renderers: new Map() },
        onCommitFiberRoot: () => {
          figures.commits += 1
        },
      },
    })
    addEventListener(
      'keydown',
      ({ timeStamp }) =>
        requestAnimationFrame(() => setTimeout(() => figures.keys.push(performance.now() - timeStamp))),
      { capture: true },
    )
  })

const figuresOf = (page: Page) => page.evaluate(() => (window as Window & { figures?: Figures }).figures)

test('two hundred messages arrive at once in an open conversation', async ({ openBrowser }) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const { page } = ada.chat
  const roomId = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await insert(roomId, grace.id, 'Before', loaded)
  await grace.chat.page.close()
  await observe(page)
  await page.reload()
  await ada.chat.untilLive()
  await expect(ada.chat.message(grace.name, `Before ${loaded}`)).toBeVisible()
  const client = await page.context().newCDPSession(page)
  await client.send('Performance.enable')
  const cost = async () => {
    const { metrics } = await client.send('Performance.getMetrics')
    const of = (name: string) => (metrics.find((metric) => metric.name === name)?.value ?? 0) * 1_000
    return {
      task: of('TaskDuration'),
      script: of('ScriptDuration'),
      layout: of('LayoutDuration') + of('RecalcStyleDuration'),
    }
  }
  const composer = ada.chat.composer(grace.name)
  await composer.click()
  await composer.pressSequentially('warm', { delay: 60 })

  const before = { cost: await cost(), figures: await figuresOf(page) }
  const begun = performance.now()
  const last = whenShown(page, `After ${burst}`)
  const inserted = insert(roomId, grace.id, 'After', burst)
  let isOver = false
  const typing = (async () => {
    while (!isOver) await composer.pressSequentially('x', { delay: 40 })
  })()
  const [, shownAt] = await Promise.all([inserted, last])
  isOver = true
  await typing
  const after = { cost: await cost(), figures: await figuresOf(page) }
  const keys = (after.figures?.keys ?? []).slice(before.figures?.keys.length).toSorted((a, b) => a - b)
  const spent = (name: keyof typeof before.cost) => (after.cost[name] - before.cost[name]).toFixed(0)
  console.log(
    `${burst} messages: the last shown after ${(shownAt - begun).toFixed(0)} ms; ${(after.figures?.commits ?? 0) - (before.figures?.commits ?? 0)} commits; ` +
      `main thread ${spent('task')} ms (scripts ${spent('script')}, layout and style ${spent('layout')}); ` +
      `${keys.length} keys: median ${keys[Math.floor(keys.length / 2)]?.toFixed(0)} ms, longest ${keys.at(-1)?.toFixed(0)} ms`,
  )
})

/** When the text first stands on the page, by this process's clock. */
const whenShown = async (page: Page, text: string) => {
  await page.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        const look = () => document.querySelector('li[data-key]:last-child')?.textContent.includes(wanted)
        if (look()) return resolve()
        const observer = new MutationObserver(() => {
          if (!look()) return
          observer.disconnect()
          resolve()
        })
        observer.observe(document.body, { childList: true, subtree: true, characterData: true })
      }),
    text,
  )
  return performance.now()
}
