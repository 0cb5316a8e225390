import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { closeUnlessAlive, type EngineConnection } from '@/lib/sockets/frontDoor/engine'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** As much of a connection as is asked here. */
class FakeConnection extends EventEmitter {
  readonly transport = { name: 'websocket' }
  readonly sent: string[] = []
  sendPacket = (type: string) => void this.sent.push(type)
  close = vi.fn(() => void this.emit('close'))
}

const ask = (connection: FakeConnection) => closeUnlessAlive(connection as unknown as EngineConnection, 2_000) // as above

test('a connection from which anything comes is left alone, and nothing is left on it', async () => {
  const connection = new FakeConnection()
  for (let i = 0; i < 20; i += 1) {
    const asked = ask(connection)
    connection.emit('packet')
    await asked
  }
  await vi.advanceTimersByTimeAsync(5_000)
  expect(connection.sent).toEqual(Array.from({ length: 20 }, () => 'ping'))
  expect(connection.close).not.toHaveBeenCalled()
  expect(connection.listenerCount('packet') + connection.listenerCount('close')).toBe(0)
})

test('one from which nothing comes is closed, as soon as the time is over and not before', async () => {
  const connection = new FakeConnection()
  const asked = ask(connection)
  await vi.advanceTimersByTimeAsync(1_999)
  expect(connection.close).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(2)
  await asked
  expect(connection.close).toHaveBeenCalledOnce()
})

test('what came while this process was busy is read before anybody is given up', async () => {
  const connection = new FakeConnection()
  const asked = ask(connection)
  vi.advanceTimersToNextTimer() // the time is over
  connection.emit('packet') // and only then what had come long before is read
  await asked
  await vi.runAllTimersAsync()
  expect(connection.close).not.toHaveBeenCalled()
})

test('one that closes meanwhile is waited for no longer', async () => {
  const connection = new FakeConnection()
  const asked = ask(connection)
  connection.emit('close')
  await asked
  expect(connection.listenerCount('packet')).toBe(0)
})
