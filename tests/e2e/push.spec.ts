import { createECDH, randomBytes, randomUUID } from 'node:crypto'
import type { Page, Worker } from '@playwright/test'
import type { PushPayload } from '@/contracts/push'
import { expectWellMade, looks } from './support/accessibility'
import { spyOnAlerts } from './support/alertSpy'
import { withDatabase } from './support/database'
import { expect, test } from './support/fixtures'
import { newcomer } from './support/people'
import { twoPeople } from './support/twoPeople'

test.use({ contextOptions: { reducedMotion: 'reduce', serviceWorkers: 'allow' } })

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Preferences' })
const onThisDevice = (page: Page) => dialog(page).getByRole('switch', { name: 'Push notifications on this device' })

async function openPreferences(page: Page): Promise<void> {
  await page.goto('/account')
  await page.getByRole('region', { name: 'Notifications' }).getByRole('button', { name: 'Preferences' }).click()
  await expect(onThisDevice(page)).toBeEnabled()
}

/** The one thing that needs a browser maker's own service: to be given an address there. All else is the browser's. */
async function subscribeWithoutService(page: Page): Promise<void> {
  const ecdh = createECDH('prime256v1')
  ecdh.generateKeys()
  const given = {
    endpoint: `https://push.invalid/${randomUUID()}`,
    keys: { p256dh: ecdh.getPublicKey('base64url'), auth: randomBytes(16).toString('base64url') },
  }
  await page.context().addInitScript((subscription) => {
    // Missing where the page is served over plain http.
    if (!('PushManager' in window)) return
    const kept = 'push-of-the-test'
    const made = () => ({
      ...subscription,
      options: { applicationServerKey: Uint8Array.from(JSON.parse(localStorage.getItem(kept) ?? '[]')).buffer },
      toJSON: () => subscription,
      unsubscribe: async () => {
        localStorage.removeItem(kept)
        return true
      },
    })
    const { prototype } = PushManager as unknown as { prototype: Record<string, unknown> } // its methods are put in place
    prototype.getSubscription = async () => (localStorage.getItem(kept) ? made() : null)
    prototype.subscribe = async ({ applicationServerKey }: { applicationServerKey: Uint8Array }) => {
      localStorage.setItem(kept, JSON.stringify([...applicationServerKey]))
      return made()
    }
  }, given)
}

const subscriptionsOf = (userId: string) =>
  withDatabase(
    async (db) => (await db.query('SELECT endpoint FROM push_subscriptions WHERE user_id = $1', [userId])).rowCount,
  )

test('nothing asks before the click; what was switched on holds after a reload, and ends with signing out', async ({
  openBrowser,
}) => {
  const { page, id } = await newcomer(openBrowser, 'Ada')
  const alerts = await spyOnAlerts(page.context())
  await subscribeWithoutService(page)
  await openPreferences(page)
  await expect(onThisDevice(page)).not.toBeChecked()
  expect([alerts.asked, await subscriptionsOf(id)]).toEqual([0, 0])

  await onThisDevice(page).click()
  await expect(onThisDevice(page)).toBeChecked()
  expect([alerts.asked, await subscriptionsOf(id)]).toEqual([1, 1])
  // The server may have lost it, with a session for one.
  await withDatabase((db) => db.query('DELETE FROM push_subscriptions WHERE user_id = $1', [id]))
  await openPreferences(page)
  await expect(onThisDevice(page)).toBeChecked()
  await expect.poll(() => subscriptionsOf(id)).toBe(1)

  await onThisDevice(page).click()
  await expect(onThisDevice(page)).not.toBeChecked()
  await expect.poll(() => subscriptionsOf(id)).toBe(0)
  await onThisDevice(page).click()
  await expect.poll(() => subscriptionsOf(id)).toBe(1)
  await dialog(page).getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page).toHaveURL('/')
  await expect.poll(() => subscriptionsOf(id)).toBe(0)
  await expect.poll(() => page.evaluate(() => localStorage.getItem('push-of-the-test'))).toBeNull()
})

