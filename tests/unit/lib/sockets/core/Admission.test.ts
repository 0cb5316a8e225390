import { expect, test } from 'vitest'
import { AppError } from '@/contracts/errors'
import { Admission } from '@/lib/sockets/core/Admission'

/** Handshakes that take until they are let go. */
function crowd(admission: Admission) {
  const letGo: (() => void)[] = []
  const enter = () => admission.run(() => new Promise<void>((resolve) => letGo.push(resolve)))
  const letAllGo = async (all: Promise<unknown>[]) => {
    await new Promise((resolve) => setImmediate(resolve))
    while (letGo.length > 0) {
      for (const go of letGo.splice(0)) go()
      await new Promise((resolve) => setImmediate(resolve)) // whose turn it is enters now
    }
    await Promise.all(all)
  }
  return { enter, letGo, letAllGo }
}

test('no more handshakes run at the same time than allowed, and all of them run', async () => {
  const { enter, letGo, letAllGo } = crowd(new Admission({ concurrency: 3, maxWaitMs: 1_000 }))
  const all = Array.from({ length: 10 }, enter)
  await new Promise((resolve) => setImmediate(resolve))
  expect(letGo).toHaveLength(3)
  await letAllGo(all)
})

test('who would wait too long is told when there is room, each at another time', async () => {
  const { enter, letAllGo } = crowd(new Admission({ concurrency: 2, maxWaitMs: 1_000 }))
  const all = Array.from({ length: 300 }, enter)
  const outcomes = Promise.allSettled(all)
  await letAllGo(all.map((entry) => entry.catch(() => {})))
  const refusals = (await outcomes).flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  expect(refusals.length).toBeGreaterThan(0)
  expect(refusals.every((error) => error instanceof AppError && error.code === 'OVERLOADED')).toBe(true)
  const hints = refusals.map((error: AppError) => error.retryAfterMs ?? 0)
  expect(Math.min(...hints)).toBeGreaterThanOrEqual(500)
  expect(new Set(hints).size).toBeGreaterThan(hints.length / 2)
})

test('a handshake that fails makes room for the next', async () => {
  const admission = new Admission({ concurrency: 1, maxWaitMs: 1_000 })
  const failing = admission.run(() => Promise.reject(new Error('no such session')))
  const next = admission.run(async () => 'in')
  await expect(failing).rejects.toThrow('no such session')
  await expect(next).resolves.toBe('in')
})
