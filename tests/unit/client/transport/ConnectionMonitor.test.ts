import { expect, test } from 'vitest'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import { ConnectionMonitor, type ConnectionMonitorDeps } from '@/client/transport/ConnectionMonitor'
import { HttpReach } from '@/client/transport/HttpReach'
import { chatQueries } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { TestClock } from '../support/TestClock'
import { quietPage, testRuntime } from '../support/testRuntime'

/** A page whose connection, HTTP API, queue and network are as the test says. */
const scene = () => {
  const clock = new TestClock()
  const network = { online: true, changed: new EventEmitter() }
  const http = { fail: undefined as Error | undefined }
  const reach = new HttpReach({
    call: async () => {
      if (http.fail !== undefined) throw http.fail
      return undefined as never // nobody looks at the data
    },
  })
  const link = {
    connected: false,
    transport: undefined as string | undefined,
    failures: 0,
    downSince: clock.now() as number | undefined,
    problem: undefined as unknown,
    connectMs: undefined as number | undefined,
    reconnects: 0,
    changed: new EventEmitter(),
  }
  const outbox = { waiting: 0, storageWarning: undefined, changed: new EventEmitter<[string | undefined]>() }
  const page = { ...quietPage, isOnline: () => network.online, onChange: network.changed.on }
  const monitor = new ConnectionMonitor(testRuntime({ clock, page }), {
    link: link as unknown as ConnectionMonitorDeps['link'], // what the monitor looks at of it
    reach,
    outbox,
  })
  monitor.start()
  const become = (change: Partial<typeof link>) => {
    Object.assign(link, change)
    link.changed.emit()
  }
  const request = async (fail?: Error) => {
    http.fail = fail
    await reach.call(chatQueries.listRooms, {}).catch(() => undefined)
  }
  const seen: string[] = []
  monitor.view.subscribe(() => seen.push(monitor.view.getSnapshot().state))
  return { clock, network, become, request, outbox, seen, view: () => monitor.view.getSnapshot() }
}

test('it goes from live over reconnecting to HTTP, then offline, and back', async () => {
  const { clock, become, request, seen, view } = scene()
  expect(view().state).toBe('connecting')
  become({ connected: true, transport: 'websocket', downSince: undefined })
  become({ connected: false, transport: undefined, downSince: clock.now() })
  await request()
  await clock.pass(19_999)
  expect(view().state).toBe('reconnecting')
  await clock.pass(1)
  await request(new Error('no network'))
  await request(new AppError('OVERLOADED')) // a refusal is an answer
  become({ connected: true, transport: 'polling', downSince: undefined })

  expect(seen).toEqual(['connected', 'reconnecting', 'http', 'offline', 'http', 'polling'])
})

test('what was true of a network that is gone says nothing', async () => {
  const { network, request, become, view } = scene()
  become({ failures: 5 })
  await request()
  expect(view().state).toBe('http')

  network.online = false
  network.changed.emit()

  expect(view()).toMatchObject({ state: 'offline', problem: { category: 'network' } })
})

test('nobody hears of a change that is none', () => {
  const { become, outbox, seen, view } = scene()
  const before = view()
  become({ failures: 1 })
  outbox.changed.emit(undefined)
  expect(seen).toEqual([])
  expect(view()).toBe(before)

  outbox.waiting = 2
  outbox.changed.emit('room')

  expect([seen.length, view().queued]).toEqual([1, 2])
})
