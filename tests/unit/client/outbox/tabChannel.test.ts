import { expect, onTestFinished, test } from 'vitest'
import { createTabChannel } from '@/client/outbox/tabChannel'
import type { ChatMessage } from '@/contracts/chat'
import { waitFor } from '../../../support/waitFor'

test('tabs of one account hear of changes and acknowledgements, those of another do not', async () => {
  const message: ChatMessage = {
    id: 'm1',
    roomId: 'r1',
    seq: 1,
    rev: 1,
    senderId: 'me',
    clientId: 'c1',
    message: 'hello',
    createdAt: '2026-01-01T00:00:00.000Z',
  }
  const [mine, mineToo, foreign] = [createTabChannel('me'), createTabChannel('me'), createTabChannel('ada')]
  onTestFinished(() => {
    for (const channel of [mine, mineToo, foreign]) channel.close()
  })
  const heard: unknown[] = []
  mineToo.on((news) => heard.push(news))
  foreign.on(() => heard.push('foreign'))

  mine.post('changed')
  mine.post(message)
  mine.post({ limit: { blockedUntil: 1_000, remaining: undefined }, of: 'changes' })
  await waitFor(() => heard.length === 3)

  expect(heard).toEqual(['changed', message, { limit: { blockedUntil: 1_000, remaining: undefined }, of: 'changes' }])
})
