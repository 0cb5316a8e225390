import { describe, expect, test, vi } from 'vitest'
import { limits } from '@/contracts/limits'
import type { Notification, NotificationContent } from '@/contracts/notifications'
import { NotificationService } from '@/services/notifications/NotificationService'
import type { CreateWork, Idempotency, NotificationRepository } from '@/services/notifications/ports'
import type { Change } from '@/services/shared/changes'
import { partOf } from '../../support/partOf'
import { ada } from '../../support/sessionUsers'

const then = '2026-01-01T00:00:00.000Z'
const content: NotificationContent = { title: 'Hello', message: 'There is news.', type: 'info' }
const made = (userId: string): Notification => ({
  id: `of-${userId}`,
  userId,
  status: 'unread',
  createdAt: then,
  ...content,
})

/** Makes one for everybody but for those it does not know. */
const creates = (...unknown: string[]) =>
  vi.fn(async (userIds: readonly string[], _: NotificationContent) =>
    userIds.filter((id) => !unknown.includes(id)).map(made),
  )

/** Remembers the answer of each key, as the database does. */
function createIdempotency(repository: NotificationRepository): Idempotency {
  const answers = new Map<string, Awaited<ReturnType<CreateWork>>>()
  return {
    async once(key, _request, work) {
      const known = answers.get(key)
      if (known) return { answer: known, first: false }
      const answer = await work(repository)
      answers.set(key, answer)
      return { answer, first: true }
    },
  }
}

function create(methods: Partial<NotificationRepository>) {
  const published: Change[] = []
  const notifications = partOf<NotificationRepository>(methods)
  const service = new NotificationService({
    notifications,
    idempotency: createIdempotency(notifications),
    publish: (change) => published.push(change),
  })
  return { service, published }
}

