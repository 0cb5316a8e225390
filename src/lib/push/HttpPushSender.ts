import { createHash } from 'node:crypto'
import type { Agent } from 'undici'
import type { PushRequest, PushSender } from '@/services/push/ports'
import { createGuardedAgent } from '../http/guardedAgent'
import { type AddressRules, refusalOf } from '../http/outgoingAddress'
import type { VapidKeys } from './vapid'

/** RFC 8030: 32 characters of base64url at most. */
const TOPIC_LENGTH = 32
const MOST_RETRY_AFTER_S = 86_400

/** Encrypts what is said for its browser (RFC 8291), signs it as ours (VAPID) and hands it to the browser's push service. */
export class HttpPushSender implements PushSender {
  private readonly agent: Agent

  /** @param packages - loaded by whoever needs it: most processes send nothing. */
  constructor(
    private readonly packages: { undici: typeof import('undici'); webPush: typeof import('web-push') },
    private readonly vapid: VapidKeys & { subject: string },
    private readonly rules: AddressRules,
  ) {
    this.agent = createGuardedAgent(packages.undici, rules.allowPrivate)
  }

  async send(request: PushRequest, signal: AbortSignal) {
    const { endpoint } = request
    // As if it were gone: the rules were others when it was made, or nothing can be encrypted for it.
    const written = refusalOf(endpoint, this.rules) === null && this.written(request)
    if (!written) return { status: 410, retryAfterMs: undefined }
    const { body, headers } = written
    const response = await this.packages.undici.request(endpoint, {
      method: 'POST',
      dispatcher: this.agent,
      signal,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      body,
    })
    const seconds = Number(response.headers['retry-after'])
    await response.body.dump({ limit: 2_048 }).catch(() => {})
    return {
      status: response.statusCode,
      retryAfterMs: seconds > 0 && seconds <= MOST_RETRY_AFTER_S ? seconds * 1_000 : undefined,
    }
  }

  /** Null: the browser's keys are none. */
  private written({ endpoint, keys, payload, ttlSeconds, urgency }: PushRequest) {
    try {
      return this.packages.webPush.generateRequestDetails({ endpoint, keys }, JSON.stringify(payload), {
        vapidDetails: this.vapid,
        TTL: ttlSeconds,
        urgency,
        // Of what waits there for a browser that is away only the newest is kept.
        topic: createHash('sha256').update(payload.tag).digest('base64url').slice(0, TOPIC_LENGTH),
        contentEncoding: 'aes128gcm',
      })
    } catch {
      return null
    }
  }

  close(): Promise<void> {
    return this.agent.destroy()
  }
}
