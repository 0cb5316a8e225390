import type { Readable } from 'node:stream'
import type { Agent } from 'undici'
import { limits } from '@/contracts/limits'
import type { WebhookSender } from '@/services/webhooks/ports'
import { createGuardedAgent, type ResolveName } from '../http/guardedAgent'
import { type AddressRules, refusalOf } from '../http/outgoingAddress'
import { signatures } from './signature'

/** How long the beginning of what is answered may take after its status, in milliseconds. */
const BODY_MS = 2_000

/** Sends signed requests and keeps the beginning of what is answered. Redirects are answers like others. */
export class HttpWebhookSender implements WebhookSender {
  private readonly agent: Agent

  constructor(
    private readonly undici: typeof import('undici'),
    private readonly rules: AddressRules,
    resolveName?: ResolveName,
  ) {
    this.agent = createGuardedAgent(undici, rules.allowPrivate, resolveName)
  }

  async send(
    { url, secrets, eventId, body }: Parameters<WebhookSender['send']>[0],
    signal: AbortSignal,
  ): Promise<{ status: number; body: string }> {
    const refusal = refusalOf(url, this.rules)
    if (refusal !== null) throw new Error(refusal)
    const seconds = Math.floor(Date.now() / 1_000)
    const response = await this.undici.request(url, {
      method: 'POST',
      dispatcher: this.agent,
      signal,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Tandem-Webhooks/1',
        'webhook-id': eventId,
        'webhook-timestamp': String(seconds),
        'webhook-signature': signatures(secrets, eventId, seconds, body),
      },
      body,
    })
    return { status: response.statusCode, body: await beginningOf(response.body) }
  }

  close(): Promise<void> {
    return this.agent.destroy()
  }
}

/** However much comes, and however slowly: the status stands, and what is too much ends the connection. */
async function beginningOf(body: Readable): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  const timer = setTimeout(() => body.destroy(), BODY_MS)
  try {
    for await (const part of body) {
      parts.push(part)
      bytes += part.length
      if (bytes >= limits.keptAnswerBytes) break // which ends it
    }
  } catch {
    // It broke off, or its time was up.
  } finally {
    clearTimeout(timer)
  }
  const text = Buffer.concat(parts).subarray(0, limits.keptAnswerBytes).toString('utf8')
  return text.replaceAll('\u0000', '\ufffd')
}