/** The browser is given a push for the worker, as if one had come over the network. */
async function pushTo(page: Page, payload: PushPayload): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const registered = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations
      if (first) resolve(first.registrationId)
    })
  })
  await session.send('ServiceWorker.enable')
  const { origin } = new URL(page.url())
  const data = JSON.stringify(payload)
  await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registered, data })
  await session.detach()
}

/** What the worker has the browser show. One without windows refuses to show anything, so it is written down in its place. */
async function watchShown(worker: Worker) {
  await worker.evaluate(() => {
    const { registration } = globalThis as unknown as ServiceWorkerGlobalScope // it runs in the worker
    const shown: { title: string; options: NotificationOptions }[] = []
    registration.showNotification = async (title, options = {}) => void shown.push({ title, options })
    Object.assign(globalThis, { shown })
  })
  const shown = () =>
    worker.evaluate(() => (globalThis as unknown as { shown: { title: string; options: NotificationOptions }[] }).shown)
  const clickNewest = () =>
    worker.evaluate(() => {
      const { shown } = globalThis as unknown as { shown: { options: NotificationOptions }[] } // as it was made above
      const notification = { data: shown.at(-1)?.options.data, close: () => {} }
      // Only of a click by a person's hand does the browser wait for what follows.
      dispatchEvent(Object.assign(new Event('notificationclick'), { notification, waitUntil: () => {} }))
    })
  return { shown, clickNewest }
}

test('the worker shows what is pushed, of one conversation in one place, and a click opens it in the page', async ({
  openBrowser,
}) => {
  const { ada, grace } = await twoPeople(openBrowser)
  const { page } = ada.chat
  const path = new URL(page.url()).pathname
  await spyOnAlerts(page.context())
  await subscribeWithoutService(page)
  await openPreferences(page)
  await onThisDevice(page).click()
  await expect(onThisDevice(page)).toBeChecked()
  await dialog(page).getByRole('button', { name: 'Done' }).click()

  const [worker] = page.context().serviceWorkers()
  if (!worker) throw new Error('There is no worker.')
  const { shown, clickNewest } = await watchShown(worker)
  const said = { body: 'Are you there?', url: path, tag: `room:${path}` }
  await pushTo(page, { ...said, title: grace.name })
  await pushTo(page, { ...said, title: `${grace.name}: 2 new messages` })
  await expect
    .poll(async () => (await shown()).map(({ title }) => title))
    .toEqual([grace.name, `${grace.name}: 2 new messages`])
  for (const { options } of await shown()) expect(options).toMatchObject({ tag: said.tag, body: said.body })

  await page.evaluate(() => Object.assign(window, { isSamePage: true }))
  await clickNewest()
  await expect(page).toHaveURL(new RegExp(`${path}$`))
  await expect(ada.chat.composer(grace.name)).toBeVisible()
  expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true)
})

for (const { colorScheme, width, browser } of looks) {
  test(`the choices of what is pushed pass axe and fit: ${colorScheme}, ${width} px`, async ({ openBrowser }) => {
    const { page } = await newcomer(openBrowser, 'Ada', browser)
    await spyOnAlerts(page.context()) // in which a person may be asked
    await openPreferences(page)
    const opener = dialog(page).getByRole('button', { name: 'Choose what is pushed' })
    await opener.scrollIntoViewIfNeeded()
    await expectWellMade(page)
    await page.screenshot({ path: `reports/push-${colorScheme}-${width}.png` })
    await opener.click()
    const group = dialog(page).getByRole('group', { name: 'While Tandem is closed' })
    await group.getByRole('switch', { name: 'Warning' }).click()
    await expect(group.getByRole('switch', { name: 'Warning' })).not.toBeChecked()
    const chosen = async () => (await (await page.request.get('/api/notifications/preferences')).json()).kinds.warning
    await expect.poll(chosen).toMatchObject({ bell: true, push: false })
    await expectWellMade(page)
    await page.screenshot({ path: `reports/push-open-${colorScheme}-${width}.png` })
  })
}