describe('creating', () => {
  test('one for a person is stored, published to them and answered by its id', async () => {
    const make = creates()
    const { service, published } = create({ create: make })
    expect(await service.create({ userId: 'ada', ...content })).toEqual({ count: 1, ids: ['of-ada'] })
    expect(make).toHaveBeenCalledExactlyOnceWith(['ada'], content)
    expect(published).toEqual([{ type: 'notification', notification: made('ada') }])
  })

  test('one for a person who does not exist is NOT_FOUND, and nothing is published', async () => {
    const { service, published } = create({ create: creates('nobody') })
    await expect(service.create({ userId: 'nobody', ...content })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(published).toEqual([])
  })

  test('one for several goes once to each that exists, in one order for all requests', async () => {
    const make = creates('nobody')
    const { service, published } = create({ create: make })
    const answer = await service.create({ userIds: ['linus', 'ada', 'nobody', 'ada'], ...content })
    expect(answer).toEqual({ count: 2, ids: ['of-ada', 'of-linus'] })
    expect(make).toHaveBeenCalledExactlyOnceWith(['ada', 'linus', 'nobody'], content)
    expect(published).toHaveLength(2)
  })

  test('one for a topic goes to those who follow it, if any', async () => {
    const followers = vi.fn(async (topic: string) => (topic === 'news' ? ['ada', 'grace'] : []))
    const { service } = create({ create: creates(), followers })
    expect(await service.create({ topic: 'news', ...content })).toEqual({ count: 2, ids: ['of-ada', 'of-grace'] })
    expect(await service.create({ topic: 'silence', ...content })).toEqual({ count: 0, ids: [] })
  })

  test('many people are written a thousand at a time, and the answer names no more ids than allowed', async () => {
    const make = creates()
    const { service } = create({ create: make })
    const userIds = Array.from({ length: 2_500 }, (_, i) => `person-${i}`)
    const answer = await service.create({ userIds, ...content })
    expect(make.mock.calls.map(([people]) => people.length)).toEqual([1_000, 1_000, 500])
    expect(answer.count).toBe(2_500)
    expect(answer.ids).toHaveLength(Math.min(2_500, limits.notificationIds))
  })

  test('the same request again, by its key, answers the same, creates nothing and tells nobody', async () => {
    const make = creates()
    const { service, published } = create({ create: make })
    const first = await service.create({ userId: 'ada', ...content }, 'key-1')
    expect(await service.create({ userId: 'ada', ...content }, 'key-1')).toEqual(first)
    expect(make).toHaveBeenCalledOnce()
    expect(published).toHaveLength(1)
  })
})

describe('one notification', () => {
  test('that is marked is published when it changed, and answered either way', async () => {
    const setStatus = vi.fn<NotificationRepository['setStatus']>()
    setStatus.mockResolvedValueOnce({ changed: true })
    setStatus.mockResolvedValueOnce({ changed: false })
    const { service, published } = create({ setStatus })
    expect(await service.setRead(ada, 'n1', true)).toEqual({ id: 'n1', read: true })
    expect(await service.setRead(ada, 'n1', false)).toEqual({ id: 'n1', read: false })
    expect(setStatus.mock.calls).toEqual([
      ['ada', 'n1', 'read'],
      ['ada', 'n1', 'unread'],
    ])
    expect(published).toEqual([{ type: 'notificationUpdated', userId: 'ada', update: { id: 'n1', read: true } }])
  })

  test('that is deleted is published', async () => {
    const { service, published } = create({ delete: async () => true })
    expect(await service.delete(ada, 'n1')).toEqual({ id: 'n1' })
    expect(published).toEqual([{ type: 'notificationDeleted', userId: 'ada', id: 'n1' }])
  })

  test('that is not one’s own cannot be marked or deleted', async () => {
    const { service, published } = create({ setStatus: async () => null, delete: async () => false })
    await expect(service.setRead(ada, 'n9', true)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(service.delete(ada, 'n9')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(published).toEqual([])
  })
})

describe('all of them', () => {
  test('are read, or cleared, and told as one change with the version it made', async () => {
    const { service, published } = create({
      markAllRead: async () => ({ count: 2, version: 5, upTo: then }),
      clear: async () => ({ ids: ['n1', 'n2'], version: 6, upTo: then }),
    })
    expect(await service.markAllRead(ada)).toEqual({ count: 2, version: 5 })
    expect(await service.clear(ada)).toEqual({ ids: ['n1', 'n2'], version: 6 })
    expect(published).toEqual([
      { type: 'notificationsRead', userId: 'ada', swept: { version: 5, upTo: then } },
      { type: 'notificationsCleared', userId: 'ada', swept: { version: 6, upTo: then } },
    ])
  })

  test('when there are none, nothing is told', async () => {
    const { service, published } = create({
      markAllRead: async () => ({ count: 0, version: 5, upTo: null }),
      clear: async () => ({ ids: [], version: 5, upTo: null }),
    })
    await service.markAllRead(ada)
    await service.clear(ada)
    expect(published).toEqual([])
  })

  test('are listed as asked, of the asking person', async () => {
    const page = { notifications: [made('ada')], nextCursor: null, unread: 1, version: 1 }
    const list = vi.fn(async () => page)
    const { service } = create({ list })
    expect(await service.list(ada, { limit: 20, status: 'unread' })).toEqual(page)
    expect(list).toHaveBeenCalledWith('ada', { limit: 20, status: 'unread' })
  })
})

test('a person follows a topic and stops to; one that is closed to them, or one too many, is refused', async () => {
  const { service } = create({
    subscribe: async (userId, topic) => {
      if (topic === 'closed' || topic === 'full') return topic
      return [userId, topic]
    },
    unsubscribe: async () => [],
  })
  expect(await service.subscribe(ada, 'news')).toEqual({ topics: ['ada', 'news'] })
  expect(await service.unsubscribe(ada, 'news')).toEqual({ topics: [] })
  await expect(service.subscribe(ada, 'full')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(service.subscribe(ada, 'closed')).rejects.toMatchObject({ code: 'FORBIDDEN' })
})
