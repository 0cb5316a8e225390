import { keepShell, keptFile, page } from './shell'

declare const self: ServiceWorkerGlobalScope

// The build puts its own mark into this file, so that browsers find a new version and install it.
self.addEventListener('install', (event) => event.waitUntil(keepShell().then(() => self.skipWaiting())))
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

// Whatever is not answered here goes its usual way: answers of the API are seen and kept by nobody.
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate' && !pathname.startsWith('/api/')) event.respondWith(page(request))
  else if (pathname.startsWith('/_next/static/')) event.respondWith(keptFile(request))
})
