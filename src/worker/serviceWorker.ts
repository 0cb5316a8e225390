import { open, renew, show } from './push'
import { keepCurrent, keepShell, keptFile, page } from './shell'

declare const self: ServiceWorkerGlobalScope
/** The build puts its own mark here: so browsers find a new version and install it. */
declare const TANDEM_BUILD: string

self.addEventListener('install', (event) => event.waitUntil(keepShell(TANDEM_BUILD).then(() => self.skipWaiting())))
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

// Whatever is not answered here goes its usual way: answers of the API are seen and kept by nobody.
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate' && !pathname.startsWith('/api/')) {
    const answer = page(request)
    event.respondWith(answer)
    event.waitUntil(answer.then((shown) => keepCurrent(shown, TANDEM_BUILD)))
  } else if (pathname.startsWith('/_next/static/')) event.respondWith(keptFile(request))
})

self.addEventListener('push', (event) => event.waitUntil(show(event.data)))
self.addEventListener('notificationclick', (event) => event.waitUntil(open(event.notification)))
self.addEventListener('pushsubscriptionchange', (event) => {
  // Its types know no more than that something happened; some browsers say no more either.
  const { oldSubscription = null, newSubscription = null } = event as Event & {
    oldSubscription?: PushSubscription | null
    newSubscription?: PushSubscription | null
  }
  ;(event as ExtendableEvent).waitUntil(renew(oldSubscription, newSubscription))
})
