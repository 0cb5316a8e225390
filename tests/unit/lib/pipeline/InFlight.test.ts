import { expect, test, vi } from 'vitest'
import { InFlight } from '@/lib/pipeline/InFlight'

test('draining waits for all that runs', async () => {
  const inFlight = new InFlight()
  inFlight.begin()
  inFlight.begin()
  const drained = vi.fn()
  const draining = inFlight.drain().then(drained)
  expect(inFlight.isDraining).toBe(true)

  inFlight.end()
  await new Promise(setImmediate)
  expect(drained).not.toHaveBeenCalled()
  inFlight.end()
  await draining
  expect(drained).toHaveBeenCalled()
})

test('with nothing under way there is nothing to wait for; until then it does not drain', async () => {
  const inFlight = new InFlight()
  expect(inFlight.isDraining).toBe(false)
  inFlight.begin()
  inFlight.end()
  await inFlight.drain()
  expect(inFlight.isDraining).toBe(true)
})
