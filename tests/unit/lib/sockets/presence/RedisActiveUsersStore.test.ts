import { expect, test, vi } from 'vitest'
import { InMemoryActiveUsersStore } from '@/lib/sockets/presence/InMemoryActiveUsersStore'
import type { PresenceLeases } from '@/lib/sockets/presence/PresenceLeases'
import { RedisActiveUsersStore } from '@/lib/sockets/presence/RedisActiveUsersStore'
import type { ActiveUser, DepartedUser } from '@/services/presence/ports'
import { silentLogger } from '@/services/shared/Logger'
import { partOf } from '../../../support/partOf'

/** What Redis knows of Ada, beside what this process knows; that the two agree with a real Redis, integration tests hold. */
async function known(
  own: { connections?: string[]; away?: boolean; left?: boolean },
  leased: ActiveUser | DepartedUser | undefined,
) {
  const memory = new InMemoryActiveUsersStore()
  for (const id of own.connections ?? []) {
    await memory.addUser('ada', id)
    if (own.away) await memory.setAway('ada', id, true)
    if (own.left) await memory.removeUser('ada', id)
  }
  const store = new RedisActiveUsersStore({
    leases: partOf<PresenceLeases>({ read: async () => new Map(leased ? [['ada', leased]] : []) }),
    own: memory,
    link: { isUp: true, upForMs: 0 },
    logger: silentLogger,
  })
  return (await store.getUsers(['ada'])).get('ada')
}
const hereTab = { connections: ['tab'] }
const later = { leftAt: new Date(Date.now() + 60_000) }
const earlier = { leftAt: new Date(Date.now() - 60_000) }

test.each<
  [what: string, own: Parameters<typeof known>[0], leased: ActiveUser | DepartedUser | undefined, expected: unknown]
>([
  ['nothing anywhere', {}, undefined, undefined],
  ['connections here that Redis has lost', hereTab, undefined, { connections: ['tab'], away: false }],
  ['connections here though Redis says they left', hereTab, later, { connections: ['tab'], away: false }],
  ['connections elsewhere alone', {}, { connections: ['phone'], away: true }, { connections: ['phone'], away: true }],
  [
    'connections here and elsewhere, each once',
    hereTab,
    { connections: ['tab', 'phone'], away: false },
    { connections: ['tab', 'phone'], away: false },
  ],
  [
    'away here, and here only, though the lease is late to say so',
    { ...hereTab, away: true },
    { connections: ['tab'], away: false },
    { connections: ['tab'], away: true },
  ],
  [
    'away here but not elsewhere',
    { ...hereTab, away: true },
    { connections: ['tab', 'phone'], away: false },
    { connections: ['tab', 'phone'], away: false },
  ],
  [
    'away here and elsewhere',
    { ...hereTab, away: true },
    { connections: ['tab', 'phone'], away: true },
    { connections: ['tab', 'phone'], away: true },
  ],
  ['left here, elsewhere later', { ...hereTab, left: true }, later, later],
  [
    'left here, still elsewhere',
    { ...hereTab, left: true },
    { connections: ['phone'], away: false },
    { connections: ['phone'], away: false },
  ],
])('%s', async (_, own, leased, expected) => {
  expect(await known(own, leased)).toEqual(expected)
})

test('left here after elsewhere: the later departure counts', async () => {
  const before = Date.now()
  const departed = await known({ ...hereTab, left: true }, earlier)
  expect(departed && 'leftAt' in departed && departed.leftAt.getTime()).toBeGreaterThanOrEqual(before)
})

const storeOf = (link: { isUp: boolean; upForMs: number }, leases: Partial<PresenceLeases>) =>
  new RedisActiveUsersStore({
    leases: partOf<PresenceLeases>(leases),
    own: new InMemoryActiveUsersStore(),
    link,
    logger: silentLogger,
  })

test('while Redis is down memory answers, and Redis is not asked', async () => {
  const asked = vi.fn()
  const store = storeOf(
    { isUp: false, upForMs: 60_000 },
    { put: asked, drop: asked, read: asked, online: asked, expire: asked },
  )
  await store.addUser('ada', 'tab')
  await store.setAway('ada', 'tab', true)
  expect(await store.getUser('ada')).toEqual({ connections: ['tab'], away: true })
  expect(await store.getAllUsers()).toEqual(['ada'])
  expect(await store.isOnline('ada')).toBe(true)
  expect(await store.removeUser('ada', 'tab')).toBe('nowhere')
  await store.renew()
  expect(await store.takeExpired()).toEqual([])
  expect(asked).not.toHaveBeenCalled()
})

test('a Redis that does not answer costs nobody their presence', async () => {
  const fails = async () => Promise.reject(new Error('no answer'))
  const store = storeOf(
    { isUp: true, upForMs: 60_000 },
    { put: fails, drop: fails, read: fails, online: fails, expire: fails },
  )
  await store.addUser('ada', 'tab')
  expect(await store.getUser('ada')).toEqual({ connections: ['tab'], away: false })
  expect(await store.getAllUsers()).toEqual(['ada'])
  await store.renew()
  expect(await store.removeUser('ada', 'tab')).toBe('nowhere')
  expect(await store.takeExpired()).toEqual([])
})

test('after an outage everybody gets the time of a lease before anybody is told to be gone', async () => {
  const link = { isUp: true, upForMs: 44_999 }
  const store = storeOf(link, { expire: async () => ['ada'] })
  expect(await store.takeExpired()).toEqual([])
  link.upForMs = 45_000
  expect(await store.takeExpired()).toEqual(['ada'])
})
