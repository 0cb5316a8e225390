import { expect, test } from 'vitest'
import { MailService, type MailServiceDeps } from '@/services/mail/MailService'
import type { Posting } from '@/services/mail/ports'

const user = { id: 'u', name: 'Zoe', email: 'zoe@example.com', role: 'user', permissions: [] } as const
const known = { user: { ...user, permissions: [] }, passwordHash: null, isDisabled: false }

const askedAt = '2026-01-01T12:00:00.000Z'

async function resetOf(deps: Partial<MailServiceDeps>): Promise<Posting | undefined> {
  const sent: Posting[] = []
  const service = new MailService({
    users: { byEmail: async () => known, byId: async () => known },
    accounts: { ofUser: async () => ({ email: 'zoe@google.test' }) },
    resets: { begin: async () => true },
    mailer: {
      async send(posting) {
        sent.push(posting)
        return 'sent'
      },
    },
    ...{ publicUrl: 'https://chat.example.com', hasGoogle: true },
    ...deps,
  })
  await service.send('id', { kind: 'reset', email: 'zoe@example.com', secret: 'secret', askedAt })
  return sent[0]
}

test('who signs in with Google and has no password is told so, and gets no link', async () => {
  const posting = await resetOf({})
  expect(posting).toMatchObject({ to: 'zoe@example.com', subject: 'Sign in with Google' })
  expect(posting?.text).not.toContain('#token')
})

test.each([
  ['where there is no sign-in with Google any more', { hasGoogle: false }],
  ['where nothing is linked', { accounts: { ofUser: async () => null } }],
])('%s they get a link, since nothing else lets them in', async (_, deps) => {
  expect((await resetOf(deps))?.text).toContain('https://chat.example.com/reset#token=secret')
})

test('a link ends half an hour after it was asked for, however late it is sent; where it is over, nothing is', async () => {
  const ends: string[] = []
  const begin = async (_: string, __: string, expiresAt: Date) => {
    ends.push(expiresAt.toISOString())
    return false
  }
  expect(await resetOf({ hasGoogle: false, resets: { begin } })).toBeUndefined()
  expect(ends).toEqual(['2026-01-01T12:30:00.000Z'])
})

test('a disabled account gets nothing', async () => {
  const disabled = { ...known, isDisabled: true }
  expect(await resetOf({ users: { byEmail: async () => disabled, byId: async () => disabled } })).toBeUndefined()
})
