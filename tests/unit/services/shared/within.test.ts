import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { within } from '@/services/shared/within'

test('work that hears of no end is left when its time is up, and when all ends', async () => {
  const all = new AbortController()
  const deaf = () => new Promise<never>(() => {})
  await expect(within(5, all.signal, deaf)).rejects.toThrow('within 0.005 s')
  const ended = within(60_000, all.signal, deaf)
  all.abort(new Error('It stops.'))
  await expect(ended).rejects.toThrow('It stops.')
  await expect(within(60_000, all.signal, deaf)).rejects.toThrow('It stops.')
})

test('what is done in time is told, and leaves nothing behind', async () => {
  const { signal } = new AbortController()
  expect(await within(60_000, signal, async () => 'done')).toBe('done')
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
