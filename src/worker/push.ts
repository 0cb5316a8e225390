import type { PushPayload } from '@/contracts/push'

declare const self: ServiceWorkerGlobalScope

/** What a page is asked when a notification was clicked; it answers that it does. */
export interface OpenRequest {
  open: string
}

const SUBSCRIPTIONS = '/api/push/subscriptions'
const OWN_ICON = '/icon.svg'
/** A page that does not answer for this long is frozen, or not one of the app's. */
const ANSWER_MS = 1_000

/** From the server, encrypted for this browser alone; a server of another version may say other things. */
function payloadOf(data: PushMessageData | null): PushPayload {
  const said: Partial<PushPayload> = data?.json() ?? {}
  const { title = 'Tandem', body = '', url = '/notifications', tag = 'tandem', icon = OWN_ICON } = said
  return { title, body, url, tag, icon }
}

/** Shows it, in place of what was shown of the same conversation. A browser wants something shown for every push. */
export async function show(data: PushMessageData | null): Promise<void> {
  const { title, tag, url, ...options } = payloadOf(data)
  // Rings each time: the newest is what one has not heard of, unless a page that is open has just shown it.
  const before = await self.registration.getNotifications({ tag })
  const renotify = !before.some(({ data }) => data?.byPage)
  // Missing in the types.
  const shown: NotificationOptions & { renotify: boolean } = { ...options, tag, renotify, data: { url } }
  await self.registration.showNotification(title, shown)
}

/** Opens what it is about: in a page that is open, which keeps what is being written there, else in a new one. */
export async function open(notification: Notification): Promise<void> {
  notification.close()
  const { url }: { url?: string } = notification.data ?? {}
  const target = new URL(url ?? '/', self.location.origin)
  if (target.origin !== self.location.origin) return
  const path = target.pathname + target.search
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const [page] = pages.toSorted((one, other) => Number(other.focused) - Number(one.focused))
  if (page) {
    const isHere = new URL(page.url).pathname === target.pathname && target.search === ''
    // First: a browser allows it for a moment after the click.
    await page.focus().catch(() => undefined)
    if (isHere || (await isOpenedBy(page, path))) return
  }
  await self.clients.openWindow(path)
}

function isOpenedBy(page: WindowClient, path: string): Promise<boolean> {
  const { port1, port2 } = new MessageChannel()
  const request: OpenRequest = { open: path }
  page.postMessage(request, [port2])
  return new Promise((resolve) => {
    port1.onmessage = () => resolve(true)
    setTimeout(() => resolve(false), ANSWER_MS)
  })
}

/** The browser has another address from now on, or none: where it was told of things it still is. */
export async function renew(before: PushSubscription | null, now: PushSubscription | null): Promise<void> {
  const options = before?.options
  const next = now ?? (options && (await self.registration.pushManager.subscribe(options)))
  if (!next) return // the next page looks
  const answer = await fetch(SUBSCRIPTIONS, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(next),
  })
  // Nobody is signed in here any more.
  if (answer.status === 401) await next.unsubscribe()
}
