import { AppError } from '@/contracts/errors'
import { pushCommands } from '@/contracts/push'
import { WORKER_PATH } from '@/contracts/shell'
import type { Transport } from '../transport/Transport'

/** `insecure`: the page is served over plain http. `unset`: this installation sends none. `denied`: the browser blocks them. */
export type PushSupport = 'insecure' | 'unsupported' | 'unset' | 'denied' | 'possible'

/** What the browser says, which asks nobody anything. */
function browserSupport(): Exclude<PushSupport, 'unset'> {
  if (!window.isSecureContext) return 'insecure'
  if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window)) return 'unsupported'
  return Notification.permission === 'denied' ? 'denied' : 'possible'
}

/** Push notifications in this browser. Its code comes with what shows it, or where they are on. */
export class PushDevice {
  constructor(private readonly transport: Transport) {}

  async support(): Promise<PushSupport> {
    const support = browserSupport()
    return support === 'possible' && (await this.publicKey()) === null ? 'unset' : support
  }

  /** Asks the person, where the browser has not yet: to be called by their click. False: they do not want it. */
  async switchOn(): Promise<boolean> {
    if ((await Notification.requestPermission()) !== 'granted') return false
    await this.subscribe()
    return true
  }

  async switchOff(): Promise<void> {
    const { pushManager } = await registration()
    const subscription = await pushManager.getSubscription()
    if (!subscription) return
    await subscription.unsubscribe()
    await this.transport.call(pushCommands.unsubscribeFromPush, { endpoint: subscription.endpoint })
  }

  /** Where it was switched on: the server may not know of it any more, or the browser has another address by now. */
  async keep(): Promise<void> {
    if (browserSupport() === 'possible' && Notification.permission === 'granted') await this.subscribe()
  }

  private async subscribe(): Promise<void> {
    const publicKey = await this.publicKey()
    if (publicKey === null) throw new AppError('NOT_FOUND', { message: 'This server sends no push notifications.' })
    const { pushManager } = await registration()
    const key = bytesOf(publicKey)
    const existing = await pushManager.getSubscription()
    // Of other keys, which the server has no more.
    if (existing && !isSame(existing.options.applicationServerKey, key)) await existing.unsubscribe()
    const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
    const { keys: { p256dh = '', auth = '' } = {} } = subscription.toJSON()
    const { endpoint } = subscription
    await this.transport.call(pushCommands.subscribeToPush, { endpoint, keys: { p256dh, auth } })
  }

  private async publicKey(): Promise<string | null> {
    return (await this.transport.call(pushCommands.readPushKey, {})).publicKey
  }
}

async function registration(): Promise<ServiceWorkerRegistration> {
  await navigator.serviceWorker.register(WORKER_PATH)
  return navigator.serviceWorker.ready
}

const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))

const isSame = (one: ArrayBuffer | null, other: Uint8Array): boolean =>
  one !== null && String(new Uint8Array(one)) === String(other)
