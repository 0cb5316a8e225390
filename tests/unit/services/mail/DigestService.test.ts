import { expect, test } from 'vitest'
import { alertKinds } from '@/contracts/preferences'
import { DigestService } from '@/services/mail/DigestService'
import type { DigestNote, DigestPerson, UnreadRoom } from '@/services/mail/digestPorts'
import { MailNotSent } from '@/services/mail/ports'
import { choices } from '../../../support/choices'

const now = new Date('2026-06-01T12:00:00Z')
const personOf = (id: string): DigestPerson => ({
  ...{ id, email: `${id}@example.com`, name: id, lastSeen: '2026-06-01T00:00:00Z', isClosed: false },
  ...{ claimedUntil: now, sentAt: null, toldAt: new Date(0), token: 't' },
})
const oldMessage: UnreadRoom = {
  ...{ roomId: 'r1', kind: 'direct', name: 'Grace', mutedUntil: undefined, lastSeq: 1, unread: 1 },
  ...{ oldestAt: new Date('2026-06-01T10:00:00Z'), newest: [{ name: 'Grace', text: 'Hello' }] },
}

/** Looks at these people, each with something to be mailed; `fails` may throw instead of sending. */
async function run(ids: string[], fails: (to: string) => void) {
  const waiting = ids.map(personOf)
  const noted = new Map<string, DigestNote>()
  const service = new DigestService({
    digests: {
      claim: async () => waiting.shift() ?? null,
      unread: async () => ({ rooms: [oldMessage], notifications: [] }),
      note: async ({ id }, note) => void noted.set(id, note),
    },
    preferencesOf: async () => ({
      kinds: Object.fromEntries(alertKinds.map((kind) => [kind, choices()])) as never, // one for each
      ...{ topics: {}, quietHours: { enabled: false, from: '22:00', to: '07:00' }, digest: 'hour' },
    }),
    presence: { of: async () => new Map() },
    mailer: {
      async send({ to }) {
        fails(to)
        return 'sent'
      },
    },
    ...{ publicUrl: 'https://chat.example.com', digestOf: (text) => text, now: () => now },
  })
  const failure = await service.sendDue(new AbortController().signal).catch((error: unknown) => error)
  return { failure, mailed: [...noted].filter(([, { isSent }]) => isSent).map(([id]) => id), left: waiting.length }
}

test('whoever cannot be looked at keeps nobody else waiting, and it is said afterwards', async () => {
  const broken = new Error('statement timeout')
  const ids = ['bad0', 'bad1', 'bad2', 'bad3', 'good0', 'good1']
  const ran = await run(ids, (to) => {
    if (to.startsWith('bad')) throw broken
  })
  expect(ran).toEqual({ failure: broken, mailed: ['good0', 'good1'], left: 0 })
})

test('a mail that was not taken is no failure of the job; a server that is away ends it', async () => {
  const refused = await run(['bad', 'good'], (to) => {
    if (to.startsWith('bad')) throw new MailNotSent(false, '554')
  })
  expect(refused).toEqual({ failure: undefined, mailed: ['good'], left: 0 })

  const away = new MailNotSent(true, 'ECONNECTION')
  const gone = await run(['a', 'b', 'c', 'd', 'e'], () => {
    throw away
  })
  expect(gone).toEqual({ failure: away, mailed: [], left: 2 })
})
