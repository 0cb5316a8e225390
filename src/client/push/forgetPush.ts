import { switchOffPushes } from '../notifications/browserAlerts'

/**
 * Whoever was here is told nothing more by this browser, and nothing of theirs stays on its screen. The server forgets it with
 * the session; this is for what is on its way.
 */
export async function forgetPush(): Promise<void> {
  switchOffPushes(localStorage)
  // Missing where the page is served over plain http, whatever the types say.
  const { serviceWorker }: { serviceWorker?: ServiceWorkerContainer } = navigator
  const registration = await serviceWorker?.getRegistration()
  if (!registration) return
  const { pushManager }: { pushManager?: PushManager } = registration
  await (await pushManager?.getSubscription())?.unsubscribe()
  for (const shown of await registration.getNotifications()) shown.close()
}
