import { expect, test } from 'vitest'
import { ClearedIds } from '@/client/notifications/ClearedIds'
import { NotificationStore, type NotificationStoreDeps } from '@/client/notifications/NotificationStore'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import { createLocalText } from '@/client/runtime/localText'
import type { Notification, NotificationsPage } from '@/contracts/notifications'
import { settled, TestClock } from '../support/TestClock'
import { playedTransport, testRuntime } from '../support/testRuntime'

const me = 'me'
const pageSize = 2

/** The person's notifications as the server has them, and a page whose requests are answered when the test says so. */
class Scene {
  readonly clock = new TestClock()
  private readonly table: Notification[] = []
  private version = 0
  /** Requests on their way: each was read from the table when it was asked, and arrives, or fails, later. */
  readonly underWay: { arrive: () => void; fail: () => void }[] = []
  readonly heartbeat = new EventEmitter()
  private readonly changed = new EventEmitter()
  private isConnected = true
  private readonly listeners = new Map<string, (payload: unknown) => void>()
  readonly store: NotificationStore

  constructor() {
    const scene = this
    const link = {
      get connected() {
        return scene.isConnected
      },
      get downSince() {
        return scene.isConnected ? undefined : 0
      },
      changed: this.changed,
      connectedNow: new EventEmitter(),
      heartbeat: this.heartbeat,
      on: (event: string, listener: (payload: unknown) => void) => {
        this.listeners.set(event, listener)
        return () => {}
      },
    }
    this.store = new NotificationStore(testRuntime({ clock: this.clock }), {
      // The events carry what the contract says.
      link: link as NotificationStoreDeps['link'],
      transport: playedTransport(async ({ name }, input) => {
        if (name === 'ping') return { notifications: { version: this.version, unread: this.unread } }
        return this.list((input as { cursor?: string }).cursor) // the others ask for lists
      }),
      cleared: new ClearedIds(
        me,
        createLocalText(() => undefined),
      ),
    })
  }

  disconnect(): void {
    this.isConnected = false
    this.changed.emit()
  }

  /** Creates one. `tell`: its event arrives; else it is lost. */
  create(title: string, { tell }: { tell: boolean }): void {
    const second = String(this.table.length).padStart(2, '0')
    const notification: Notification = {
      ...{ id: title, title, message: '', type: 'info', status: 'unread', userId: me },
      createdAt: `2026-01-01T00:00:${second}.000Z`,
    }
    this.version += 1
    this.table.unshift(notification)
    if (tell) this.listeners.get('newNotification')?.(notification)
  }

  /** The oldest request that is on its way arrives. */
  async arrive(): Promise<void> {
    this.underWay.shift()?.arrive()
    await settled()
  }

  async fail(): Promise<void> {
    this.underWay.shift()?.fail()
    await settled()
  }

  async arriveAll(): Promise<void> {
    while (this.underWay.length > 0) await this.arrive()
  }

  titles(): string[] {
    return this.store.view.getSnapshot().notifications.map(({ title }) => title)
  }

  /** All that are unread are read, on another device. */
  readAll(): void {
    this.version += 1
    for (const [i, notification] of this.table.entries()) this.table[i] = { ...notification, status: 'read' }
    const upTo = this.table[0]?.createdAt ?? ''
    this.listeners.get('notificationsRead')?.({ version: this.version, upTo })
  }

  private get unread(): number {
    return this.table.filter(({ status }) => status === 'unread').length
  }

  /** A page as the table is now; the cursor is how many come before. */
  private list(cursor = '0'): Promise<NotificationsPage> {
    const end = Number(cursor) + pageSize
    const answer = {
      notifications: this.table.slice(Number(cursor), end),
      nextCursor: end < this.table.length ? String(end) : null,
      unread: this.unread,
      version: this.version,
    }
    return new Promise((resolve, reject) => {
      this.underWay.push({ arrive: () => resolve(answer), fail: () => reject(new Error('The network is away.')) })
    })
  }
}

test('an event that comes while a page is on its way is shown', async () => {
  const scene = new Scene()
  scene.store.start()
  await settled()
  scene.create('heard', { tell: true })

  await scene.arriveAll()

  expect(scene.titles()).toEqual(['heard'])
})

test('a page that misses nothing is asked for once, though heads are compared meanwhile', async () => {
  const scene = new Scene()
  scene.create('there', { tell: false })
  scene.store.start()
  scene.heartbeat.emit()
  await settled()

  await scene.arrive()

  expect(scene.titles()).toEqual(['there'])
  expect(scene.underWay).toHaveLength(0)
})

test('heads that tell of a change make the page read what is the case now, not what a request under way has found', async () => {
  const scene = new Scene()
  scene.store.start()
  await settled()
  scene.create('lost', { tell: false })

  scene.heartbeat.emit()
  await settled()
  await scene.arriveAll()

  expect(scene.titles()).toEqual(['lost'])
})

test('an event is not forgotten because something else asks for a page after it', async () => {
  const scene = new Scene()
  scene.store.start()
  await settled()
  scene.create('heard', { tell: true })
  scene.disconnect()
  scene.store.shown()

  await scene.arriveAll()

  expect(scene.titles()).toEqual(['heard'])
})

test('an event that comes while the person tries again is shown', async () => {
  const scene = new Scene()
  scene.store.start()
  await settled()
  await scene.arrive()
  const reload = scene.store.reload()
  await settled()
  scene.create('heard', { tell: true })

  await scene.arriveAll()
  await reload

  expect(scene.titles()).toEqual(['heard'])
})

test('while there is no live connection, an event of another way is not overwritten by the page that a poll asked for', async () => {
  const scene = new Scene()
  scene.store.start()
  await settled()
  await scene.arrive()
  scene.disconnect()
  scene.create('polled', { tell: false })
  await scene.clock.pass(10_000) // asks whether anything changed
  await scene.arrive()
  scene.create('heard', { tell: true })

  await scene.arriveAll()

  expect(scene.titles()).toEqual(['heard', 'polled'])
})

test('a failed request is made again, and only one at a time', async () => {
  const scene = new Scene()
  scene.store.start()
  scene.store.shown()
  await settled()
  expect(scene.underWay).toHaveLength(1)

  await scene.fail()
  scene.create('later', { tell: false })
  for (let i = 0; i < 3; i++) scene.heartbeat.emit()
  await scene.clock.pass(60_000)
  expect(scene.underWay).toHaveLength(1)
  await scene.arriveAll()

  expect(scene.titles()).toEqual(['later'])
})

test('a wait after failures ends as soon as the server answers something else', async () => {
  const scene = new Scene()
  scene.store.start()
  await settled()
  for (let failures = 0; failures < 8; failures++) {
    await scene.fail()
    await scene.clock.pass(30_000)
  }
  await scene.fail()
  expect(scene.underWay).toHaveLength(0)
  scene.create('lost', { tell: false })

  scene.heartbeat.emit()
  await settled()
  await scene.arriveAll()

  expect(scene.titles()).toEqual(['lost'])
})

test('an older page that was read before a change is read again', async () => {
  const scene = new Scene()
  for (const title of ['a', 'b', 'c', 'd']) scene.create(title, { tell: false })
  scene.store.start()
  await settled()
  await scene.arrive()
  const more = scene.store.loadMore('all')
  await settled()
  scene.readAll()

  await scene.arriveAll()
  await more

  const { notifications, unread } = scene.store.view.getSnapshot()
  expect(notifications.map(({ title, status }) => `${title} ${status}`)).toEqual([
    'd read',
    'c read',
    'b read',
    'a read',
  ])
  expect(unread).toBe(0)
})
