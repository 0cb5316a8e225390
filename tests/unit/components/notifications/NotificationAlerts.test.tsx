// @vitest-environment jsdom
import { render } from '@testing-library/react'
import { AppRouterContext } from 'next/dist/shared/lib/app-router-context.shared-runtime'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { NotificationAlerts } from '@/components/notifications/NotificationAlerts'
import { alertKinds, type NotificationPreferences } from '@/contracts/preferences'
import { choices } from '../../../support/choices'
import { notification, openPage, untilShown } from '../../hooks/support/openPage'

const preferences: NotificationPreferences = {
  kinds: Object.fromEntries(alertKinds.map((kind) => [kind, choices()])) as NotificationPreferences['kinds'], // one for each
  topics: {},
  quietHours: { enabled: false, from: '22:00', to: '07:00' },
}

/** What the browser shows, by whom. */
let shown: [by: 'page' | 'worker', title: string, tag: string | undefined][]
let worker: { active: object | null }

beforeEach(() => {
  window.localStorage.clear()
  shown = []
  worker = { active: {} }
  class Shown {
    static permission = 'granted'
    constructor(title: string, { tag }: NotificationOptions = {}) {
      shown.push(['page', title, tag])
    }
  }
  vi.stubGlobal('isSecureContext', true)
  vi.stubGlobal('Notification', Shown)
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  const registration = {
    showNotification: async (title: string, { tag }: NotificationOptions) => void shown.push(['worker', title, tag]),
  }
  Object.defineProperty(navigator, 'serviceWorker', {
    configurable: true,
    value: Object.assign(new EventTarget(), { getRegistration: async () => ({ ...registration, ...worker }) }),
  })
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  Reflect.deleteProperty(navigator, 'serviceWorker')
})

const openHidden = async (push: boolean) => {
  const page = await openPage({ readPreferences: () => preferences })
  window.localStorage.setItem('tandem-notification-preferences-ada', JSON.stringify({ desktop: true, push }))
  const router = { push: () => {} }
  render(
    // Nothing else of it is used.
    <AppRouterContext value={router as never}>
      <NotificationAlerts listIsOpen={false} onOpen={() => {}} />
    </AppRouterContext>,
    { wrapper: page.wrapper },
  )
  await untilShown(() => page.client.socket.linkOf('/notifications')?.connected)
  return (id: string, more = {}) => page.emit('/notifications', 'newNotification', notification(id, more))
}

test('a hidden page shows what it hears of also where pushes come, and a push takes its place', async () => {
  const notify = await openHidden(true)
  notify('one')
  await untilShown(() => shown.length === 1)
  notify('two', { topic: 'news' })
  await untilShown(() => shown.length === 2)
  notify('three', { link: '/chat/r?at=3' })
  await untilShown(() => shown.length === 3)
  expect(shown).toEqual([
    ['worker', 'one', 'notification:one'],
    ['worker', 'two', 'topic:news'],
    ['worker', 'three', 'room:r'],
  ])
})

test('without a worker, or where none are pushed, the page itself shows it', async () => {
  worker = { active: null }
  const notify = await openHidden(true)
  notify('one')
  await untilShown(() => shown.length === 1)
  expect(shown).toEqual([['page', 'one', 'notification:one']])
})
