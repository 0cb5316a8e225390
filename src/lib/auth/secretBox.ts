import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import type { SecretBox } from '@/services/users/ports'
import type { SessionTokenKeys } from './keyRing'

const CIPHER = 'aes-256-gcm'
const TAG_BYTES = 16

interface Key {
  /** Tells keys apart in what they sealed; says nothing of the key. */
  id: string
  bytes: Buffer
}

/** What is sealed; each has keys of its own. */
type Purpose = 'tandem second factor' | 'tandem webhook' | 'tandem mail'

function keyOf(secret: string, purpose: Purpose): Key {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', purpose, 32))
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes }
}

/**
 * Encrypts with keys derived from these secrets: the first seals, all open. What was sealed is `key id:nonce:text and tag`,
 * the latter two in base64url.
 */
export function createSecretBox(
  secrets: readonly [string, ...string[]],
  purpose: Purpose = 'tandem second factor',
): SecretBox & {
  /** Whether it was sealed by another key than the first. */
  isOld(sealed: string): boolean
} {
  const [first, ...others] = secrets
  const newest = keyOf(first, purpose)
  const keys = [newest, ...others.map((secret) => keyOf(secret, purpose))]
  return {
    seal(text) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv(CIPHER, newest.bytes, nonce)
      const box = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return [newest.id, nonce.toString('base64url'), box.toString('base64url')].join(':')
    },

    open(sealed) {
      const [id, nonce = '', text = ''] = sealed.split(':')
      const key = keys.find((known) => known.id === id)
      if (!key) return undefined
      const box = Buffer.from(text, 'base64url')
      const decipher = createDecipheriv(CIPHER, key.bytes, Buffer.from(nonce, 'base64url'))
      decipher.setAuthTag(box.subarray(-TAG_BYTES))
      return decipher.update(box.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    },

    isOld: (sealed) => !sealed.startsWith(`${newest.id}:`),
  }
}

const withTokenKeys =
  (purpose: Purpose) =>
  ([newest, ...older]: SessionTokenKeys) =>
    createSecretBox([newest.secret, ...older.map(({ secret }) => secret)], purpose)

/** The box of what webhooks are signed with; its keys go with those of the session tokens. */
export const createWebhookBox = withTokenKeys('tandem webhook')

/** Likewise, of mails that wait: they hold addresses, and links that open something. */
export const createMailBox = withTokenKeys('tandem mail')
