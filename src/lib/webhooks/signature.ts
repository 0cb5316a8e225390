import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'

/** As Standard Webhooks wants them: 24 to 64 random bytes. */
export const makeWebhookSecret = (): string => PREFIX + randomBytes(32).toString('base64')

/** The header `webhook-signature` of Standard Webhooks: one signature for each secret. */
export const signatures = (secrets: readonly string[], id: string, seconds: number, body: string): string =>
  secrets.map((secret) => `v1,${signatureOf(secret, `${id}.${seconds}.${body}`)}`).join(' ')

const signatureOf = (secret: string, content: string): string =>
  createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64'))
    .update(content)
    .digest('base64')
