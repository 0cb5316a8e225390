import { expect, test } from 'vitest'
import { PresenceWebhooks } from '@/services/webhooks/PresenceWebhooks'
import { recordingLogger } from '../../../support/recordingLogger'

const lastSeen = '2026-01-01T00:00:00.000Z'

function presenceWebhooks(notePresence = async (_: string, __: { isOnline: boolean }) => {}) {
  const noted: string[] = []
  const wish = { isWanted: false }
  const { logger, lines } = recordingLogger()
  const queue = {
    wantsPresence: async () => wish.isWanted,
    notePresence: async (userId: string, presence: { isOnline: boolean }) => {
      noted.push(`${userId} ${presence.isOnline ? 'online' : 'offline'}`)
      await notePresence(userId, presence)
    },
  }
  return { webhooks: new PresenceWebhooks(queue, logger), wish, noted, lines }
}

test('nothing is asked of the database for whoever comes and goes while no webhook wants to know', async () => {
  const { webhooks, wish, noted } = presenceWebhooks()
  await webhooks.look()
  webhooks.note({ ada: { isOnline: true, lastSeen } })
  expect(noted).toEqual([])
  wish.isWanted = true
  await webhooks.look()
  webhooks.note({ ada: { isOnline: true, lastSeen } })
  expect(noted).toEqual(['ada online'])
})

test('being away is no going; who comes is told again, since another process may have told that they went', async () => {
  const { webhooks, wish, noted } = presenceWebhooks()
  wish.isWanted = true
  await webhooks.look()
  webhooks.note({ ada: { isOnline: true, lastSeen } })
  webhooks.note({ ada: { isOnline: true, lastSeen, away: true } })
  webhooks.note({ ada: { isOnline: true, lastSeen } })
  webhooks.note({ ada: { isOnline: false, lastSeen }, bob: { isOnline: true, lastSeen } })
  expect(noted).toEqual(['ada online', 'ada online', 'ada offline', 'bob online'])
})

test('a database that is away costs a warning', async () => {
  const { webhooks, wish, lines } = presenceWebhooks(() => Promise.reject(new Error('away')))
  wish.isWanted = true
  await webhooks.look()
  webhooks.note({ ada: { isOnline: true, lastSeen } })
  await expect.poll(() => lines).toEqual(['warn somebody came or went, and no webhook is told'])
})
