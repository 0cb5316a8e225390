import { expect, test, vi } from 'vitest'
import { AuditRetention } from '@/services/audit/AuditRetention'
import type { AuditStore } from '@/services/audit/ports'
import { recordingLogger } from '../../../support/recordingLogger'

function start(purge: AuditStore['purge']) {
  const { logger, entries } = recordingLogger()
  return { retention: new AuditRetention({ store: { purge }, retentionDays: 90, logger }), entries }
}

test('goes on until nothing old is left', async () => {
  const left = [2_000, 2_000, 7, 0]
  const purge = vi.fn<AuditStore['purge']>(async () => left.shift())
  const { retention, entries } = start(purge)
  await retention.run()
  expect(purge).toHaveBeenCalledTimes(4)
  expect(purge).toHaveBeenCalledWith(90, 2_000)
  expect(entries).toMatchObject([{ level: 'info', fields: { count: 4_007 } }])
})

test('leaves it to another process that is at it', async () => {
  const purge = vi.fn<AuditStore['purge']>(async () => undefined)
  await start(purge).retention.run()
  expect(purge).toHaveBeenCalledOnce()
})

test('a database that does not answer costs a warning', async () => {
  const { retention, entries } = start(async () => Promise.reject(new Error('away')))
  await retention.run()
  expect(entries).toMatchObject([{ level: 'warn' }])
})

test('stops between two steps when the process does', async () => {
  const { promise, resolve } = withResolvers<number>()
  const purge = vi.fn<AuditStore['purge']>(() => promise)
  const { retention } = start(purge)
  retention.start()
  const stopped = retention.stop()
  resolve(2_000)
  await stopped
  expect(purge).toHaveBeenCalledOnce()
})

function withResolvers<T>() {
  let resolve = (_: T): void => {}
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
